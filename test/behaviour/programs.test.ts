import { describe, expect, it } from 'vitest';
import { block, ownFolder, step, verdictOf } from './documents.ts';

const folder = ownFolder();

/** A program that prints a word, and goes on. */
function printing(word: string, more = ''): string {
  return block('js', `console.log("${word}"); ${more}`) + block('text output', word);
}

describe('a program that fails after its end', () => {
  it.each([
    ['while later steps run', 'setTimeout(() => { throw new Error("late") }, 300)', block('sh', 'sleep 0.6')],
    ['a rejection that nobody handles', 'setTimeout(() => Promise.reject(new Error("late")), 200)', ''],
    [
      'a main() that nobody awaits',
      'async function main() { await sleep(200); throw new Error("late") }\nmain(); 0',
      '',
    ],
  ])('has not passed, though it is the last one: %s', async (_, program, after) => {
    const result = await verdictOf(folder(), printing('before') + printing('x', program) + after);
    expect(result.status).toBe('failed');
    expect(step(result, 0).status).toBe('passed');
    expect(step(result, 1)).toMatchObject({ status: 'failed', reason: 'failed after its end: Error: late' });
  });

  it('has not passed, however late it failed, while later steps run; what the program prints then is no later step’s', async () => {
    const left = 'setTimeout(() => { console.log("late"); Promise.reject(new Error("very late")) }, 900)';
    const text = printing('x', left) + block('console', '$ sleep 1.3; echo next', 'next');
    const result = await verdictOf(folder(), text);
    expect(result.steps.map(({ status, stdout }) => [status, stdout])).toEqual([
      ['failed', 'x\n'],
      ['passed', 'next\n'],
    ]);
    expect(step(result, 0).reason).toBe('failed after its end: Error: very late');
    expect(result.log).toMatch(/^node1, after line \d+:\n {2}late$/m);
  });

  it('makes the next program fail, which says so, and prints into the log', async () => {
    const left = 'setTimeout(() => { console.log("late"); throw new Error("very late") }, 100)';
    const text = printing('x', left) + block('sh', 'sleep 0.3') + printing('y') + printing('z');
    const result = await verdictOf(folder(), text);
    expect(result.steps.map(({ status, stdout }) => [status, stdout])).toEqual([
      ['passed', 'x\n'],
      ['passed', ''],
      ['failed', 'y\nan earlier program failed after its end: Error: very late\n'],
      ['passed', 'z\n'],
    ]);
    expect(result.log).toMatch(/^ {2}late$/m);
  });

  it('is not known to fail when the runbook ends before: the log says that it was not waited for', async () => {
    const started = performance.now();
    const result = await verdictOf(folder(), printing('x', 'setTimeout(() => { throw new Error("never") }, 60_000)'));
    expect(performance.now() - started).toBeLessThan(5000);
    expect(result.status).toBe('passed');
    expect(result.log).toContain('was ended with the runbook: what would have come of it is not known');
  });

  it('is not waited for when nothing is under way, and has passed when all went well', async () => {
    const result = await verdictOf(folder(), printing('fine', 'setTimeout(() => {}, 50)'));
    expect(result.steps.map(({ status, reason }) => [status, reason])).toEqual([['passed', null]]);
    expect(result.log).toBeUndefined();
  });
});

it('a program that throws what is nothing, or cannot be told, or changes what its host uses, has failed', async () => {
  const programs = [
    'await Promise.reject()',
    'throw undefined',
    'throw Object.create(null)',
    'throw { toString() { throw 1 } }',
    'throw new Proxy({}, { get() { throw 1 } })',
    'JSON.stringify = () => "{"; process.stdout.write = () => true; process.stderr.write = () => true; throw 1',
  ];
  const each = (program: string, index: number): string => block(`js {continue session=s${index} timeout=5s}`, program);
  const { steps } = await verdictOf(folder(), programs.map(each).join(''));
  expect(steps.map(({ status, exit }) => [status, exit])).toEqual(programs.map(() => ['failed', 1]));
});

it('a program that prints into all of its descriptors is judged by what became of it, and one without a folder is an error', async () => {
  const all = (word: string): string =>
    `const fs = await import("node:fs"); for (let n = 1; n < 40; n++) try { fs.writeSync(n, ${word}) } catch {}; throw 1`;
  const text =
    block('js {continue session=a timeout=5s}', all(`'{"exit":0}\\n'`)) +
    block('js {continue session=b timeout=5s}', all('"progress"')) +
    block('js {continue session=c timeout=5s cwd=/nowhere}', '1') +
    block('js {continue session=c timeout=5s}', 'throw 2');
  const { steps } = await verdictOf(folder(), text);
  expect(steps.map(({ status, exit }) => [status, exit])).toEqual([
    ['failed', 1],
    ['failed', 1],
    ['errored', null],
    ['failed', 1],
  ]);
  expect(steps[2]?.reason).toBe('there is no folder /nowhere to run this step in');
});

it.each([
  ['js', '', 'const wrong = ;', /^SyntaxError: Unexpected token ';'\n$/],
  [
    'ts',
    ': number',
    'const wrong: number = ;',
    /^SyntaxError: \nconst wrong: number = ;\n {22}\^\n\nUnexpected token \(2:23\)\n$/,
  ],
])('a %s program with a syntax error has failed, and tells where', async (language, type, wrong, told) => {
  const text =
    block(`${language} {continue}`, `const never${type} = 1`, wrong) + block(language, 'console.log(typeof never)');
  const { status, steps } = await verdictOf(folder(), text + block('text output', 'undefined'));
  expect([status, ...steps.map((each) => each.status)]).toEqual(['failed', 'failed', 'passed']);
  expect(steps[0]).toMatchObject({ exit: 1, stderr: '', stdout: expect.stringMatching(told) });
});

describe('a program that is run again until it holds', () => {
  const lines = (await_: string): string[] => [
    `const { readFileSync, appendFileSync } = ${await_}import("node:fs")`,
    'let tries = 1; class Counter {}',
    'appendFileSync("/tmp/tries", "x")',
    'tries = readFileSync("/tmp/tries", "utf8").length',
    'console.log(tries, new Counter() instanceof Counter)',
  ];

  it('may declare its names each time, and leaves the last ones to the next program', async () => {
    const text =
      block('js {eventually=5s}', ...lines('await ')) +
      block('text output', '3 true') +
      block('js', 'console.log(tries, typeof readFileSync)') +
      block('text output', '3 function');
    const result = await verdictOf(folder(), text);
    expect(result.steps.map(({ status }) => status)).toEqual(['passed', 'passed']);
    expect(step(result, 0).reason).toMatch(/^run 3 times in /);
  });

  it('tells what it throws as every other program does', async () => {
    const text =
      block('js {eventually=300ms continue}', 'const a = 1; await $`exit 7`') +
      block('js {eventually=300ms continue}', 'const b = 1; throw new TypeError("wrong")') +
      block('js {eventually=300ms continue}', 'const c = 1; throw "a text"') +
      block('js {eventually=300ms continue}', 'const d = ;');
    const result = await verdictOf(folder(), text);
    expect(result.steps.map(({ status, stdout, stderr }) => [status, (stdout + stderr).trim()])).toEqual([
      ['failed', 'exit status 7'],
      ['failed', 'TypeError: wrong'],
      ['failed', 'a text'],
      ['failed', expect.stringMatching(/^SyntaxError: /)],
    ]);
  });
});
