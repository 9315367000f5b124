import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** Reporters and configurations are code of the user's own: whatever they do, the verdict stays what it is, and is told. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'own-modules-'));
  write('good.md', '# Good\n\n~~~console\n$ echo a\na\n~~~\n');
  write('bad.md', '# Bad\n\n~~~console\n$ echo a\nb\n~~~\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const netlab = resolve('dist/netlab.cjs');
const cli = (...args: string[]) =>
  execa('node', [netlab, ...args], { reject: false, stdin: 'ignore', cwd: folder, timeout: 25_000 });
/** A reporter with this as its parts, beside two others. */
const withReporter = (document: string, parts: string) => {
  write('mine.mjs', `export const createReporter = () => ({ event() {}, ${parts} });`);
  return cli('run', document, '-r', 'pretty', '-r', './mine.mjs', '-r', 'json=run.json');
};

describe('process.exit(0)', () => {
  const said = 'netlab: ended before its verdict: a configuration or a reporter called process.exit';

  it('of a configuration is no pass', async () => {
    write('netlab.config.js', 'process.exit(0)');
    expect(await cli('run', 'good.md')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(said) });
  });

  it.each([
    ['an event', "event({ type }) { if (type === 'step:end') process.exit(0) }"],
    ['its end', 'end() { process.exit(0) }'],
  ])('of a reporter in %s is none', async (_, parts) => {
    expect(await withReporter('bad.md', parts)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(said) });
  });

  it('after the verdict does not change it', async () => {
    const { exitCode, stderr } = await withReporter('bad.md', 'end() { setTimeout(() => process.exit(0), 200) }');
    expect([exitCode, stderr]).toEqual([1, '']);
  });
});

it('a reporter that comes to no end is named, and the others have theirs', async () => {
  const { exitCode, stderr } = await withReporter('good.md', 'end: () => new Promise(() => {})');
  expect([exitCode, stderr]).toEqual([2, 'netlab: the reporter ./mine.mjs failed: it came to no end within 10 s']);
  expect(JSON.parse(read('run.json'))).toMatchObject({ status: 'passed' });
});

describe('what nobody catches', () => {
  const late = "event({ type }) { if (type === 'step:start')";

  it.each([
    ['a timer', `${late} setTimeout(() => { throw new Error('late') }) }`, ' at mine.mjs:1:', ': late'],
    ['a promise', `${late} void (async () => { throw new Error('late') })() }`, ' at mine.mjs:1:', ': late'],
    ['a timer, and is no error', `${late} setTimeout(() => { throw null }) }`, ': null', ''],
    ['a promise, and is no error', `${late} void Promise.reject(null) }`, ': ', '"null".'],
  ])('of a reporter in %s ends nothing, and is told', async (_, parts, place, message) => {
    const { exitCode, stderr, stdout } = await withReporter('good.md', parts);
    expect(stderr).toContain(`netlab: a module that is not netlab's failed${place}`);
    expect([exitCode, stderr.endsWith(message), stderr.includes('\n')]).toEqual([2, true, false]);
    expect(stdout).toContain('PASSED');
    expect(JSON.parse(read('run.json'))).toMatchObject({ status: 'passed' });
  });

  it('of a configuration is told with its place', async () => {
    write('netlab.config.js', "module.exports = {}\nsetTimeout(() => {\n  throw new Error('late')\n})");
    const { exitCode, stderr, stdout } = await cli('run', 'good.md');
    expect([exitCode, stderr]).toEqual([
      2,
      "netlab: a module that is not netlab's failed at netlab.config.js:3:9: late",
    ]);
    expect(stdout).toContain('PASSED');
  });
});

describe('what goes on for ever', () => {
  const forEver = 'setInterval(() => {}, 1000);';

  it.each([
    ['a configuration', `${forEver} module.exports = {}`, ''],
    ['a reporter', 'module.exports = {}', forEver],
  ])('in %s does not keep netlab from its end', async (_, config, inReporter) => {
    write('netlab.config.js', config);
    expect(await withReporter('bad.md', `end() { ${inReporter} }`)).toMatchObject({ exitCode: 1, timedOut: false });
  });

  it('cuts nothing off that a slow reader has still to get', async () => {
    const printed = 'x'.repeat(400_000);
    write(
      'mine.mjs',
      `${forEver} export const createReporter = (to) => ({ event() {}, end() { to.write('${printed}') } })`,
    );
    const command = `node ${netlab} run good.md -r ./mine.mjs | (sleep 4; wc -c); echo "\${PIPESTATUS[0]}"`;
    expect((await execa('bash', ['-c', command], { cwd: folder })).stdout).toBe('400000\n0');
  });
});
