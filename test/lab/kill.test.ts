import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leftSince, type MachineState, machineState } from './leaks.ts';

const kills = Number(process.env['NETLAB_KILLS'] ?? 100);
const documents = ['test/lab/fixtures/kill-sandbox.md', 'test/lab/fixtures/kill-docker.md'];
const promisedMs = 250;
/** Looking itself takes a while: a process table, five programs. */
const lookMs = 350;

let before: MachineState;
beforeAll(async () => {
  before = await machineState();
});

/** Starts a run and kills its engine with SIGKILL after `afterMs`; resolves to what is left. */
async function killed(cli: string, document: string, afterMs: number): Promise<readonly string[]> {
  const engine = execa('node', [cli, 'run', document], {
    reject: false,
    stdin: 'ignore',
    buffer: false,
    stdout: 'ignore',
    stderr: 'ignore',
  });
  await sleep(afterMs);
  engine.kill('SIGKILL');
  await engine;
  const left = await leftSince(before, promisedMs + lookMs);
  // The kernel keeps the control groups of a killed engine; the next start sweeps them.
  return left.filter((thing) => !thing.startsWith('cgroup '));
}

describe(`an engine that is killed, ${kills} times`, () => {
  it('leaves nothing, whenever it is', async () => {
    const found: string[] = [];
    for (let n = 0; n < kills; n++) {
      const document = documents[n % documents.length] ?? '';
      const afterMs = Math.random() * (document.includes('docker') ? 1800 : 600);
      const left = await killed('dist/netlab.js', document, afterMs);
      if (left.length > 0) found.push(`${document} after ${Math.round(afterMs)} ms: ${left.join('; ')}`);
    }
    expect(found).toEqual([]);
  }, 600_000);

  it('leaves no control group after the next start', async () => {
    const { exitCode, stdout } = await execa('node', ['dist/netlab.js', 'run', 'test/lab/fixtures/short.md'], {
      reject: false,
    });
    expect(stdout).toContain('passed');
    expect(exitCode).toBe(0);
    expect(await leftSince(before, 1000)).toEqual([]);
  });
});

describe('without the lifeline', () => {
  let broken: string;
  afterAll(() => rmSync(broken, { recursive: true, force: true }));

  it('the same test finds what is left: it can fail', async () => {
    // A copy of the engine whose first processes wait for ever, whatever becomes of the engine.
    broken = mkdtempSync(join(tmpdir(), 'broken-'));
    cpSync('dist', join(broken, 'dist'), { recursive: true });
    cpSync('package.json', join(broken, 'package.json'));
    for (const script of ['ground.sh', 'init.sh']) {
      const path = join(broken, 'dist', script);
      const text = readFileSync(path, 'utf8');
      const deaf = text.replace('while IFS= read -r _; do :; done', 'sleep 300 </dev/null & wait');
      expect(deaf).not.toBe(text);
      writeFileSync(path, deaf);
    }
    const left = await killed(join(broken, 'dist/netlab.js'), resolve('test/lab/fixtures/kill-sandbox.md'), 700);
    expect(left.some((thing) => thing.startsWith('process '))).toBe(true);
    // Ended by their PIDs: they are this test's own.
    for (const thing of left) {
      const pid = Number(/^process (\d+) /.exec(thing)?.[1]);
      if (pid > 1) tryKill(pid);
    }
    expect((await leftSince(before, 3000)).filter((thing) => !thing.startsWith('cgroup '))).toEqual([]);
  }, 60_000);
});

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went with its namespace.
  }
}
