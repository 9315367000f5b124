import { describe, expect, it } from 'vitest';
import { diagnosticsOf, problemsOf, read, stepOf, stepsOf } from './reading.ts';

const script = (info: string): string => `\`\`\`sh ${info}\nx\n\`\`\`\n`;
/** The same in a document that is netlab's, whatever the attribute is. */
const own = (info: string): string => `${script(info)}\n<!-- netlab -->\n`;

it.each([
  ['{name=x}', { name: 'x' }],
  ['{name="two words"}', { name: 'two words' }],
  ["{name='a \\ b'}", { name: 'a \\ b' }],
  ['{name="a \\"b\\" \\d"}', { name: 'a "b" \\d' }],
  ['{timeout: 10s, session: other}', { timeoutMs: 10_000, session: 'other' }],
  ['{"name":"x","timeout":"500ms"}', { name: 'x', timeoutMs: 500 }],
  ['{ "tty": true, "continue": false }', { tty: true, continue: false }],
  ['{timeout=1m30s eventually=2m}', { timeoutMs: 90_000, eventuallyMs: 120_000 }],
  ['{exit=3 match=contains stream=stderr}', { exit: 3, match: 'contains', stream: 'stderr' }],
  ['{skip}', { skip: '' }],
  ['{skip="not here"}', { skip: 'not here' }],
  ['{if=ipv6}', { if: 'ipv6' }],
  ['{setup}', { phase: 'setup' }],
  ['{interrupt=2s}', { interrupt: { afterMs: 2000 } }],
  ['{interrupt=/64 bytes.*seq=2\\/x/}', { interrupt: { pattern: '64 bytes.*seq=2/x' } }],
  ['{background ready=/listening on \\d+/}', { background: { ready: 'listening on \\d+' } }],
  ['{background}', { background: { ready: undefined } }],
  ['{stdin="a b" cwd=/tmp}', { stdin: 'a b', cwd: '/tmp' }],
  ['{env.A=1 env.B="x=y"}', { env: { A: '1', B: 'x=y' } }],
  ['{node=node1}', { node: 'node1' }],
  ['{exercise="ping it"}', { exit: 0 }],
  ['{exit=0}', { exit: 0 }],
  ['{exit=255}', { exit: 255 }],
  ['{skip=false}', { skip: undefined }],
  ['{skip=true}', { skip: '' }],
  ['{stdin=""}', { stdin: '' }],
  ['{setup=false}', { phase: 'main' }],
  ['{background=true ready="a b"}', { background: { ready: 'a b' } }],
  ['{interrupt="2s"}', { interrupt: { afterMs: 2000 } }],
  ['{interrupt=/2s/}', { interrupt: { pattern: '2s' } }],
  ['{env._a1=x}', { env: { _a1: 'x' } }],
  ['teardown', { phase: 'teardown' }],
  ['setup continue', { phase: 'setup', continue: true }],
  ['name=x', { name: 'x' }],
  ['{1,3-5} {name=x}', { name: 'x' }],
  [
    '',
    { name: 'x', session: 'main', timeoutMs: 30_000, exit: 0, match: 'exact', stream: 'both', phase: 'main', env: {} },
  ],
])('sh %s', (info, expected) => {
  expect(stepOf(script(info))).toMatchObject(expected);
});

it('tells what is wrong with a pattern, in few words', () => {
  const told = (info: string): string => diagnosticsOf(script(info))[0]?.message ?? '';
  expect(told('{interrupt=/(/}')).toBe(
    '"interrupt" takes a regular expression (Invalid regular expression: /(/: Unterminated group)',
  );
  const long = told(`{interrupt=/${'a'.repeat(500)}(/}`);
  expect(long).toMatch(/^"interrupt" takes a regular expression \(a+\(\/: Unterminated group\)$/);
  expect(long.length).toBe('"interrupt" takes a regular expression ()'.length + 200);
});

it('tells an unknown attribute by its first sixty characters', () => {
  expect(diagnosticsOf(own(`{${'x'.repeat(70)}=1}`))[0]?.message).toBe(`unknown attribute "${'x'.repeat(60)}"`);
});

it('settles rules for its block', () => {
  expect(read(script('{lint.a-b=off lint.c=error}')).lint).toMatchObject([
    { rule: 'a-b', level: 'off', span: { start: { column: 8 }, end: { column: 16 } }, block: { start: { line: 1 } } },
    { rule: 'c', level: 'error', span: { start: { column: 21 } } },
  ]);
  expect(read(script('{name=x}')).lint).toBeUndefined();
});

it('stands right after the language too', () => {
  expect(stepOf('```sh{name=x}\ny\n```\n')).toMatchObject({ name: 'x', command: 'y' });
  expect(stepOf('~~~  bash   {name=x}\ny\n~~~\n')).toMatchObject({ name: 'x' });
});

describe('refuses', () => {
  it.each([
    ['{tiemout=5s}', 'unknown-attribute 1:8', 'Did you mean "timeout"?'],
    ['{name=x nmae=y}', 'unknown-attribute 1:15', 'Did you mean "name"?'],
    ['{nothing-like-it}', 'unknown-attribute 1:8', 'Known: name'],
    ['teradown', 'unknown-attribute 1:7', 'Did you mean "teardown"?'],
    ['{timeout=5}', 'bad-attribute-value 1:16', 'Correct'],
    ['{timeout=0s}', 'bad-attribute-value 1:16', 'Correct'],
    ['{timeout=25h}', 'bad-attribute-value 1:16', 'Correct'],
    ['{exit=256}', 'bad-attribute-value 1:13', 'Correct'],
    ['{match=fuzzy}', 'bad-attribute-value 1:14', 'Correct'],
    ['{tty=maybe}', 'bad-attribute-value 1:12', 'Correct'],
    ['{interrupt=soon}', 'bad-attribute-value 1:18', 'Correct'],
    ['{interrupt=/(/}', 'bad-attribute-value 1:18', 'Correct'],
    ['{ready=/x/}', 'ready-without-background 1:8', 'Write {background'],
    ['{node=node2}', 'unknown-node 1:8', 'Nodes that can run commands: node1.'],
    ['{name=x', 'bad-attribute 1:7', 'Put a "}"'],
    ['{name=}', 'bad-attribute 1:8', 'Write name=value'],
    ['{="x"}', 'bad-attribute 1:8', 'Write attributes as'],
    ['{name=x name=y}', 'duplicate-attribute 1:15', 'Keep one'],
    ['{env.1=x}', 'unknown-attribute 1:8', 'Did you mean "env.X"?'],
    ['{name=""}', 'bad-attribute-value 1:13', 'Correct'],
    ['{node}', 'bad-attribute-value 1:8', 'Correct'],
    ['{cwd=""}', 'bad-attribute-value 1:12', 'Correct'],
    ['{exit=-1}', 'bad-attribute-value 1:13', 'Correct'],
    ['{exit=1x}', 'bad-attribute-value 1:13', 'Correct'],
    ['{exit=x1}', 'bad-attribute-value 1:13', 'Correct'],
    ['{exit=0001}', 'bad-attribute-value 1:13', 'Correct'],
    ['{exit}', 'bad-attribute-value 1:8', 'Correct'],
    ['{stream=out}', 'bad-attribute-value 1:15', 'Correct'],
    ['{interrupt}', 'bad-attribute-value 1:8', 'Correct'],
    ['{background ready}', 'bad-attribute-value 1:19', 'Correct'],
    ['{background ready=""}', 'bad-attribute-value 1:25', 'Correct'],
    ['{background ready=/(/}', 'bad-attribute-value 1:25', 'Correct'],
    ['{background=false ready=/x/}', 'ready-without-background 1:25', 'Write {background'],
    ['{prompt=""}', 'bad-attribute-value 1:15', 'Correct'],
    ['{prompt="a,,b"}', 'bad-attribute-value 1:15', 'Correct'],
    ['{prompt}', 'bad-attribute-value 1:8', 'Correct'],
    ['{env.A}', 'unknown-attribute 1:8', 'Did you mean "env.X"?'],
    ['{env.A-B=x}', 'unknown-attribute 1:8', 'Did you mean "env.X"?'],
    ['{xenv.A=x}', 'unknown-attribute 1:8', 'Did you mean "env.X"?'],
    ['{lint.a=x}', 'bad-attribute-value 1:15', 'Write lint.a=off.'],
    ['{lint.a}', 'bad-attribute-value 1:8', 'Write lint.a=off.'],
    ['{lint.=off}', 'unknown-attribute 1:8', 'Did you mean "hint"?'],
    ['{of=x}', 'misplaced-attribute 1:8', 'Only expect blocks'],
    ['{constructor=x}', 'unknown-attribute 1:8', 'Known'],
    ['{linenos=table}', 'unknown-attribute 1:8', 'Known'],
    ['timout=5s', 'unknown-attribute 1:7', 'Did you mean "timeout"?'],
    ['nmae=x', 'unknown-attribute 1:7', 'Did you mean "name"?'],
    ['name={x}', 'bad-attribute 1:7', 'Write name=value'],
    ['timeout', 'bad-attribute-value 1:7', 'Correct'],
  ])('%s', (info, problem, hint) => {
    expect(problemsOf(own(info))).toEqual([problem]);
    expect(diagnosticsOf(own(info))[0]?.hint).toContain(hint);
  });

  it('the same name twice', () => {
    expect(problemsOf(script('{name=x}') + script('{name=x}'))).toEqual(['duplicate-name 4:8']);
  });
});

it('only warns about words that may be for another tool', () => {
  const { steps, warnings } = read(script('copy title="x.sh" {name=a}'));
  expect(steps[0]?.name).toBe('a');
  expect(warnings.map(({ rule, position }) => [rule, position.column])).toEqual([
    ['unknown-attribute', 7],
    ['unknown-attribute', 12],
  ]);
});

/** As they stand in documents for Docusaurus, Astro, Hugo, Pandoc, runme and others. */
const foreign = ['highlight={1}', 'ins={1} del={2}', 'data={{ a: [1] }}', 'frame="none"', 'exec', 'title=', 'cmd="x"'];
const foreignInBraces = [
  ...['{linenos=table,hl_lines=[8,"15-17"]}', '{.bash #x}', "{{ title: 'x' }}", '{"id":"01HF7B0"}', '{unclosed'],
  ...['session', 'node if', '{nothing-like-it}', '{foo=}'],
];

describe('another tool has', () => {
  it.each(foreign)('%s, of which is only warned', (info) => {
    for (const source of [script(info), own(info)]) {
      expect(problemsOf(source)).toEqual([]);
      expect(stepOf(source)).toMatchObject({ command: 'x', exit: 0 });
      expect(new Set(read(source).warnings.map(({ rule }) => rule))).toEqual(new Set(['unknown-attribute']));
    }
  });

  it.each(foreignInBraces)('%s, of which is only warned in a document that says nothing to netlab', (info) => {
    expect(problemsOf(script(info))).toEqual([]);
    expect(stepOf(script(info)).command).toBe('x');
    expect(read(script(info)).note).toBe('not written for netlab: of 1 of 1 steps only the status is checked');
    expect(new Set(read(script(info)).warnings.map(({ rule }) => rule))).toEqual(new Set(['unknown-attribute']));
    expect(problemsOf(own(info))).not.toEqual([]);
  });

  it.each(['timout=5s', 'nmae=x', '{timout=5s}', '{env.1=x}', '{lint.=off}', 'name={x}', '{name=}'])(
    '%s is a slip, whatever the document',
    (info) => expect(problemsOf(script(info))).toHaveLength(1),
  );
});

it('leaves the words of other languages alone', () => {
  expect(stepsOf('```python {whatever=1} skip\nx\n```\n```ruby title="output"\n```\n')).toEqual([]);
});

it('keeps the parts of an exercise, which are no steps', () => {
  const source =
    '```sh {exercise=ping}\nping x\n```\n```sh {solution=ping}\ny\nz\n```\n```text output\nno\n```\n```console {hint}\n$ q\n```\n';
  const { steps, training } = read(source);
  expect(steps.map((step) => step.command)).toEqual(['ping x']);
  expect(training?.map(({ roles, text }) => [roles, text])).toEqual([
    [{ solution: 'ping' }, 'y\nz'],
    [{}, 'no'],
    [{ hint: '' }, '$ q'],
  ]);
});
