import { createHash } from 'node:crypto';
import { type DefaultTreeAdapterTypes, html as names, parse } from 'parse5';
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/events.ts';
import { events, hostile, path, recorded, resultOf, run, runbook, step, told } from './run-events.ts';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** All elements of a page, in its order, after a browser's parser. */
function elementsOf(html: string): Element[] {
  const found: Element[] = [];
  const errors: string[] = [];
  const visit = (node: Node): void => {
    if ('tagName' in node) found.push(node);
    if ('childNodes' in node) for (const child of node.childNodes) visit(child);
  };
  visit(parse(html, { onParseError: ({ code }) => errors.push(code) }));
  expect(errors).toEqual([]);
  return found;
}

const attribute = (element: Element, name: string) => element.attrs.find((one) => one.name === name)?.value;

function textOf(node: Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

describe.each([
  ['a real run', recorded()],
  ['hostile texts', hostile(recorded())],
  ['a run in which nothing was checked', [...events([], 'empty', 'nothing was checked')]],
])('the page of %s', (_, all) => {
  test('has no script, loads nothing and has no style but its own', async () => {
    const elements = elementsOf(await told('html', all, { timings: true }));
    for (const { tagName, attrs, namespaceURI } of elements) {
      expect(namespaceURI).toBe(names.NS.HTML);
      expect(['script', 'img', 'iframe', 'object', 'embed', 'link', 'form', 'base', 'svg', 'b onclick']).not.toContain(
        tagName,
      );
      expect(attrs.filter(({ name }) => name.startsWith('on') || name === 'style' || name === 'src')).toEqual([]);
    }
    const hrefs = elements.map((element) => attribute(element, 'href')).filter((href) => href !== undefined);
    expect(hrefs.filter((href) => !/^(?:#|https:)/.test(href))).toEqual([]);
    const policy = elements.find((element) => attribute(element, 'http-equiv') === 'Content-Security-Policy');
    const style = elements.filter(({ tagName }) => tagName === 'style').map(textOf);
    const hash = createHash('sha256').update(style.join('')).digest('base64');
    expect(attribute(policy as Element, 'content')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
  });

  test('has an anchor for each step, once, and links that lead to one', async () => {
    const elements = elementsOf(await told('html', all, { timings: true }));
    const ids = elements.map((element) => attribute(element, 'id')).filter((id) => id !== undefined);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [number, runbook] of resultOf(all).runbooks.entries()) {
      for (const { index, status } of runbook.steps) {
        const section = elements.find((element) => attribute(element, 'id') === `r${number + 1}-s${index}`);
        expect(attribute(section as Element, 'class')).toBe(`step ${status}`);
      }
    }
    const links = elements.map((element) => attribute(element, 'href')).filter((href) => href?.startsWith('#'));
    expect(links.filter((href) => !ids.includes(href?.slice(1) ?? ''))).toEqual([]);
  });

  test('has no character that is not seen', async () => {
    expect(await told('html', all)).not.toMatch(
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]|\p{Surrogate}/u,
    );
  });
});

describe('the document', () => {
  test('is shown rendered, each step below its lines', async () => {
    const elements = elementsOf(await told('html', recorded()));
    const article = elements.find((element) => attribute(element, 'id') === 'r2') as Element;
    const inOrder = textOf(article).replace(/\s+/g, ' ');
    expect(inOrder).toMatch(
      /Passes Values are read.* \$ echo 192\.0\.2\.7 server\.example\.com .*✓ passed.*\$ printf 'a\\nb\\n' a \.\.\.✓ passed.*lines: 2, as expected.*seq 100✓ passed/,
    );
    expect(elements.filter(({ tagName }) => tagName === 'table')).toHaveLength(1);
    expect(elements.some((element) => element.tagName === 'em' && textOf(element) === 'emphasis')).toBe(true);
  });

  test('shows its own HTML as text, and not its comments', async () => {
    const html = await told('html', recorded());
    expect(textOf(parse(html))).toContain('<b onclick="alert(1)">raw HTML</b>');
    expect(html).not.toContain('a remark');
    expect(html).not.toContain('javascript:');
  });

  test('shows what failed: difference, output, exit status', async () => {
    const elements = elementsOf(await told('html', recorded()));
    const section = elements.find((element) => attribute(element, 'id') === 'r1-s1') as Element;
    expect(textOf(section)).toContain('- nothing of that\n+ ]]>\n+ </script>\n+ ::error file=x::smuggled\n');
    const open = elements.filter((element) => element.tagName === 'details' && attribute(element, 'open') === '');
    expect(open.length).toBe(5);
  });
});

describe('links within a document', () => {
  /** The page of a run of documents with these texts. */
  const pageOf = async (...sources: readonly string[]): Promise<Element[]> => {
    const paths = sources.map((_, index) => `${index}.md`);
    const starts = sources.map((source, index): RunEvent => {
      return { type: 'runbook:start', path: paths[index] ?? '', title: '', lab: '', steps: 0, source };
    });
    const result = run(
      paths.map((path) => runbook([], { path })),
      'passed',
    );
    return elementsOf(await told('html', [...starts, { type: 'run:end', run: result }]));
  };
  const source = [
    '# A guide ![badge](x.png)',
    '[to](#usage) [twice](#usage-1) [case](#Usage) [zh](#%E7%94%A8%E6%B3%95) [raw](#用法) [code](#the---json-option)',
    'A note[^1] and[^1] another[^ä].\n\n[^1]: One.\n[^ä]: Two.',
    '[nowhere](#none) [step](#r2-s0) [other](#r2.usage) [bad](#%ff) [theme](#theme-dark) [empty](#)',
    ...[
      'Usage',
      'Usage',
      '用法',
      'The `--json` option',
      's0',
      'note.fn-1',
      'footnote label',
      '"><b onclick=x>\u202e',
    ].map((title) => `## ${title}`),
  ].join('\n\n');

  test('lead to its headings as on GitHub, and to its footnotes', async () => {
    const elements = await pageOf(source, source);
    const ids = elements.map((element) => attribute(element, 'id')).filter((id) => id !== undefined);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[\p{L}\p{N}.%-]+$/u);
    for (const number of ['r1', 'r2']) {
      const leads = elements.flatMap((element) => {
        const href = element.tagName === 'a' ? attribute(element, 'href') : undefined;
        return href?.startsWith(`#${number}.`) ? [`${textOf(element)} ${href.slice(`#${number}.`.length)}`] : [];
      });
      expect(leads).toEqual([
        ...['to usage', 'twice usage-1', 'case usage', 'zh 用法', 'raw 用法', 'code the---json-option'],
        ...['1 note.fn-1', '1 note.fn-1', '2 note.fn-%C3%A4'],
        ...['↩ note.fnref-1', '↩2 note.fnref-1-2', '↩ note.fnref-%C3%A4'],
      ]);
      for (const lead of leads) expect(ids).toContain(`${number}.${lead.split(' ')[1]}`);
    }
    expect(ids).toContain('r1.a-guide-');
  });

  test('lead nowhere else in the page', async () => {
    const links = (await pageOf(source, source)).filter(({ tagName }) => tagName === 'a');
    const hrefs = ['nowhere', 'step', 'other', 'bad', 'theme', 'empty'].map((name) =>
      links.filter((link) => textOf(link) === name).map((link) => attribute(link, 'href')),
    );
    expect(hrefs.flat().filter((href) => href !== undefined)).toEqual([]);
  });
});

test.each([
  ['is empty', ''],
  ['has another text at its line', 'no\ncode\nhere\n'],
  ['has HTML that swallows what follows', '<plaintext>\n\n```sh\ntrue\n```\n\n<textarea>\n'],
  ['never closes its fence', '```sh\ntrue'],
])('no step is lost when the document %s', async (_, source) => {
  const all: RunEvent[] = [...events([step({ line: 4 }), step({ index: 1, line: 4000 })], 'passed')].map((event) =>
    event.type === 'runbook:start' ? { ...event, source } : event,
  );
  const ids = elementsOf(await told('html', all)).map((element) => attribute(element, 'id'));
  expect(ids).toContain('r1-s0');
  expect(ids).toContain('r1-s1');
});

test('a step with a name of its own says it', async () => {
  const html = await told(
    'html',
    events([step({ name: 'both ends', command: 'ip link' }), step({ index: 1 })], 'passed'),
  );
  expect(html).toContain('<span>both ends · 4 ms · line 12 · on host</span>');
  expect(html).toContain('<span>4 ms · line 12 · on host</span>');
});

test('a document cannot put itself in the place of a step', async () => {
  const source = '# x\n\n```\nnetlab-00000000-0000-0000-0000-000000000000-0\n```\n';
  const all = [...events([step()], 'passed')].map((event) =>
    event.type === 'runbook:start' ? { ...event, source } : event,
  );
  expect(await told('html', all)).toContain('<pre><code>netlab-00000000-');
});

test('output of megabytes is cut in the middle, and it is said', async () => {
  const html = await told('html', events([step({ stdout: `first\n${'x\n'.repeat(2_000_000)}last\n` })], 'passed'));
  expect(html.length).toBeLessThan(200_000);
  expect(html).toMatch(/first\n[\s\S]*\[3900011 characters are left out here\][\s\S]*last/);
  expect(html).toContain(path);
});
