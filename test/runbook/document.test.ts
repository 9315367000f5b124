import fc from 'fast-check';
import type { Nodes } from 'mdast';
import remarkFrontmatter from 'remark-frontmatter';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { expect, it } from 'vitest';
import { ParseError } from '../../src/errors.ts';
import { readBlocks } from '../../src/runbook/document.ts';
import { collectProblems } from '../../src/runbook/problems.ts';
import { sourceText } from '../../src/runbook/source-text.ts';

interface Seen {
  readonly fences: readonly string[];
  readonly html: readonly string[];
}

/** The fences and HTML blocks that remark sees when it is given the document as it is, in one go. */
function seenByRemark(source: string): Seen {
  const seen = { fences: [] as string[], html: [] as string[] };
  const visit = (node: Nodes): void => {
    const start = node.position?.start.offset ?? 0;
    if (node.type === 'code' && /[`~]/.test(source[start] ?? '')) seen.fences.push(`${start} ${node.value}`);
    if (node.type === 'html') seen.html.push(`${start} ${node.position?.end.offset}`);
    if ('children' in node && node.type !== 'paragraph' && node.type !== 'heading') node.children.forEach(visit);
  };
  visit(unified().use(remarkParse).use(remarkFrontmatter).parse(source));
  return { ...seen, fences: seen.fences.map((fence) => fence.replaceAll(/\r\n?/g, '\n')) };
}

/** The same of the room's own reader; of a fence that is never closed only the place. */
function seenByUs(source: string): Seen {
  const problems = collectProblems('doc.md', sourceText(source));
  const blocks = readBlocks(problems);
  const fences = blocks.flatMap((block) =>
    block.kind === 'fence' ? [`${block.start} ${block.lines.map((line) => line.text).join('\n')}`] : [],
  );
  const html = blocks.flatMap((block) => (block.kind === 'html' ? [`${block.start} ${block.end}`] : []));
  return { fences: [...fences, ...unclosed(problems.text.lineStarts, problems.throwIfAny)], html };
}

function unclosed(lineStarts: readonly number[], throwIfAny: () => void): string[] {
  try {
    throwIfAny();
    return [];
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return error.diagnostics.map(({ position }) => `${(lineStarts[position.line - 1] ?? 0) + position.column - 1} `);
  }
}

const leads = [
  '',
  '',
  '',
  ' ',
  '  ',
  '   ',
  '    ',
  '      ',
  '\t',
  '> ',
  '>',
  '- ',
  '  - ',
  '* ',
  '10. ',
  '1) ',
  '-\t',
  '> - ',
];
const texts = [
  ...[
    'a',
    'b c',
    '- a',
    '> a',
    '```',
    '```sh',
    '````',
    '~~~',
    '# h',
    '<!-- x',
    'x -->',
    '<div>',
    '</div>',
    '<b',
    '---',
    '===',
  ],
  ...[
    'a <b> `c` \\[d]',
    '[a]: b',
    '![x](y)',
    '&amp; *x*',
    '*a* <!-- y -->',
    '<![CDATA[',
    'a ]]> b',
    '**',
    '_ _ _',
    '\\```',
  ],
  ...['', '', '', '', '1. a', '2. b', '$ a', '*a', '<?x', '?>', '<script>', '</script>', 'a>', '+', '`a`', '- - -'],
];
const line = fc.tuple(fc.constantFrom(...leads), fc.constantFrom(...texts)).map((parts) => parts.join(''));
const few = fc.array(line, { maxLength: 25 });
const many = fc.array(line, { minLength: 600, maxLength: 1200, size: 'max' });

it.each([
  ['a few lines', few, 1000],
  ['more lines than are parsed at once', many, 8],
] as const)('sees in %s what remark sees in the whole', (_, documents, numRuns) => {
  fc.assert(
    fc.property(documents, fc.constantFrom('\n', '\r\n'), (lines, ending) => {
      const source = lines.join(ending);
      const [ours, theirs] = [seenByUs(source), seenByRemark(source)];
      expect(ours.html).toEqual(theirs.html);
      // mdast drops an empty line at the end of a block; ours counts it.
      const closed = new Map(theirs.fences.map((fence) => [fence.split(' ', 1)[0], fence]));
      expect(ours.fences.length).toBe(theirs.fences.length);
      for (const fence of ours.fences) {
        const [start = ''] = fence.split(' ', 1);
        const value = closed.get(start);
        expect(value).toBeDefined();
        if (fence !== `${start} `) expect(fence.replace(/\n+$/, '')).toBe(value?.replace(/\n+$/, ''));
      }
    }),
    { numRuns },
  );
});
