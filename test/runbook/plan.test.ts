import { describe, expect, it } from 'vitest';
import { hasStep, isChecked, plan } from '../../src/runbook/plan.ts';
import { fixture, read, stepOf, transcript } from './reading.ts';

const sh = (info: string, body = 'x'): string => `\`\`\`sh ${info}\n${body}\n\`\`\`\n`;

describe('plan', () => {
  it('runs setup first and teardown last', () => {
    const { steps } = plan(read(sh('{name=a}') + sh('teardown {name=b}') + sh('{name=c}') + sh('setup {name=d}')));
    expect(steps.map(({ step }) => step.name)).toEqual(['d', 'a', 'c', 'b']);
  });

  it('gives each step its node and session', () => {
    const source = `${sh('{session=two}')}\`\`\`js\nx\n\`\`\`\n`;
    expect(plan(read(source)).steps.map(({ node, session, sessionKind }) => [node, session, sessionKind])).toEqual([
      ['node1', 'two', 'pipe'],
      ['node1', 'main.zx', 'program'],
    ]);
    expect(plan(read(`---\nlab: none\n---\n${sh('')}`)).steps[0]?.node).toBe('localhost');
    expect(plan(read(fixture('lab.md'))).steps[0]?.node).toBe('node2');
  });

  it.each([
    [transcript('$ a', '$ b'), 'pipe'],
    [transcript('/ # cd /tmp', '/tmp # ls'), 'pipe'],
    [transcript('me@h:~$ cd /tmp', 'me@h:/tmp$ ls'), 'pipe'],
    [transcript('# sh', '/ # ls'), 'terminal'],
    [transcript('# sh', '/ #'), 'terminal'],
    [sh('{tty}'), 'terminal'],
    [`${transcript('$ a')}${sh('{tty session=two}')}`, 'pipe'],
  ])('%j needs a %s', (source, kind) => {
    expect(plan(read(source)).steps[0]?.sessionKind).toBe(kind);
  });

  it('makes one session a terminal for all of its steps', () => {
    expect(new Set(plan(read(fixture('docker-dns.md'))).steps.map((each) => each.sessionKind))).toEqual(
      new Set(['terminal']),
    );
  });

  it('keeps the streams apart when an expectation asks for one', () => {
    const expectBlock = (key: string): string => `\`\`\`yaml expect\n${key}: x\n\`\`\`\n`;
    const streams = (source: string): string[] => plan(read(source)).steps.map(({ step }) => step.stream);
    expect(streams(sh('') + expectBlock('stderr'))).toEqual(['stdout']);
    expect(streams(sh('{stream=stderr}') + expectBlock('stdout'))).toEqual(['stderr']);
    expect(streams(sh('') + expectBlock('exit'))).toEqual(['both']);
  });

  it('skips for a reason', () => {
    const source = sh('{skip}') + sh('{skip="not here"}') + sh('{if=ipv6}') + sh('{if=docker}');
    const capabilities = (name: string): string | undefined => (name === 'ipv6' ? 'no IPv6' : undefined);
    const reasons = plan(read(source), { capabilities }).steps.map((each) => each.skipReason);
    expect(reasons).toEqual(['marked as skipped', 'not here', 'no IPv6', undefined]);
    const required = read(`---\nrequires: [docker, ipv6]\n---\n${sh('')}`);
    expect(plan(required, { capabilities }).skipReason).toBe('no IPv6');
    expect(plan(required).skipReason).toBeUndefined();
  });

  it('runs what is selected, with setup and teardown', () => {
    const block = transcript('$ a', '$ b').replace('console', 'console {name=n}');
    const runbook = read(sh('setup {name=s}') + block + sh('{name=o}') + sh('teardown {name=t}'));
    const names = (...steps: string[]): string[] => plan(runbook, { steps }).steps.map(({ step }) => step.name);
    expect(names('n')).toEqual(['s', 'n', 'n-2', 't']);
    expect(names('n-2')).toEqual(['s', 'n-2', 't']);
    expect(names('3')).toEqual(['s', 'o', 't']);
    expect(names()).toHaveLength(5);
    expect(['o', 'n-2', '3', 'q'].map((name) => hasStep(runbook, name))).toEqual([true, true, true, false]);
  });
});

it('knows the tasks of an exercise by their names', () => {
  const exercise = read('# T {exercise name=t}\n\n```sh check\nx\n```\n\n```sh solution\nx\n```\n');
  expect(['t', 'u', 'x', '0'].map((name) => hasStep(exercise, name))).toEqual([true, false, false, false]);
});

it.each([
  [transcript('$ a'), false],
  [transcript('$ a').replace('console', 'console {name=n}'), true],
  [transcript('$ a', 'b'), true],
  [transcript('$ a', '...'), false],
  [transcript('$ a', '...', '[1]'), true],
  [transcript('$ a', 'b').replace('console', 'console {match=ignore}'), false],
  [sh(''), false],
  [`${sh('')}\`\`\`output\n\`\`\`\n`, true],
  [`${sh('')}\`\`\`output\n...\n\`\`\`\n`, false],
  [`${sh('')}\`\`\`yaml expect\nexit: 0\n\`\`\`\n`, true],
  [sh('{exit=1}'), true],
  [sh('{background}'), false],
  [sh('{background ready=/x/}'), true],
])('isChecked(%j) is %s', (source, checked) => {
  expect(isChecked(stepOf(source))).toBe(checked);
});
