import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'launch-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const runbook = join(folder, 'a.md');
writeFileSync(runbook, '# A\n\n```console\n$ echo hi\nhi\n```\n');

/** A copy of the engine, without what was compiled of it before. */
function copyOfEngine(): string {
  const copy = mkdtempSync(join(folder, 'engine-'));
  mkdirSync(join(copy, 'dist'));
  cpSync('package.json', join(copy, 'package.json'));
  for (const name of readdirSync('dist').filter((file) => !file.includes('.cache')))
    cpSync(join('dist', name), join(copy, 'dist', name), { recursive: true });
  return join(copy, 'dist');
}

async function run(
  dist: string,
): Promise<{ readonly exitCode?: number; readonly stdout: string; readonly stderr: string }> {
  return execa('node', [join(dist, 'netlab.cjs'), 'run', '--no-config', runbook], { reject: false });
}

describe('the scripts of the engine', () => {
  it('are compiled anew where what was kept of them is not of use', async () => {
    const dist = copyOfEngine();
    expect((await run(dist)).exitCode).toBe(0);
    const kept = readdirSync(dist).filter((name) => name.endsWith('.cache'));
    expect(kept.filter((name) => !name.includes('.rest.'))).toHaveLength(2);
    for (const name of kept) writeFileSync(join(dist, name), 'rubbish');
    expect((await run(dist)).exitCode).toBe(0);
    expect((await run(dist)).exitCode).toBe(0);
  });

  it('are named when one is missing, as while they are built anew during a run', async () => {
    const dist = copyOfEngine();
    // What reads documents needs parts of it, too: this one has been read.
    expect((await run(dist)).exitCode).toBe(0);
    const steps = readdirSync(dist).find((name) => name.endsWith('.steps.cjs')) ?? '';
    rmSync(join(dist, steps));
    const { exitCode, stdout } = await run(dist);
    expect([exitCode, stdout]).toEqual([2, expect.stringContaining(steps)]);
  });

  it('are missed with the status of what could not run, not with that of a check that failed', async () => {
    const dist = copyOfEngine();
    for (const name of readdirSync(dist)) if (name.startsWith('engine-')) rmSync(join(dist, name));
    const { exitCode, stderr } = await run(dist);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/^netlab: cannot load its own code: [\s\S]*install it again/),
    ]);
  });
});
