import { randomUUID } from 'node:crypto';
import type { Nodes, Parents, Root, RootContent } from 'mdast';
import rehypeSanitize from 'rehype-sanitize';
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
const renderer = unified().use(remarkRehype).use(rehypeSanitize).use(rehypeStringify).freeze();

/**
 * A document as HTML, with `render(step)` below the lines of each step. Its own HTML is shown as text, its comments are
 * left out unless they hide steps, and links lead nowhere but to web pages. No step is lost: those whose lines are not
 * found come at the end.
 */
export function documentHtml(
  source: string,
  steps: readonly StepResult[],
  render: (step: StepResult) => string,
): string {
  const tree: Root = source.length > markdownLimit ? asText(source) : parser.parse(source);
  const sourceLines = source.split(/\r\n|\n|\r/);
  const waiting = new Set(steps);
  // The parts that are HTML already wait outside, so that everything from the document is sanitised.
  const token = `netlab-${randomUUID()}-`;
  const parts: string[] = [];
  const stand = (html: string): RootContent => ({ type: 'code', value: `${token}${parts.push(html) - 1}` });

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
    if ('children' in node) convertChildren(node);
    return [node];
  }

  function convertChildren(node: Parents): void {
    (node as { children: RootContent[] }).children = node.children.flatMap((child) => convert(child, node));
  }

  convertChildren(tree);
  const used = new Set<number>();
  const html = renderer
    .stringify(renderer.runSync(tree))
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
