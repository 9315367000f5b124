import { appendFileSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proofRow } from '../proofs/proof-row.ts';
import { describeStroke, type Kind, promisedMs, type Stroke, stage, strike, strokes } from './chaos.ts';
import { leftSince, type MachineState, machineState } from './leaks.ts';

/** `npm run chaos -- --kills N --seed N --kinds a,b` sets these. */
const kills = Number(process.env['NETLAB_KILLS'] ?? 120);
const seed = Number(process.env['NETLAB_SEED'] ?? Date.now() % 1_000_000);
/** Docker labs take longest: one stroke in eight. */
const mixed = 'sandbox,links,sandbox,rootless,sandbox,docker,sandbox,rootless';
const kinds = (process.env['NETLAB_KINDS'] ?? mixed).split(',') as Kind[];
/** Where to write each stroke down as it comes. */
const diary = process.env['NETLAB_DIARY'];

/** The next start sweeps the control groups of killed engines. */
const nextStart = (...options: string[]) =>
  execa('node', ['dist/netlab.cjs', 'run', ...options, 'test/lab/fixtures/short.md'], { reject: false });

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
    const times: Gone[] = [];
    for (const [index, stroke] of strokes(kills, seed, kinds).entries()) {
      const struck = await strike(stroke, folder, before);
      const line = `${index} ${describeStroke(stroke)}${struck.hit ? '' : ' (missed)'}: ${struck.wrong.join('; ') || 'ok'}`;
      if (diary !== undefined) appendFileSync(diary, `${line}\n`);
      if (struck.wrong.length > 0) wrong.push(line);
      if (struck.goneMs !== undefined) times.push({ kind: stroke.kind, ms: struck.goneMs });
      if (struck.hit) hits.set(stroke.victim, (hits.get(stroke.victim) ?? 0) + 1);
    }
    const hit = [...hits.values()].reduce((sum, count) => sum + count, 0);
    const parts = [...hits].map(([part, count]) => `${part} ${count}`).join(', ');
    const done = `${kills} strokes (seed ${seed}): ${parts}; ${kills - hit} came too late to hit`;
    const came = `${wrong.length} left something, hung or were told as passed. After SIGKILL to the engine all was gone, ${told(times)}`;
    console.log(proofRow(`npm run chaos -- --kills ${kills}`, done, came));
    await nextStart();
    expect(wrong).toEqual([]);
    // Names of processes change: a stroke that finds nobody proves nothing.
    if (kills >= 200) expect(Math.min(...hits.values())).toBeGreaterThan(0);
    expect(hit).toBeGreaterThan(kills * 0.8);
    // What is promised of a machine at rest: few strokes, among other tests, say little of it.
    if (kills >= 1000) expect(at(times, 0.99)).toBeLessThanOrEqual(promisedMs);
  }, 2_147_483_647);

  it('leaves no control group after the next start, and no file', async () => {
    const reports = (): string[] => readdirSync(folder).filter((name) => name.includes('report'));
    const report = join(folder, 'report.json');
    // A kill while the report is written leaves the half of it, for the next report of that name to take away.
    writeFileSync(`${report}.partial-1`, 'half');
    for (const name of reports()) utimesSync(join(folder, name), new Date(0), new Date(0));
    writeFileSync(`${report}.partial-2`, 'somebody writes this now');
    const { exitCode, stdout } = await nextStart('--reporter', `json=${report}`, '--reporter', 'pretty');
    expect(stdout).toContain('passed');
    expect(exitCode).toBe(0);
    expect(await leftSince(before, 1000)).toEqual([]);
    expect(reports().sort()).toEqual(['report.json', 'report.json.partial-2']);
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

/** After a SIGKILL to the engine: the milliseconds until all was seen to be gone. */
interface Gone {
  readonly kind: Kind;
  readonly ms: number;
}

/** Within how many milliseconds that share of all were gone. */
function at(times: readonly Gone[], share: number): number {
  const sorted = times.map(({ ms }) => ms).sort((a, b) => a - b);
  return Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
}

/** Half of the times, all but a hundredth, and all of them, for each kind of lab. */
function told(times: readonly Gone[]): string {
  const each = [...new Set(times.map(({ kind }) => kind))].map((kind) => {
    const own = times.filter((gone) => gone.kind === kind);
    return `${kind} within ${at(own, 0.5)} ms (median), ${at(own, 0.99)} ms (99 of 100), ${at(own, 1)} ms (all)`;
  });
  const late = times.filter(({ ms }) => ms > promisedMs).length;
  return `${each.join('; ')}; ${late} of ${times.length} took longer than ${promisedMs} ms`;
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went with its namespace.
  }
}
