import { describe, expect, it } from 'vitest';
import { diagnosticsOf, problemsOf, read, stepOf, stepsOf } from './reading.ts';

const script = (info: string): string => `\`\`\`sh ${info}\nx\n\`\`\`\n`;

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
    ['{of=x}', 'misplaced-attribute 1:8', 'Only expect blocks'],
    ['{constructor=x}', 'unknown-attribute 1:8', 'Known'],
  ])('%s', (info, problem, hint) => {
    expect(problemsOf(script(info))).toEqual([problem]);
    expect(diagnosticsOf(script(info))[0]?.hint).toContain(hint);
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
