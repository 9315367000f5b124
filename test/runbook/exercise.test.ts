import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from '../../src/runbook/parse.ts';
import type { Exercise, Runbook } from '../../src/runbook/types.ts';
import { at, brief, diagnosticsOf, expectationKeys, problemsOf, read } from './reading.ts';

const fence = '```';

/** A task that is complete; `more` is added to it. */
function task(heading: string, more = ''): string {
  const check = `${fence}sh {check description="it is there"}\ntest -e /tmp/it\n${fence}`;
  const solution = `<details><summary>Solution</summary>\n\n${fence}sh {solution}\ntouch /tmp/it\n${fence}\n\n</details>`;
  return `${heading}\n\nMake it.\n\n${more}${check}\n\n${solution}\n\n`;
}

/** Keys that stand for the check room's resources. */
const stateKeys = ['file', 'interface', 'port', 'reach'];

function readWithState(source: string): Runbook {
  return parse(source, 'doc.md', { expectationKeys: [...expectationKeys, ...stateKeys], stateKeys });
}

function exerciseOf(source: string): Exercise {
  const { exercise } = readWithState(source);
  if (!exercise) throw new Error('no exercise');
  return exercise;
}

describe('an exercise', () => {
  const source = readFileSync('exercises/namespaces.md', 'utf8');
  const { exercise, steps, title } = readWithState(source);
  const [cable, address] = exercise?.tasks ?? [];

  it('has the tasks of its document, in order, with what they require', () => {
    expect(title).toBe('Connect two network namespaces');
    expect(exercise?.tasks.map(({ name, title: heading, requires }) => [name, heading, requires])).toEqual([
      ['cable', 'Lay a cable', []],
      ['address', 'Names and addresses', ['cable']],
    ]);
  });

  it('keeps what prepares all tasks as its steps, and nothing of the tasks', () => {
    expect(steps.map(({ command, phase }) => [command, phase])).toEqual([
      ['ip netns add w1\nip netns add w2', 'setup'],
    ]);
  });

  it('has the prose as its brief: no criteria, hints or solutions', () => {
    expect(exercise?.intro).toMatch(/^A network namespace is .* runs it in `w1`\.$/s);
    expect(cable?.brief).toMatch(/^A \*veth\* pair .* does not matter yet\.$/s);
    expect(address?.brief).not.toMatch(/```|details|eventually/);
  });

  it('has hints, solutions and criteria with their places', () => {
    expect(cable?.hints.map(({ text }) => text.slice(0, 11))).toEqual(['`ip link ad', '`ip link ad', '`ip link se']);
    expect(cable?.hints.map(({ span }) => at(source, span)?.slice(0, 24))).toEqual([
      '<details><summary>Hint 1',
      '<details><summary>Hint 2',
      '<details><summary>Hint 3',
    ]);
    expect(cable?.solution.map(({ command }) => command.split('\n').length)).toEqual([3]);
    expect(address?.criteria.map(({ description }) => description)).toEqual([
      'w1 has eth0 with 10.0.0.1/24, up',
      'w2 has eth0 with 10.0.0.2/24, up',
      'w1 reaches 10.0.0.2',
    ]);
    expect(address?.criteria[2]?.step).toMatchObject({
      command: '',
      expectations: [{ key: 'reach', eventuallyMs: 3000, span: { start: { line: 87 } } }],
    });
    expect(at(source, address?.span)).toBe('## Names and addresses {exercise name=address requires=[cable]}');
  });

  it('is the whole document when its front matter says so', () => {
    const more = `[中文](zh/t.md)\n\n${fence}text\nping: connect: Network is unreachable\n${fence}\n\n${fence}sh {break}\ntrue\n${fence}\n\n`;
    const whole = exerciseOf(`---\nexercise: true\n---\n\n${task('# Why does w2 not answer?', more)}`);
    expect(whole.tasks.map(({ name }) => name)).toEqual(['why-does-w2-not-answer']);
    expect(whole.tasks[0]?.break).toHaveLength(1);
    expect(whole.tasks[0]?.brief).toBe(`Make it.\n\n${fence}text\nping: connect: Network is unreachable\n${fence}`);
    expect(whole.intro).toBe('');
  });

  it('takes hidden blocks, transcripts, and descriptions in several places', () => {
    const more = `<!-- netlab break\nrm -f /tmp/x\n-->\n\n<!-- netlab hint\nLook.\n-->\n\n${fence}sh {check="by value"}\ntrue\n${fence}\n\n${fence}console {check}\n$ echo one\none\n${fence}\n\n`;
    const [only] = exerciseOf(task('# T {exercise}', more)).tasks;
    expect(only?.break.map(({ command }) => command)).toEqual(['rm -f /tmp/x']);
    expect(only?.hints.map(({ text }) => text)).toEqual(['Look.']);
    expect(only?.brief).toBe('Make it.');
    expect(only?.criteria.map(({ description }) => description)).toEqual(['by value', 'echo one', 'it is there']);
    expect(only?.criteria[1]?.step.expected?.lines).toEqual(['one']);
  });

  it('makes criteria of expectations about the state: one, or one a key when nothing describes them', () => {
    const more = `${fence}yaml expect {node=node1}\nfile: { path: /tmp/it }\nport: 53\n${fence}\n\n${fence}yaml expect\ndescription: both\nfile: /a\nport: 80\n${fence}\n\n`;
    const [only] = exerciseOf(task('# T {exercise}', more)).tasks;
    expect(
      only?.criteria.map(({ description, step }) => [description, step.expectations.map(({ key }) => key)]),
    ).toEqual([
      ['file: path: /tmp/it', ['file']],
      ['port: 53', ['port']],
      ['both', ['file', 'port']],
      ['it is there', []],
    ]);
  });

  it('gives other expectations to the check before them', () => {
    const more = `${fence}sh {check}\nping -c 1 10.0.0.1\n${fence}\n\n${fence}yaml expect\nping: { packets_received: 1 }\n${fence}\n\n`;
    const [only] = exerciseOf(task('# T {exercise}', more)).tasks;
    expect(only?.criteria[0]?.step.expectations.map(({ key }) => key)).toEqual(['ping']);
  });
});

describe('what stands beside the blocks of a task', () => {
  it('is the output of a check', () => {
    const [only] = exerciseOf(task('# T {exercise}', '```sh {check}\necho a\n```\n\n```text output\na\n```\n\n')).tasks;
    expect(only?.criteria.map(({ step }) => step.expected?.lines)).toEqual([['a'], undefined]);
    const late = `${task('# T {exercise}')}\n${fence}text output\na\n${fence}\n`;
    expect(exerciseOf(late).tasks[0]?.solution[0]?.expected?.lines).toEqual(['a']);
  });

  it('is a hint in a block of its own, in the order of the document', () => {
    const folded = '<details><summary>More</summary>\n\nSecond.\n\n</details>\n\n';
    const hints = `${fence}sh {hint}\n\n  First.\n\n${fence}\n\n${folded}${fence}sh {hint}\nThird.\n${fence}\n\n`;
    const [only] = exerciseOf(task('# T {exercise}', hints)).tasks;
    expect(only?.hints.map(({ text }) => text)).toEqual(['First.', 'Second.', 'Third.']);
    expect(only?.brief).toBe('Make it.');
  });

  it('may prepare and break it', () => {
    const parts = ['setup', 'break'].map((role) => `${fence}sh {${role}}\n${role}\n${fence}\n\n`).join('');
    const [only] = exerciseOf(task('# T {exercise}', parts)).tasks;
    expect([only?.setup.map(({ command }) => command), only?.break.map(({ command }) => command)]).toEqual([
      ['setup'],
      ['break'],
    ]);
    expect(only?.setup[0]?.phase).toBe('setup');
  });

  it('has what is above the first task as its introduction', () => {
    const intro = '# Course\n\nRead this.\n\n```sh {setup}\nx\n```\n\nAnd this.\n\n';
    expect(exerciseOf(`${intro}${task('## T {exercise}')}`).intro).toBe('Read this.\n\nAnd this.');
    expect(exerciseOf(task('# T {exercise}')).intro).toBe('');
  });

  it.each([
    ['a criterion without words', '```sh {check}\ntest a\n```\n\n', ['test a', 'it is there']],
    ['one with a name', '```sh {check=reached}\ntest a\n```\n\n', ['reached', 'it is there']],
    ['one that says more', '```sh {check=a description="in words"}\ntest a\n```\n\n', ['in words', 'it is there']],
  ])('is %s', (_, more, descriptions) => {
    const [only] = exerciseOf(task('# T {exercise}', more)).tasks;
    expect(only?.criteria.map(({ description }) => description)).toEqual(descriptions);
  });
});

describe('a mistake in an exercise is told at its place', () => {
  it.each([
    ['no-criteria', '# T {exercise}\n\n<!-- netlab solution\ntrue\n-->\n', '1:1'],
    ['no-solution', `# T {exercise}\n\n${fence}sh {check}\ntrue\n${fence}\n`, '1:1'],
    ['missing-hint', task('# T {exercise}', '<details><summary>Hint 1</summary>\n\n</details>\n\n'), '5:1'],
    [
      'missing-solution',
      task('# T {exercise}', '<details><summary>Solution</summary>\n\nNo.\n\n</details>\n\n'),
      '5:1',
    ],
    ['missing-solution', task('# T {exercise}', '<details><summary>答案</summary>\n\n没有\n\n</details>\n\n'), '5:1'],
    ['unclosed-details', `${task('# T {exercise}')}<details>\n`, '17:1'],
    ['unknown-task', task('# T {exercise requires=[x]}'), '1:24'],
    ['task-cycle', task('# T {exercise name=t requires=t}'), '1:31'],
    ['task-order', task('# A {exercise requires=b}') + task('# B {exercise name=b}'), '1:24'],
    ['duplicate-name', task('# T {exercise}') + task('# T {exercise}'), '17:1'],
    ['unknown-attribute', task('# T {exercise nam=x}'), '1:15'],
    ['bad-attribute-value', task('# T {exercise name=""}'), '1:20'],
    ['block-without-role', task('# T {exercise}', `${fence}sh\ntrue\n${fence}\n\n`), '5:1'],
    ['two-roles', task('# T {exercise}', `${fence}sh {check break}\ntrue\n${fence}\n\n`), '5:14'],
    ['outside-task', `${fence}sh\ntrue\n${fence}\n\n${task('# T {exercise}')}`, '1:1'],
    ['outside-task', `${task('## T {exercise}')}# More\n\n${fence}sh {solution}\ntrue\n${fence}\n`, '19:1'],
    ['expect-without-step', task('# T {exercise}', `${fence}yaml expect\nlines: 1\n${fence}\n\n`), '5:1'],
    ['misplaced-attribute', task('# T {exercise}', `${fence}sh {setup description=x}\ntrue\n${fence}\n\n`), '5:14'],
    ['no-heading', '---\nexercise: true\n---\n\nText.\n', '1:1'],
  ])('%s', (rule, source, place) => {
    expect(problemsOf(source)).toContain(`${rule} ${place}`);
    expect(diagnosticsOf(source).every(({ hint }) => hint)).toBe(true);
  });

  it('tells what is promised in few words', () => {
    const folded = `<details><summary>${'Hint '.repeat(100)}</summary>\n\n</details>\n\n`;
    expect(diagnosticsOf(task('# T {exercise}', folded))[0]?.message).toBe(
      `"${'Hint '.repeat(12)}" is promised, and there is nothing in it`,
    );
  });

  it('tells a cycle once', () => {
    const source = task('# A {exercise name=a requires=b}') + task('# B {exercise name=b requires=a}');
    expect(diagnosticsOf(source).map(brief)).toEqual(['task-cycle 1:31']);
  });

  it('leaves the braces of other tools in headings alone', () => {
    expect(read('# Title {#anchor}\n').exercise).toBeUndefined();
    expect(read('# Title {#anchor}\n').title).toBe('Title {#anchor}');
  });
});
