import { expect, test } from 'vitest';
import { ParseError } from '../../src/errors.ts';
import { parse } from '../../src/runbook/parse.ts';
import type { Runbook } from '../../src/runbook/types.ts';

const lab = ['---', 'lab:', '  nodes: { a: {}, b: {} }', '---', ''].join('\n');

function read(text: string): Runbook {
  const misspellings = (_: string, value: unknown) =>
    JSON.stringify(value)?.includes('exsts')
      ? [{ path: ['eth0', 'exsts'], message: 'is nothing that can be asked', known: ['exists', 'mtu'] }]
      : [];
  const stateKeys = ['interface', 'port'];
  return parse(text, 'doc.md', { expectationKeys: ['exit', 'ping', ...stateKeys], stateKeys, misspellings });
}

function problems(text: string): readonly string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return error.diagnostics.map(({ rule, position, hint }) => `${position.line}:${position.column} ${rule} ${hint}`);
  }
}

const block = (info: string, ...lines: readonly string[]) => ['```'.concat(info), ...lines, '```', ''].join('\n');
const eth0 = 'interface: { eth0: { exists: true } }';

test('what is expected of the state after a step belongs to the step', () => {
  const { steps } = read(`${lab}${block('console', '# true')}${block('yaml expect {node=b eventually=2s}', eth0)}`);
  expect(steps).toHaveLength(1);
  expect(steps[0]?.expectations).toMatchObject([{ key: 'interface', node: 'b', eventuallyMs: 2000 }]);
});

test('what follows no step, or one that runs on, is a step itself', () => {
  const { steps } = read(
    [
      block('yaml expect', eth0, 'port: { tcp:80: { listening: false } }'),
      block('sh {background}', 'busybox httpd -f'),
      block('yaml expect', 'port: { tcp:80: { listening: true } }'),
      block('yaml expect', eth0),
    ].join('\n'),
  );
  expect(steps.map(({ kind, name }) => [kind, name])).toEqual([
    ['state', 'interface eth0; port tcp:80'],
    ['script', 'busybox httpd -f'],
    ['state', 'port tcp:80'],
  ]);
  expect(steps[2]?.expectations).toHaveLength(2);
});

test('the next block is about the step before it, whatever one between is about', () => {
  const text = [block('console', '# one', '# two'), block('yaml expect {of=one}', eth0), block('yaml expect', eth0)];
  expect(read(text.join('\n')).steps.map(({ expectations }) => expectations.length)).toEqual([1, 1]);
});

test('the shells of a transcript go on after it', () => {
  const text = [block('sh {background}', 'sleep 9'), block('yaml expect', eth0), block('console', '# sh', '/ # exit')];
  expect(read(text.join('\n')).steps.map(({ depth }) => depth)).toEqual([0, 0, 0, 1]);
});

test.each([
  [
    'a field that is not there',
    block('yaml expect', 'interface: { eth0: { exsts: true } }'),
    ['2:22 bad-expect Did you mean "exists"?'],
  ],
  [
    'a step that is not there',
    block('yaml expect', 'exit: 0'),
    ['1:1 expect-without-step Put it after the block whose result it is about.'],
  ],
  [
    'the output of a state',
    block('yaml expect', eth0) + block('yaml expect', 'ping: {}'),
    ['4:1 expect-without-step Put it after the block whose result it is about.'],
  ],
  [
    'another text than a state’s',
    block('yaml expect', eth0) + block('text output', 'x'),
    [expect.stringMatching(/^4:1 output-without-step/)],
  ],
  ['a node that is not there', block('yaml expect {node=z}', eth0), [expect.stringMatching(/^1:17 unknown-node/)]],
  [
    'the node of what was printed',
    block('sh', 'true') + block('yaml expect {eventually=1s}', 'exit: 0'),
    [expect.stringMatching(/^4:17 misplaced-attribute/)],
  ],
])('%s is refused', (_, text, expected) => {
  expect(problems(text)).toEqual(expected);
});
