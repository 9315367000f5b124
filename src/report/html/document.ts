import { randomUUID } from 'node:crypto';
import GithubSlugger from 'github-slugger';
import type { Nodes, Parents, Root, RootContent } from 'mdast';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import rehypeStringify from 'rehype-stringify';
import remarkFrontmatter from 'remark-frontmatter';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';
import type { StepResult } from '../../events.ts';
import { escapeHtml } from './escape.ts';

/** A longer document is shown as its text: what Markdown's inline syntax takes grows faster than it. */
const markdownLimit = 1_000_000;

const parser = unified().use(remarkParse).use(remarkFrontmatter, ['yaml']).use(remarkGfm).freeze();
/** `prefix` comes before each id; no heading has an id like those of footnotes, which have a dot. */
const rendererOf = (prefix: string) =>
  unified()
    .use(remarkRehype, { clobberPrefix: 'note.' })
    .use(rehypeSanitize, { ...defaultSchema, clobberPrefix: prefix })
    .use(rehypeStringify);

/** A part of a document as HTML. */
type HtmlNode = ReturnType<ReturnType<typeof rendererOf>['runSync']>['children'][number];

/**
 * A document as HTML, with `render(step)` below the lines of each step. Its own HTML is shown as text, its comments are
 * left out unless they hide steps, and links lead nowhere but to web pages and to its own headings and footnotes, whose ids
 * begin with `prefix`. No step is lost: those whose lines are not found come at the end.
 */
export function documentHtml(
  source: string,
  steps: readonly StepResult[],
  prefix: string,
  render: (step: StepResult) => string,
): string {
  const tree: Root = source.length > markdownLimit ? asText(source) : parser.parse(source);
  const sourceLines = source.split(/\r\n|\n|\r/);
  const waiting = new Set(steps);
  // The parts that are HTML already wait outside, so that everything from the document is sanitised.
  const token = `netlab-${randomUUID()}-`;
  const parts: string[] = [];
  const stand = (html: string): RootContent => ({ type: 'code', value: `${token}${parts.push(html) - 1}` });

  const slugger = new GithubSlugger();

  function convert(node: RootContent, parent: Parents): RootContent[] {
    if (node.type === 'code' || node.type === 'html') {
      const inside = stepsIn(node, waiting);
      if (inside.length > 0) {
        for (const step of inside) waiting.delete(step);
        return [stand(blockHtml(node, inside, sourceLines, render))];
      }
    }
    if (node.type === 'yaml') return [stand(folded('front matter', node.value))];
    if (node.type === 'html') {
      if (node.value.startsWith('<!--')) return [];
      const isBlock = parent.type === 'root' || parent.type === 'blockquote' || parent.type === 'listItem';
      return [isBlock ? { type: 'code', value: node.value } : { type: 'inlineCode', value: node.value }];
    }
    // No picture can be in a file that stands for itself and loads nothing.
    if (node.type === 'image') {
      return [
        { type: 'link', url: node.url, children: [{ type: 'text', value: `[picture: ${node.alt || node.url}]` }] },
      ];
    }
    if (node.type === 'imageReference') return [{ type: 'text', value: `[picture: ${node.alt || node.identifier}]` }];
    if (node.type === 'heading') node.data = { hProperties: { id: slugger.slug(wordsOf(node)) || undefined } };
    if ('children' in node) convertChildren(node);
    return [node];
  }

  function convertChildren(node: Parents): void {
    (node as { children: RootContent[] }).children = node.children.flatMap((child) => convert(child, node));
  }

  convertChildren(tree);
  const used = new Set<number>();
  const renderer = rendererOf(prefix);
  const rendered = renderer.runSync(tree);
  linkWithin(rendered.children, prefix);
  const html = renderer
    .stringify(rendered)
    .replace(new RegExp(`<pre><code>${token}(\\d+)\\n</code></pre>`, 'g'), (_, index: string) => {
      used.add(Number(index));
      return parts[Number(index)] ?? '';
    });
  const lost = [
    ...parts.filter((_, index) => !used.has(index)),
    ...[...waiting].map((step) => `${lonely(step)}${render(step)}`),
  ];
  return lost.length === 0 ? html : `${html}\n${lost.join('')}`;
}

/** What a reader sees of a heading, without its pictures: what GitHub makes its address of. */
function wordsOf(node: Nodes): string {
  if (node.type === 'text' || node.type === 'inlineCode') return node.value;
  return 'children' in node ? node.children.map(wordsOf).join('') : '';
}

/** Lets links within a document lead to its own ids, and to nowhere else in the page; no id is there twice. */
function linkWithin(nodes: readonly HtmlNode[], prefix: string): void {
  const ids = new Set<string>();
  const links: (HtmlNode & { type: 'element' })[] = [];
  const visit = (node: HtmlNode): void => {
    if (node.type !== 'element') return;
    const { id, href } = node.properties;
    if (ids.has(String(id))) delete node.properties['id'];
    else if (id) ids.add(String(id));
    if (String(href).startsWith('#')) links.push(node);
    node.children.forEach(visit);
  };
  nodes.forEach(visit);
  for (const { properties } of links) {
    const asked = String(properties['href']).slice(1);
    const id = [asked, decoded(asked), decoded(asked).toLowerCase()]
      .map((name) => prefix + name)
      .find((id) => ids.has(id));
    if (id === undefined) delete properties['href'];
    else properties['href'] = `#${id}`;
  }
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function asText(source: string): Root {
  const end = { line: source.split(/\r\n|\n|\r/).length, column: 1 };
  return {
    type: 'root',
    children: [{ type: 'html', value: source, position: { start: { line: 1, column: 1 }, end } }],
  };
}

function stepsIn(node: Nodes, steps: Iterable<StepResult>): StepResult[] {
  const { start, end } = node.position ?? { start: { line: 0 }, end: { line: -1 } };
  return [...steps].filter(({ line }) => line >= start.line && line <= end.line);
}

/** A block's lines, divided where its steps begin, and what came of each below its own. */
function blockHtml(
  node: RootContent & { readonly value: string },
  steps: readonly StepResult[],
  sourceLines: readonly string[],
  render: (step: StepResult) => string,
): string {
  const lines = node.value.split(/\r\n|\n|\r/);
  const start = node.position?.start.line ?? 1;
  const opening = sourceLines[start - 1] ?? '';
  const isFenced = node.type === 'code' && /^[\s>*+\-\d.)]*(?:`{3}|~{3})/.test(opening);
  const first = start + (isFenced ? 1 : 0);
  const begins = [...new Set(steps.map(({ line }) => line))].sort((a, b) => a - b);
  const piece = (from: number, to: number): string => {
    const text = lines.slice(Math.max(0, from - first), Math.max(0, to - first)).join('\n');
    return text.trim() === '' ? '' : `<pre class="lines" tabindex="0">${escapeHtml(text)}</pre>`;
  };
  const pieces = begins.map((line, index) => {
    const told = steps.filter((step) => step.line === line).map(render);
    return piece(line, begins[index + 1] ?? first + lines.length) + told.join('');
  });
  const hidden = node.type === 'html' ? '<p class="hidden">not seen by readers of the document</p>' : '';
  return `<div class="block">${hidden}${piece(first, begins[0] ?? first)}${pieces.join('')}</div>`;
}

function lonely(step: StepResult): string {
  if (step.command.trim() === '') return '';
  return `<pre class="lines" tabindex="0">${escapeHtml(step.command)}</pre>`;
}

function folded(title: string, text: string): string {
  return `<details class="front"><summary>${title}</summary><pre>${escapeHtml(text)}</pre></details>`;
}
