import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { leftSince, type MachineState, machineState } from '../lab/leaks.ts';
import { block, page } from './documents.ts';
import { type Project, projectOf, type Run } from './project.ts';

/** Every way in which a document can end, in one run of Vitest. */
const documents = {
  'pass.md': page(
    'Passes',
    block('sh {teardown}', 'echo down'),
    block('console', '$ echo hello', 'hello', '$ NAME=x', '$ echo $NAME', 'x', '$ echo $NAME', 'x', '$ sleep 1'),
    block('console {skip="not today"}', '$ false'),
  ),
  'a folder (1)/fail.md': page(
    'Fails',
    block('console', "$ printf '%s\\n' one two 4.5", 'one', '2', '{{number}}', '$ echo never', 'never'),
  ),
  'typed.md': page(
    'Typed',
    block('console', '$ printf "name\\tserver\\n" > /tmp/t', '$ cat /etc/hosts', '...'),
    block('yaml expect', 'lines: 0', 'hosts: { count: 0 }'),
  ),
  'slow.md': page('Slow', block('sh {timeout=200ms}', 'echo begun; sleep 60')),
  'unreadable.md': page(
    'Unreadable',
    block('console', '$ echo nonsense', '...'),
    block('yaml expect', 'ping: { packets_received: 1 }'),
  ),
  'broken.md': page('Broken', block('console {tiemout=3s}', '$ true'), block('sh {waits=3}', 'true')),
  'unchecked.md': page('Unchecked', block('sh {background}', 'sleep 100')),
  'prose.md': '# Nothing to run\n',
  'machine.md': `---\nlab: none\n---\n${page('On the machine', block('sh', 'true'))}`,
  'no-lab.md': `---\nlab: { nodes: { n: { kind: docker, images: ["nowhere.invalid/x:1"] } } }\n---\n${page('No lab', block('sh', 'true'))}`,
  'lacking.md': `---\nrequires: [netem]\n---\n${page('Lacks', block('sh', 'true'))}`,
  'dies.md': page(
    'Dies',
    block('console {background ready=/up/}', '$ echo up; sleep 0.2; exit 3'),
    block('console', '$ sleep 1'),
  ),
  'secret.md': page('Secret', block('console', "$ printf 'xy%s!\\n' zzy", 'b')),
  'exercise.md': readFileSync('exercises/wrong-mask.md', 'utf8'),
  'bad-exercise.md': page(
    'Bad exercise',
    '## Nothing to do {exercise}\n',
    block('sh solution', 'true'),
    block('sh check', 'true'),
  ),
  'plain.test.ts': `import { expect, test } from 'vitest'\ntest('plain', () => expect(1).toBe(1))\n`,
};

let project: Project;
let before: MachineState;
let run: Run;
beforeAll(async () => {
  before = await machineState();
  project = await projectOf(documents);
  run = await project.run();
}, 240_000);

/** What is said of a file: the errors of the file and of its tests. */
function failuresOf(name: string): string {
  const file = run.json.testResults.find((result) => result.name === join(project.folder, name));
  if (!file) throw new Error(`${name} is not in the report`);
  return [file.message, ...file.assertionResults.flatMap(({ failureMessages }) => failureMessages)].join('\n');
}

function statusOf(name: string): string | undefined {
  return run.json.testResults.find((result) => result.name === join(project.folder, name))?.status;
}

describe('Markdown files as test files', () => {
  it('are there beside other tests, each of their steps a test in the order of running', () => {
    expect(run.states['plain.test.ts > plain']).toBe('passed');
    expect(Object.entries(run.states).filter(([name]) => name.startsWith('pass.md'))).toEqual([
      ['pass.md > echo hello', 'passed'],
      ['pass.md > NAME=x', 'passed'],
      ['pass.md > echo $NAME (line 11)', 'passed'],
      ['pass.md > echo $NAME (line 13)', 'passed'],
      ['pass.md > sleep 1', 'passed'],
      ['pass.md > false', 'skipped'],
      ['pass.md > echo down', 'passed'],
    ]);
    expect(run.text).toContain('[not today]');
  });

  it('have the places of their steps, in the document', () => {
    const file = run.json.testResults.find((result) => result.name.endsWith('/pass.md'));
    const places = file?.assertionResults.map(({ title, location }) => [title, location.line, location.column]);
    expect(places?.slice(0, 2)).toEqual([
      ['echo hello', 8, 3],
      ['NAME=x', 10, 3],
    ]);
    expect(places?.at(-1)).toEqual(['echo down', 4, 1]);
  });

  it('fail on the line of the document that does not hold, with the difference and what was printed', () => {
    const place = 'a folder (1)/fail.md:6:1';
    expect(failuresOf('a folder (1)/fail.md')).toContain(
      `AssertionError: output: expected "2", got "two"\n    at ${project.folder}/${place}`,
    );
    expect(run.text).toMatch(/FAIL {2}a folder \(1\)\/fail\.md:4:3 > Fails > printf '%s\\n' one two 4\.5/);
    expect(run.text).toContain('  one\n- 2\n+ two\n  4.5\n');
    expect(run.text).toContain(`${place}\n      4| $ printf '%s\\n' one two 4.5\n      5| one\n      6| 2\n       | ^`);
    expect(run.text).toContain("stdout | a folder (1)/fail.md:4:3 > Fails > printf '%s\\n' one two 4.5\none\ntwo\n4.5");
    expect(run.states['a folder (1)/fail.md > echo never']).toBe('skipped');
    expect(run.text).toContain('[line 4 did not pass]');
  });

  it('tell each failed check', () => {
    expect(failuresOf('typed.md')).toMatch(
      /lines: .*\n {4}at \S+\/typed\.md:10:1\n[\s\S]*hosts.*\n {4}at \S+\/typed\.md:11:1/,
    );
  });

  it.each([
    ['slow.md', 'failed', /TimeoutError: timed out: no end within 0\.2 s\n {4}at \S+\/slow\.md:4:1/],
    [
      'unreadable.md',
      'failed',
      /NetlabError: netlab could not run or judge this step, no check failed: ping: not the output of ping.*\n {4}at \S+\/unreadable\.md:9:1/,
    ],
    ['unchecked.md', 'failed', /EmptyError: nothing was checked/],
    ['broken.md', 'failed', /ParseError: unknown attribute "tiemout"/],
    ['machine.md', 'failed', /UsageError: .* would run on this machine itself \(lab: none\)\n.*set allowHost: true/],
    ['no-lab.md', 'failed', /LabError: image nowhere\.invalid\/x:1 cannot be had/],
    ['dies.md', 'failed', /AssertionError: after its test, echo up; .*: exit: expected status 0, got 3/],
  ])('%s %s in a way of its own', (name, status, message) => {
    expect(statusOf(name)).toBe(status);
    const told = failuresOf(name);
    // What Vitest's JSON has of a file that failed before there were tests has no stack.
    const inText = run.text.replace(/\n ❯ (\S+)/g, `\n    at ${project.folder}/$1`);
    expect(name === 'broken.md' ? inText : told).toMatch(message);
  });

  it('that cannot be read fail with all that is wrong in them, each where it is', () => {
    expect(run.text).toContain(
      'unknown attribute "tiemout" [unknown-attribute]\ntry: Did you mean "timeout"?\n ❯ broken.md:3:13',
    );
    expect(run.text).toMatch(/unknown attribute "waits" .*\n(?:try: .*\n)? ❯ broken\.md:7:8/);
  });

  it('are skipped with the reason where there is nothing to run, or this machine cannot', () => {
    expect(run.states['prose.md > nothing to run']).toBe('skipped');
    expect(run.text).toContain('[the document has nothing to run]');
    expect(run.states['lacking.md > true']).toBe('skipped');
    expect(run.text).toContain('needs netem');
  });

  it('are tested task by task when they are exercises', () => {
    expect(run.states['exercise.md > Why does w2 not answer?']).toBe('passed');
    expect(run.states['bad-exercise.md > Nothing to do']).toBe('failed');
    expect(failuresOf('bad-exercise.md')).toMatch(/already solved at the start.*\n {4}at \S+\/bad-exercise\.md:3:1/);
  });

  it('show no secrets', () => {
    const all = run.text + run.junit + JSON.stringify(run.json);
    expect(all).toContain('***!');
    expect(all).not.toContain('xyzzy');
  });

  it('fail the run, in the XML for CI servers, too', () => {
    expect(run.exitCode).toBe(1);
    expect(run.json.success).toBe(false);
    for (const name of ['slow', 'unreadable', 'unchecked', 'broken', 'machine', 'no-lab', 'dies', 'bad-exercise']) {
      const suite = run.junit.match(new RegExp(`<testsuite name="${name}\\.md"[^>]*>`))?.[0];
      expect(suite, name).toMatch(/failures="[1-9]/);
    }
    expect(run.junit.match(/<testsuite name="pass\.md"[^>]*>/)?.[0]).toContain(
      'tests="7" failures="0" errors="0" skipped="1"',
    );
  });

  it('leave nothing behind', async () => {
    expect((await leftSince(before, 2000)).filter((thing) => !thing.includes('vitest-project'))).toEqual([]);
  });
});
