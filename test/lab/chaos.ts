import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { isOrphanGroup, leftSince, type MachineState } from './leaks.ts';

/** The labs that are struck; `rootless` is a sandbox of an ordinary user. */
export type Kind = 'sandbox' | 'rootless' | 'links' | 'docker';

/** What is run while it is struck, all of it busy until then, and the milliseconds that its start takes. */
const documents: Readonly<Record<Kind, { readonly path: string; readonly startMs: number; readonly asUser: boolean }>> =
  {
    sandbox: { path: 'kill-sandbox.md', startMs: 600, asUser: false },
    rootless: { path: 'kill-sandbox.md', startMs: 600, asUser: true },
    links: { path: 'kill-links.md', startMs: 900, asUser: false },
    docker: { path: 'kill-docker.md', startMs: 1800, asUser: false },
  };

type Part = 'launcher' | 'ground' | 'node' | 'dockerd' | 'containerd' | 'shell';

/** The processes of the system, by their command lines (NUL between arguments). */
const processes: Readonly<Record<Part, RegExp>> = {
  launcher: /^(?:unshare|nsenter)\0.*\0netlab-/,
  ground: /^bash\0.*\0netlab-ground\0/,
  node: /^bash\0.*\0netlab-(?!ground)/,
  dockerd: /^dockerd\0/,
  containerd: /^containerd\0/,
  shell: /^bash\0--norc\0--noprofile\0-s\0/,
};

/** One stroke: who gets which signal, and when. */
export interface Stroke {
  readonly kind: Kind;
  readonly victim: 'engine' | Part;
  readonly signal: 'SIGKILL' | 'SIGINT' | 'SIGTERM' | 'SIGHUP';
  /** From when on `afterMs` is counted: the engine's start, the moment at which a process is first seen, tear-down. */
  readonly point: 'start' | 'tear-down' | Part;
  readonly afterMs: number;
}

/** What came of a stroke. */
interface Struck {
  /** False when the engine had ended before its victim was seen. */
  readonly hit: boolean;
  /** Everything that should not be: what was left, a hang, a report that is cut or says that all is well. */
  readonly wrong: readonly string[];
  /** Of an engine that was killed outright: the milliseconds until nothing was left, looking included. */
  readonly goneMs: number | undefined;
}

/** Everything of a SIGKILL must be gone after this; looking takes a while, too: a process table, five programs. */
export const promisedMs = 250;
const lookMs = 350;
/** Teardown steps may take 20 s, and these documents have none. */
const endMs = 15_000;

/** The same strokes for the same seed (mulberry32). */
export function strokes(count: number, seed: number, kinds: readonly Kind[]): readonly Stroke[] {
  let state = seed >>> 0;
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const oneOf = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  return Array.from({ length: count }, (_, index): Stroke => {
    const kind = kinds[index % kinds.length] ?? 'sandbox';
    const { startMs } = documents[kind];
    const parts = partsOf(kind);
    const dice = random();
    // Half of all: the engine, at any moment of its start.
    if (dice < 0.5) return { kind, victim: 'engine', signal: 'SIGKILL', point: 'start', afterMs: random() * startMs };
    if (dice < 0.6) return { kind, victim: 'engine', signal: 'SIGKILL', point: oneOf(parts), afterMs: random() * 10 };
    if (dice < 0.7) {
      const signal = oneOf(['SIGINT', 'SIGTERM', 'SIGHUP'] as const);
      return { kind, victim: 'engine', signal, point: 'start', afterMs: 120 + random() * startMs };
    }
    const victim = oneOf(['engine', ...parts] as const);
    if (dice < 0.8) return { kind, victim, signal: 'SIGKILL', point: 'tear-down', afterMs: random() * 60 };
    const part = oneOf(parts);
    return { kind, victim: part, signal: 'SIGKILL', point: part, afterMs: random() * (startMs / 2) };
  });
}

/** The ground is there for links alone. */
function partsOf(kind: Kind): readonly Part[] {
  const own: Readonly<Partial<Record<Kind, readonly Part[]>>> = {
    docker: ['dockerd', 'containerd'],
    links: ['ground'],
  };
  return ['launcher', 'node', 'shell', ...(own[kind] ?? [])];
}

export function describeStroke({ kind, victim, signal, point, afterMs }: Stroke): string {
  const from = point === 'start' || point === 'tear-down' ? `after ${point}` : `after ${point} is seen`;
  return `${kind}: ${signal} to ${victim}, ${Math.round(afterMs)} ms ${from}`;
}

/** A copy of the engine and of the documents in a folder where every user may read and write. */
export function stage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-'));
  cpSync('dist', join(folder, 'dist'), { recursive: true });
  cpSync('package.json', join(folder, 'package.json'));
  cpSync('test/lab/fixtures', folder, { recursive: true });
  chmodSync(folder, 0o777);
  return folder;
}

/** Runs the document of a stroke with the engine that is staged in `folder`, strikes, and looks at what is left. */
export async function strike(stroke: Stroke, folder: string, before: MachineState): Promise<Struck> {
  const { path, asUser } = documents[stroke.kind];
  const report = join(folder, 'report.json');
  const user = asUser ? ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'] : [];
  const [file, ...args] = [...user, 'node', 'dist/netlab.cjs', 'run', path, '--reporter', `json=${report}`];
  const silent = { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore', buffer: false } as const;
  const engine = execa(file ?? '', args, { ...silent, reject: false, cwd: folder, env: { HOME: '/tmp' } });
  const pid = engine.pid ?? 0;
  let ended = false;
  void engine.then(() => {
    ended = true;
  });
  const seen = async (part: Part): Promise<number | undefined> => {
    for (const giveUp = performance.now() + endMs; !ended && performance.now() < giveUp; await sleep(2)) {
      const found = below(pid, processes[part]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  if (stroke.point === 'tear-down') {
    await seen('shell');
    await sleep(50);
    engine.kill('SIGINT');
  } else if (stroke.point !== 'start') await seen(stroke.point);
  await sleep(stroke.afterMs);
  const target = stroke.victim === 'engine' ? pid : below(pid, processes[stroke.victim]);
  const since = performance.now();
  const hit = !ended && target !== undefined && send(target, stroke.signal);
  const killed = stroke.victim === 'engine' && stroke.signal === 'SIGKILL';
  const wrong: string[] = [];
  // An engine that its dying parts do not end (Docker starts its containerd anew) is stopped as a reader would stop it.
  if (!killed) await Promise.race([engine, sleep(1500)]);
  if (!killed && !ended) engine.kill('SIGINT');
  await Promise.race([engine, sleep(endMs)]);
  if (!ended) {
    wrong.push('hang: the engine did not end');
    engine.kill('SIGKILL');
  }
  const { exitCode, signal } = await engine;
  if (exitCode === 0) wrong.push('the run passed');
  wrong.push(...wrongReport(report, killed || signal !== undefined));
  // The kernel keeps the control groups of a killed engine; the next start sweeps them.
  const isWrong = (thing: string): boolean =>
    !isOrphanGroup(thing) || (exitCode !== undefined && thing.includes(`/netlab-${pid}-`));
  const left = await leftSince(before, promisedMs + lookMs, isWrong);
  const goneMs = hit && killed && left.length === 0 ? performance.now() - since : undefined;
  wrong.push(...left);
  return { hit, wrong, goneMs };
}

/** A report is whole or not there at all. */
function wrongReport(path: string, mayBeMissing: boolean): string[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
    rmSync(path);
  } catch {
    return mayBeMissing ? [] : ['no report'];
  }
  try {
    const { status } = JSON.parse(text) as { status: string };
    return status === 'passed' ? ['the report says passed'] : [];
  } catch {
    return ['the report is cut'];
  }
}

/** A process of that command line among the descendants of `root`. */
function below(root: number, wanted: RegExp): number | undefined {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = read(`/proc/${name}/stat`);
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || isBelow(parents.get(pid)));
  return [...parents.keys()].find((pid) => pid !== root && wanted.test(read(`/proc/${pid}/cmdline`)) && isBelow(pid));
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
