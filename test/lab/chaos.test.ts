import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeStroke, type Kind, type Stroke, stage, strike, strokes } from './chaos.ts';
import { leftSince, type MachineState, machineState } from './leaks.ts';

/** `npm run chaos -- --kills N --seed N --kinds a,b` sets these. */
const kills = Number(process.env['NETLAB_KILLS'] ?? 200);
const seed = Number(process.env['NETLAB_SEED'] ?? Date.now() % 1_000_000);
/** Docker labs take longest: one stroke in eight. */
const mixed = 'sandbox,links,sandbox,rootless,sandbox,docker,sandbox,rootless';
const kinds = (process.env['NETLAB_KINDS'] ?? mixed).split(',') as Kind[];
/** Where to write each stroke down as it comes. */
const diary = process.env['NETLAB_DIARY'];

/** The next start sweeps the control groups of killed engines. */
const nextStart = () => execa('node', ['dist/netlab.js', 'run', 'test/lab/fixtures/short.md'], { reject: false });

let before: MachineState;
let folder: string;
beforeAll(async () => {
  folder = stage();
  before = await machineState();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe(`a part of the system that is killed, ${kills} times (seed ${seed})`, () => {
  it('leaves nothing, hangs nothing, and no report says that all was well', async () => {
    const wrong: string[] = [];
    const hits = new Map<string, number>();
    const times: number[] = [];
    for (const [index, stroke] of strokes(kills, seed, kinds).entries()) {
      const struck = await strike(stroke, folder, before);
      const line = `${index} ${describeStroke(stroke)}${struck.hit ? '' : ' (missed)'}: ${struck.wrong.join('; ') || 'ok'}`;
      if (diary !== undefined) appendFileSync(diary, `${line}\n`);
      if (struck.wrong.length > 0) wrong.push(line);
      if (struck.goneMs !== undefined) times.push(struck.goneMs);
      if (struck.hit) hits.set(stroke.victim, (hits.get(stroke.victim) ?? 0) + 1);
    }
    console.log(`${kills} strokes, seed ${seed}: ${[...hits].map(([part, count]) => `${part} ${count}`).join(', ')}`);
    console.log(`after SIGKILL to the engine, nothing was left and seen to be so within ${told(times)}`);
    await nextStart();
    expect(wrong).toEqual([]);
    // Names of processes change: a stroke that finds nobody proves nothing.
    if (kills >= 200) expect(Math.min(...hits.values())).toBeGreaterThan(0);
    expect([...hits.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(kills * 0.8);
  }, 2_147_483_647);

  it('leaves no control group after the next start, and no file', async () => {
    const { exitCode, stdout } = await nextStart();
    expect(stdout).toContain('passed');
    expect(exitCode).toBe(0);
    expect(await leftSince(before, 1000)).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.includes('report'))).toEqual([]);
  });
});

describe('without the lifeline', () => {
  let broken: string;
  afterAll(() => rmSync(broken, { recursive: true, force: true }));

  it('the same strokes leave something: the test can fail', async () => {
    // A copy of the engine whose first processes wait for ever, whatever becomes of the engine.
    broken = stage();
    for (const script of ['ground.sh', 'init.sh']) {
      const path = join(broken, 'dist', script);
      const text = readFileSync(path, 'utf8');
      const deaf = text.replace('while IFS= read -r _; do :; done', 'sleep 300 </dev/null & wait');
      expect(deaf).not.toBe(text);
      writeFileSync(path, deaf);
    }
    const stroke: Stroke = { kind: 'sandbox', victim: 'engine', signal: 'SIGKILL', point: 'shell', afterMs: 50 };
    const { wrong } = await strike(stroke, broken, before);
    expect(wrong.some((thing) => thing.startsWith('process '))).toBe(true);
    // Ended by their PIDs: they are this test's own.
    for (const thing of wrong) {
      const pid = Number(/^process (\d+) /.exec(thing)?.[1]);
      if (pid > 1) tryKill(pid);
    }
    await leftSince(before, 3000);
    await nextStart();
    rmSync(broken, { recursive: true });
    expect(await leftSince(before, 1000)).toEqual([]);
  }, 60_000);
});

/** Half of the times, all but a hundredth, and all of them. */
function told(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
  return `${at(0.5)} ms (median), ${at(0.99)} ms (99 of 100), ${at(1)} ms (all)`;
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went with its namespace.
  }
}
