import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParseError } from '../../src/errors.ts';
import { MAX_DOCUMENT_LENGTH, MAX_DOCUMENT_LINES } from '../../src/runbook/bounds.ts';
import { MAX_ERRORS } from '../../src/runbook/problems.ts';
import type { Runbook } from '../../src/runbook/types.ts';
import { MAX_YAML_LENGTH } from '../../src/runbook/yaml-block.ts';
import { processorTime } from '../processor-time.ts';
import { brief, diagnosticsOf, read, stepsOf, transcript } from './reading.ts';

const repeat = (text: string, length: number): string => text.repeat(Math.ceil(length / text.length)).slice(0, length);

/** An exercise of this many tasks, each of ten lines. */
const tasks = (count: number): string =>
  Array.from(
    { length: count },
    (_, index) => `# T${index} {exercise}\n\n\`\`\`sh check\ntrue\n\`\`\`\n\n\`\`\`sh solution\ntrue\n\`\`\`\n`,
  ).join('\n');

describe('a document that is too large is refused', () => {
  it.each([
    ['a'.repeat(MAX_DOCUMENT_LENGTH + 1), 'document-too-large 1:1', '1 MiB'],
    ['\n'.repeat(MAX_DOCUMENT_LINES), 'document-too-long 1:1', `${MAX_DOCUMENT_LINES}`],
    [`---\ntitle: ${'a'.repeat(MAX_YAML_LENGTH)}\n---\n`, 'yaml-too-large 1:1', `${MAX_YAML_LENGTH}`],
    [`---\ntags: ${'['.repeat(65)}\n---\n`, 'yaml-too-deep 2:71', '64'],
    [`\`\`\`sh {name=x ${'a=b '.repeat(101)}}\n\`\`\`\n`, 'too-many-attributes 1:411', '100'],
    [transcript(...Array.from({ length: 40 }, (_, index) => `h${index}# a`)), 'nested-too-deeply 34:1', '32'],
    [tasks(101), 'too-many-tasks 1001:1', '100'],
  ])('case %#', (source, problem, limit) => {
    const told = diagnosticsOf(source).filter(
      ({ rule }) => !/^(?:unknown-attribute|duplicate-attribute|outside-task)$/.test(rule),
    );
    expect(told.filter(({ rule }) => rule !== 'and-more').map(brief)).toEqual([problem]);
    expect(told[0]?.message).toContain(limit);
  });

  it('and of many errors the first hundred are told, the others counted', () => {
    const problems = diagnosticsOf('```sh {timeout=x}\na\n```\n'.repeat(250));
    expect(problems).toHaveLength(MAX_ERRORS + 1);
    expect(problems.at(-1)).toMatchObject({ rule: 'and-more', message: 'and 150 more', position: { line: 301 } });
  });

  it('but long lists and quotes are not, however many, and what follows them is read', () => {
    const list = '- a\n  - b\n'.repeat(2000);
    const quote = '> a\n>\n'.repeat(2000);
    const inside = ['- a', '', '  ```console', '  $ echo a', '  a', '  ```', ''].join('\n');
    const steps = stepsOf(`${`${list}# x\n${quote}\n`.repeat(5)}${transcript('$ last')}${inside.repeat(1000)}`);
    expect(steps).toHaveLength(1001);
    expect(steps[1000]).toMatchObject({ command: 'echo a', expected: { lines: ['a'] } });
  });

  it('but long output is not', () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => `${' '.repeat(index % 3)}${index}: <link>`);
    expect(stepsOf(transcript('$ a', ...lines))[0]?.expected?.lines).toEqual(lines);
  });
});

// Without the bounds several of these take minutes.
it.each([
  ...[
    '>',
    '- > ',
    '> - ',
    '*a **b ',
    '[',
    '![',
    'a `` b ` c ``` ',
    '<a ',
    '&a',
    '_ ',
    '- ',
    '#',
    '`',
    '\\',
    'a ',
    '\t',
  ],
  ...[
    '- *a\n\n',
    '> a\n<b\n\n',
    '- a\n',
    '1. a\n',
    '> > > > a\n',
    '<!-- netlab\n',
    '<!-- netlab x -->\n',
    '```sh {a=b\nx\n```\n',
  ],
])('100 kB of %j are read in bounded time', async (text) => {
  expect(await processorTime(() => diagnosticsOf(repeat(text, 100_000)))).toBeLessThan(5);
});

it.each([
  ['YAML of brackets', `---\na: ${'['.repeat(50_000)}\n---\n`],
  ['YAML of mappings', `---\na: ${'{a: '.repeat(50_000)}\n---\n`],
  ['attributes', `\`\`\`sh {${'a=b '.repeat(20_000)}}\nx\n\`\`\`\n`],
  ['quotes in attributes', `\`\`\`sh {a=${'"'.repeat(50_000)}\nx\n\`\`\`\n`],
  ['here-documents', transcript(...Array.from({ length: 5000 }, () => '$ cat <<A'))],
  ['here-documents in a line', transcript(`$ ${'<<A '.repeat(5000)}`, ...Array.from({ length: 5000 }, () => 'x'))],
  ['prompts', transcript(...Array.from({ length: 10_000 }, (_, index) => `h${index}# a`))],
  ['unknown keys', `---\ntitle: x\n${Array.from({ length: 4500 }, (_, index) => `titl${index}: x\n`).join('')}---\n`],
  ['blanks in a heading', `# a${' '.repeat(500_000)}b\n`],
  ['braces in a heading', `# {${'exercise '.repeat(50_000)}\n`],
  ['blanks in a placeholder', transcript('$ a', `{{a:${' '.repeat(500_000)}x`)],
  ['blanks in a task', `# T {exercise}\n\na${' '.repeat(500_000)}b\n`],
  ['tags in a task', `# T {exercise}\n\n${'<details '.repeat(50_000)}\n`],
  ['summaries in a task', `# T {exercise}\n\n<details>${'<summary>'.repeat(50_000)}</details>\n`],
  ['brackets in a summary', `# T {exercise}\n\n<details><summary>${'<'.repeat(500_000)}</summary></details>\n`],
  ['comments in a task', `# T {exercise}\n\n<details>${'<!--'.repeat(100_000)}\n`],
  [
    'tasks',
    Array.from({ length: 10_000 }, (_, index) => `# T${index} {exercise}\n<details>\n\n</details>\n`).join('\n'),
  ],
  [
    'expectations of other steps',
    `\`\`\`sh {name=first}\nx\n\`\`\`\n${'```sh\nx\n```\n```yaml expect {of=first}\nlines: 1\n```\n'.repeat(6000)}`,
  ],
  [
    'sessions',
    Array.from({ length: 15_000 }, (_, index) => `\`\`\`console {session=s${index}}\n$ a\n\`\`\`\n`).join(''),
  ],
  [
    'networks of one node',
    [
      '---\nlab:\n  nodes: { a: , br: { kind: bridge } }\n  links:',
      ...Array.from({ length: 1000 }, (_, index) => {
        return `  - { endpoints: [a:e${index}, br], addresses: [10.${index >> 8}.${index & 255}.1/24] }`;
      }),
      '---\n',
    ].join('\n'),
  ],
])('pathological %s are read in bounded time', async (_, source) => {
  expect(await processorTime(() => diagnosticsOf(source))).toBeLessThan(2);
});

const pieces = [
  ...[
    '```',
    '~~~',
    '````',
    'sh',
    'console',
    'yaml expect',
    'text output',
    ' ',
    '  ',
    '    ',
    '\t',
    '\n',
    '\n\n',
    '\r\n',
    '\r',
  ],
  ...[
    '> ',
    '- ',
    '1. ',
    '* ',
    '# ',
    '$ ',
    '/ # ',
    'ls',
    'a: b',
    'exit: 0',
    '...',
    '[1]',
    '{',
    '}',
    'name=x',
    'tty',
    '"',
    '---\n',
  ],
  ...[
    '<!-- netlab',
    '-->',
    '<!--',
    '<div>',
    '</div>',
    '===',
    '\0',
    '\uFEFF',
    '\uD800',
    '<<EOF',
    'EOF',
    '\\',
    'é',
    '[a]: b',
    '`',
  ],
];
const markdown = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(''));
const lines = fc
  .array(
    fc.tuple(
      fc.constantFrom('', '', ' ', '  ', '   ', '    ', '      ', '\t', '> ', '- ', '  - ', '10. ', '>', '-\t'),
      fc.constantFrom(
        'a',
        'b c',
        '- a',
        '> a',
        '```',
        '```sh',
        '~~~',
        '# h',
        '<!-- netlab',
        'x -->',
        '<div>',
        '---',
        '',
        '1. a',
        '$ a',
      ),
    ),
    { maxLength: 30 },
  )
  .chain((parts) => fc.constantFrom('\n', '\r\n').map((ending) => parts.map((part) => part.join('')).join(ending)));

function outcome(source: string): Runbook | ParseError {
  try {
    return read(source);
  } catch (error) {
    if (error instanceof ParseError) return error;
    throw error;
  }
}

describe('any text', () => {
  it.each([
    ['of Markdown', markdown],
    ['of lines', lines],
    ['at all', fc.string({ unit: 'binary', maxLength: 300 })],
  ])('%s is a runbook or a ParseError with places and hints', (_, texts) => {
    fc.assert(
      fc.property(texts, (source) => {
        const result = outcome(source);
        const found = result instanceof ParseError ? result.diagnostics : result.warnings;
        const ends = source.split(/\r\n|\n|\r/);
        for (const { rule, message, hint, position } of found) {
          expect(rule).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
          expect(message).not.toBe('');
          expect(hint).toMatch(/\S/);
          expect(position.line).toBeLessThanOrEqual(ends.length);
          expect(position.column).toBeLessThanOrEqual((ends[position.line - 1]?.length ?? 0) + 1);
          expect(Math.min(position.line, position.column)).toBeGreaterThan(0);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('has its steps and outputs where the spans say', () => {
    fc.assert(
      fc.property(lines, (body) => {
        const source = `\`\`\`console\n$ a\n${body.replaceAll(/`|~/g, 'x')}\n\`\`\`\n`;
        const result = outcome(source);
        if (result instanceof ParseError) return;
        for (const { span, command, expected } of result.steps) {
          const written = source.slice(span.start.offset, span.end.offset).split(/\r?\n/);
          expect(command.split('\n').every((line, index) => written[index]?.endsWith(line))).toBe(true);
          if (expected === undefined) continue;
          const text = source.slice(expected.span.start.offset, expected.span.end.offset);
          expect(text.split(/\r?\n/).slice(0, -1)).toEqual(expected.lines);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
