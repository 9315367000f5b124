import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { RunEvent, RunResult } from '../../src/events.ts';
import { run } from '../../src/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'netlab-exercise-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fence = '```';
const block = (info: string, text: string): string => `${fence}${info}\n${text}\n${fence}\n\n`;

/** Runs the author's test of a document; its steps as `status name`. */
async function test(text: string, steps: readonly string[] = []): Promise<{ result: RunResult; told: string[] }> {
  const path = join(folder, 'exercise.md');
  writeFileSync(path, text);
  const result = await run({ paths: [path], steps });
  return { result, told: result.runbooks[0]?.steps.map(({ status, name }) => `${status} ${name}`) ?? [] };
}

const check = block(
  'sh {check description="it is there"}',
  'test -e /tmp/it || { echo "no it in: $(ls /tmp | xargs)"; exit 1; }',
);

describe('the author’s test of an exercise', () => {
  it('fails for a task that is solved at the start, and leaves out the tasks that require it', async () => {
    const text =
      `# A {exercise name=a}\n\n${block('sh {setup}', 'touch /tmp/it')}${check}${block('sh {solution}', 'true')}` +
      `# B {exercise name=b requires=[a]}\n\n${check}${block('sh {solution}', 'true')}` +
      `# C {exercise name=c}\n\n${check}${block('sh {solution}', 'touch /tmp/it')}`;
    const { result, told } = await test(text);
    expect(told).toEqual([
      'passed a: setup: touch /tmp/it',
      'failed a: not solved at the start',
      'skipped b',
      'passed c: not solved at the start',
      'passed c: solution: touch /tmp/it',
      'passed c: it is there',
      'passed c: still solved when the solution is done twice',
    ]);
    const steps = result.runbooks[0]?.steps ?? [];
    expect(steps[1]?.checks[0]?.message).toMatch(/^already solved at the start/);
    expect(steps[2]?.reason).toBe('needs the task "a", which did not pass');
    expect(steps.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(result.status).toBe('failed');
  });

  it('fails for a solution that does not solve, in the words of the check', async () => {
    const text = `# A {exercise name=a}\n\n${check}${block('sh {solution}', 'touch /tmp/that')}`;
    const { result, told } = await test(text);
    expect(told.at(-1)).toBe('failed a: it is there');
    expect(result.runbooks[0]?.steps.at(-1)?.stdout).toMatch(/^no it in: .*\bthat\b/);
  });

  it('fails for a solution that undoes itself the second time; errors of that time do not matter', async () => {
    const toggle = block('sh {solution}', 'if [ -e /tmp/it ]; then rm /tmp/it; else touch /tmp/it; fi');
    const { told, result } = await test(`# A {exercise name=a}\n\n${check}${toggle}`);
    expect(told.at(-1)).toBe('failed a: still solved when the solution is done twice');
    expect(result.runbooks[0]?.steps.at(-1)?.checks[0]?.message).toMatch(/^it is there: /);
    const once = await test(`# A {exercise name=a}\n\n${check}${block('sh {solution}', 'mkdir /tmp/it')}`);
    expect(once.result.status).toBe('passed');
  });

  it('begins a task where those that it requires have ended, in shells of its own', async () => {
    const second =
      block('sh {break}', 'test -e /tmp/it && test -z "$KEPT"') +
      block('sh {check}', 'test -e /tmp/more') +
      block('sh {solution}', 'touch /tmp/more');
    const first = `# A {exercise name=a}\n\n${check}${block('sh {solution}', 'KEPT=1; touch /tmp/it')}`;
    const { told, result } = await test(`${first}# B {exercise name=b requires=a}\n\n${second}`, ['b']);
    expect(told.slice(0, 3)).toEqual([
      'passed b: solution of a: KEPT=1; touch /tmp/it',
      'passed b: fault: test -e /tmp/it && test -z "$KEPT"',
      'passed b: not solved at the start',
    ]);
    expect(result.status).toBe('passed');
  });

  const aside = block('sh {check description="not here" skip="for another day"}', 'false');

  it('skips a task of which nothing is judged, and those that require it', async () => {
    const text =
      `# A {exercise name=a}\n\n${aside}${block('sh {solution}', 'true')}` +
      `# B {exercise name=b requires=[a]}\n\n${check}${block('sh {solution}', 'touch /tmp/it')}`;
    const { result, told } = await test(text);
    expect(told).toEqual(['skipped a: not solved at the start', 'skipped b']);
    expect(result.runbooks[0]?.steps[0]?.reason).toBe('for another day');
    expect(result.status).toBe('empty');
  });

  it('skips what a criterion that is not judged would decide, and judges the rest', async () => {
    const guard = block('sh {setup}', 'touch /tmp/it');
    const { result, told } = await test(
      `# A {exercise name=a}\n\n${guard}${check}${aside}${block('sh {solution}', 'true')}`,
    );
    expect(told.slice(1)).toEqual([
      'skipped a: not solved at the start',
      'passed a: solution: true',
      'passed a: it is there',
      'skipped a: not here',
      'skipped a: still solved when the solution is done twice',
    ]);
    expect(result.runbooks[0]?.steps.at(-1)?.reason).toBe('for another day');
    expect(result.status).toBe('passed');
  });

  it('that is interrupted says that of what it was at, and of the tasks after it', async () => {
    const path = join(folder, 'interrupted.md');
    const slow = block('sh {check}', 'echo began; sleep 20') + block('sh {solution}', 'true');
    writeFileSync(path, `# A {exercise name=a}\n\n${slow}# B {exercise name=b requires=[a]}\n\n${slow}`);
    const stop = new AbortController();
    const onEvent = ({ type }: RunEvent): void => {
      if (type === 'step:start') setTimeout(() => stop.abort(), 500);
    };
    const { status, runbooks } = await run({ paths: [path], signal: stop.signal, onEvent });
    expect(status).toBe('interrupted');
    expect(runbooks[0]?.steps.map(({ name, status: of, reason }) => [name, of, reason])).toEqual([
      ['a: not solved at the start', 'skipped', 'interrupted'],
      ['b', 'skipped', 'interrupted'],
    ]);
  });

  const task = (name: string, solution = block('sh {solution}', 'touch /tmp/it')): string =>
    `## ${name} {exercise name=${name}}\n\n${check}${solution}`;

  it('runs the document’s teardown after each task, and judges it', async () => {
    const teardown = block('sh {teardown}', 'test -e /tmp/it; exit 3');
    const { result, told } = await test(
      `# Two\n\n${teardown}${task('a')}${task('b', block('sh {solution}', 'false'))}`,
    );
    expect(told.filter((line) => !line.startsWith('passed'))).toEqual([
      'failed a: teardown: test -e /tmp/it; exit 3',
      'failed b: solution: false',
      'failed b: teardown: test -e /tmp/it; exit 3',
    ]);
    expect(result.status).toBe('failed');
  });

  it('fails for what dies in the background before it may', async () => {
    const dies = 'sleep 0.3; exit 4';
    const begun = block('sh {setup background}', dies) + block('sh {setup}', 'sleep 0.5');
    const { told, result } = await test(`# A {exercise name=a}\n\n${begun}${check}${block('sh {solution}', 'true')}`);
    expect(told).toEqual([
      `failed a: setup: ${dies}`,
      'passed a: setup: sleep 0.5',
      'passed a: not solved at the start',
    ]);
    expect(result.runbooks[0]?.steps[0]).toMatchObject({
      reason: 'it ended in the background, before the document did',
      exit: 4,
    });
    const solution = block('sh {solution background}', dies) + block('sh {solution}', 'touch /tmp/it; sleep 0.5');
    expect((await test(`# A\n\n${task('a', solution)}`)).told).toEqual([
      'passed a: not solved at the start',
      `failed a: solution: ${dies}`,
      'passed a: solution: touch /tmp/it; sleep 0.5',
      'passed a: it is there',
    ]);
  });

  it('lets a solution end what was started for its task, and what it has started when it is done again', async () => {
    const fault = block('sh {break background}', 'exec sleep 4711');
    const solution =
      block('sh {solution}', 'pkill -x sleep; touch /tmp/it') + block('sh {solution background}', 'exec sleep 4712');
    const { told, result } = await test(`# A\n\n## A {exercise name=a}\n\n${fault}${check}${solution}`);
    expect(told.at(-1)).toBe('passed a: still solved when the solution is done twice');
    expect(result.status).toBe('passed');
  });

  it('errs when a criterion cannot be judged, before as after', async () => {
    const text = `# A {exercise name=a}\n\n${block('sh {check}', 'echo nonsense')}${block('yaml expect', 'ping: { packets_received: 1 }')}${block('sh {solution}', 'true')}`;
    const { result, told } = await test(text);
    expect(told).toEqual(['errored a: not solved at the start']);
    expect(result.status).toBe('errored');
  });
});
