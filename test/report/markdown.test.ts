import { parseFragment } from 'parse5';
import rehypeStringify from 'rehype-stringify';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';
import { expect, test } from 'vitest';
import { events, hostile, recorded, step, told } from './run-events.ts';

/** As GitHub would show it. */
function render(markdown: string): string {
  const html = unified()
    .use(remarkParse)
    .use(remarkGfm)
    .use(remarkRehype, { allowDangerousHtml: true })
    .use(rehypeStringify, { allowDangerousHtml: true })
    .processSync(markdown);
  return String(html);
}

/** The names of all elements. */
function elements(html: string): Set<string> {
  const names = new Set<string>();
  const visit = (node: { nodeName: string; childNodes?: unknown[] }): void => {
    if (!node.nodeName.startsWith('#')) names.add(node.nodeName);
    for (const child of node.childNodes ?? []) visit(child as Parameters<typeof visit>[0]);
  };
  visit(parseFragment(html) as Parameters<typeof visit>[0]);
  return names;
}

test('has a row for each runbook, those that did not pass first, and what went wrong below', async () => {
  const text = await told('markdown', recorded());
  const rows = text.split('\n').filter((line) => line.startsWith('| ') && line.includes('<code>'));
  expect(
    rows.map((row) =>
      row
        .split('|')
        .slice(1, 6)
        .map((cell) => cell.trim()),
    ),
  ).toEqual([
    ['💥', '<code>test/report/fixtures/hostile.md</code>', '2', '5', '2'],
    ['⏭️', '<code>test/report/fixtures/skipped.md</code>', '0', '0', '1'],
    ['✅', '<code>test/report/fixtures/passes.md</code>', '3', '0', '0'],
  ]);
  expect(text.match(/<details>/g)).toHaveLength(5);
  expect(render(text)).toContain('<code>test/report/fixtures/hostile.md:24</code>');
});

test.each([
  ['a real run', recorded()],
  ['hostile texts', hostile(recorded())],
])('nothing that a document or a program says is read as Markdown or HTML: %s', async (_, all) => {
  const html = render(await told('markdown', all, { timings: true }));
  const known = ['code', 'details', 'h3', 'p', 'pre', 'summary', 'table', 'tbody', 'td', 'th', 'thead', 'tr'];
  expect([...elements(html)].filter((name) => !known.includes(name))).toEqual([]);
});

test('never exceeds what GitHub takes in a comment, and says what was left out', async () => {
  const steps = Array.from({ length: 500 }, (_, index) =>
    step({ index, line: index, status: 'failed', stdout: 'x'.repeat(300), name: `step ${index}` }),
  );
  const text = await told('markdown', events(steps, 'failed'));
  expect(text.length).toBeLessThanOrEqual(65_536);
  expect(text.length).toBeGreaterThan(60_000);
  expect(text).toMatch(/\d+ more entries do not fit here/);
});
