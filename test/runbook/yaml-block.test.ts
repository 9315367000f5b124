import { describe, expect, it } from 'vitest';
import { ParseError } from '../../src/errors.ts';
import { readBlocks } from '../../src/runbook/document.ts';
import { collectProblems } from '../../src/runbook/problems.ts';
import { sourceText } from '../../src/runbook/source-text.ts';
import { readYaml, type YamlBlock } from '../../src/runbook/yaml-block.ts';
import { brief } from './reading.ts';

/** Reads the YAML in the first fence of a document. */
function read(source: string): { readonly yaml: YamlBlock | undefined; readonly told: readonly string[] } {
  const problems = collectProblems('doc.md', sourceText(source));
  const block = readBlocks(problems).find(({ kind }) => kind === 'fence');
  const yaml = block?.kind === 'fence' ? readYaml(block.lines, block.start, 'x', problems) : undefined;
  try {
    problems.throwIfAny();
    return { yaml, told: [] };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { yaml, told: error.diagnostics.map((each) => `${brief(each)} ${each.message}`) };
  }
}

const fenced = (...lines: readonly string[]): string => ['```yaml', ...lines, '```', ''].join('\n');

describe('a place in YAML', () => {
  const source = fenced('a: 1', 'b:', '  c: [x, yy, { d: z }]', '"e f": g', '3: h');
  const { yaml } = read(source);
  const rest = (offset: number | undefined): string => source.slice(offset).split('\n', 1)[0] ?? '';

  it.each<[readonly PropertyKey[], string, string]>([
    [['a'], 'a: 1', '1'],
    [['b'], 'b:', 'c: [x, yy, { d: z }]'],
    [['b', 'c'], 'c: [x, yy, { d: z }]', '[x, yy, { d: z }]'],
    [['b', 'c', 1], 'yy, { d: z }]', 'yy, { d: z }]'],
    [['b', 'c', 2, 'd'], 'd: z }]', 'z }]'],
    [['e f'], '"e f": g', 'g'],
    [['3'], '3: h', 'h'],
    [[3], '3: h', 'h'],
    [[], 'a: 1', 'a: 1'],
    [['nowhere'], 'a: 1', 'a: 1'],
    [['b', 'nowhere'], 'c: [x, yy, { d: z }]', 'c: [x, yy, { d: z }]'],
    [['b', 'c', 7], '[x, yy, { d: z }]', '[x, yy, { d: z }]'],
    [['a', 'deeper'], '1', '1'],
  ])('%j', (path, key, value) => {
    expect([rest(yaml?.keyAt(path)), rest(yaml?.valueAt(path))]).toEqual([key, value]);
  });

  it('of a value that is not there is that of its key', () => {
    const empty = fenced('a:', 'b: { c }');
    const placed = read(empty).yaml;
    expect([placed?.valueAt(['a']), placed?.valueAt(['b', 'c'])]).toEqual([
      empty.indexOf('a:') + 2,
      empty.indexOf('c }'),
    ]);
  });

  it.each([
    ['a quote', '> ```yaml\n> a: 1\n> b: 2\n> ```\n'],
    ['a list', '- ```yaml\n  a: 1\n  b: 2\n  ```\n'],
    ['a list with tabs', '-\t```yaml\n\ta: 1\n\tb: 2\n\t```\n'],
    ['the line ends of Windows', fenced('a: 1', 'b: 2').replaceAll('\n', '\r\n')],
  ])('is that of the document, in %s', (_, text) => {
    const placed = read(text).yaml;
    expect([placed?.keyAt(['a']), placed?.keyAt(['b']), placed?.valueAt(['b'])]).toEqual([
      text.indexOf('a: '),
      text.indexOf('b: '),
      text.indexOf('2'),
    ]);
  });
});

describe('YAML', () => {
  it.each([
    [['a: 1'], { a: 1 }],
    [
      ['- 1', '- b'],
      [1, 'b'],
    ],
    [['a: 0x10', 'b: 1e3', 'c: yes', 'd: ~', 'e: 2026-01-01'], { a: 16, b: 1000, c: 'yes', d: null, e: '2026-01-01' }],
    [[''], null],
    [['# only this'], null],
    [[`a: ${'['.repeat(64)}${']'.repeat(64)}`], expect.anything()],
    [[`a: ${'[]'.repeat(1)}`, ...Array.from({ length: 100 }, (_, index) => `b${index}: [{}]`)], expect.anything()],
  ])('%j is %j', (lines, value) => {
    expect(read(fenced(...lines))).toMatchObject({ yaml: { value }, told: [] });
  });

  it.each([
    [['a: b: c'], ['bad-yaml 2:4']],
    [['a: 1', 'b: [1'], ['bad-yaml 3:6']],
    [['a: 1', 'a: 2'], ['bad-yaml 3:1 x: a key is given twice']],
    [['b:', '  a: 1', '  "a": 2'], ['bad-yaml 4:3 x: a key is given twice']],
    [['1: a', '"1": b'], ['bad-yaml 3:1 x: a key is given twice']],
    [['[a]: 1'], ['bad-yaml 2:1 x: a key must be a text, not a list or a map']],
    [['a: { { b: c }: d }'], ['bad-yaml 2:6 x: a key must be a text, not a list or a map']],
    [['a: &b 1'], ['yaml-alias 2:7 x: YAML anchors and aliases are refused']],
    [['a: &b { c: 1 }'], ['yaml-alias 2:7 x: YAML anchors and aliases are refused']],
    [['a: 1', 'b: *a'], ['yaml-alias 3:4 x: YAML anchors and aliases are refused']],
    [[`a: ${'['.repeat(65)}`], ['yaml-too-deep 2:68 x: YAML nested more than 64 deep']],
    [[`a: ${'{'.repeat(65)}`], ['yaml-too-deep 2:68 x: YAML nested more than 64 deep']],
    [['a'.repeat(65_537)], ['yaml-too-large 1:1 x: 65537 characters of YAML; the limit is 65536']],
    [['--- 1', '--- 2'], ['bad-yaml 3:1']],
  ])('%j is refused', (lines, problems) => {
    const { yaml, told } = read(fenced(...lines));
    expect(yaml).toBeUndefined();
    expect(told.map((each, index) => each.slice(0, problems[index]?.length))).toEqual(problems);
  });

  it('of many mistakes tells the first twenty', () => {
    expect(read(fenced(...Array.from({ length: 60 }, () => '@'))).told.length).toBeLessThanOrEqual(20);
  });
});
