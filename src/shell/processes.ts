import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { trace, tracing } from '../trace.ts';

/** A row of the process table; `startTime` in clock ticks since the machine started, proc(5). */
interface Process {
  readonly pid: number;
  readonly name: string;
  readonly stopped: boolean;
  readonly parent: number;
  readonly session: number;
  readonly startTime: number;
}

/** What the kernel says of a process; `undefined`: it has ended. */
function processOf(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const end = stat.lastIndexOf(')');
    const [state, parent, ...fields] = stat.slice(end + 2).split(' ');
    if (state === 'Z') return undefined;
    const name = stat.slice(stat.indexOf('(') + 1, end);
    const [session, startTime] = [Number(fields[1]), Number(fields[17])];
    return { pid, name, stopped: state === 'T', parent: Number(parent), session, startTime };
  } catch {
    return undefined;
  }
}

/** Each thread has its own children (proc(5)): to look there costs what the tree costs, not what the machine runs. */
function childrenOf(pid: number): Process[] {
  try {
    const lists = readdirSync(`/proc/${pid}/task`).map((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1'),
    );
    return processes(lists.flatMap((list) => list.split(' ')));
  } catch {
    // It has ended, or the kernel keeps no such lists (CONFIG_PROC_CHILDREN).
    return existsSync('/proc/thread-self/children')
      ? []
      : processes(readdirSync('/proc')).filter(({ parent }) => parent === pid);
  }
}

function processes(names: readonly string[]): Process[] {
  return names.flatMap((name) => (/^\d+$/.test(name) ? (processOf(Number(name)) ?? []) : []));
}

/** All below a process, parents first. */
function descendants(root: number): Process[] {
  const found = childrenOf(root);
  for (const { pid } of found) found.push(...childrenOf(pid));
  return found;
}

/** Clock ticks since the machine started, on the clock of `startTime`; 100 a second on every Linux that Node runs on. */
export function clockTicks(): number {
  return Math.floor(Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]) * 100);
}

/** `clockTicks` as it was at `moment` of `performance.now()`, or up to two less: for steps that need it seldom. */
export function clockTicksAt(moment: number): number {
  for (let tries = 1; ; tries++) {
    const before = performance.now();
    const ticks = clockTicks();
    const after = performance.now();
    // Both clocks must have been read at one time, which a busy machine may not have allowed.
    if (after - before < 1 || tries === 10) return ticks - Math.ceil((after - moment) / 10) - 1;
  }
}

/**
 * Sends SIGINT to what the shell started by `launcher` is running: what Ctrl-C does at a terminal. The shell itself is spared
 * (it ends a loop when its child dies of the signal), unless nothing but itself is running.
 */
export function interruptBelow(launcher: number): void {
  const entering = processOf(launcher)?.name === 'nsenter';
  const shell = entering ? childrenOf(launcher)[0]?.pid : launcher;
  if (shell === undefined) return;
  const running = descendants(shell).map(({ pid }) => pid);
  const reached = running.length > 0 ? running : [shell];
  if (tracing.hasSubscribers) trace('shell', `Ctrl-C to ${reached.length} processes`);
  for (const pid of reached) send(pid, 'SIGINT');
}

/** `script` stops with the shell that it runs, and then hands on nothing: lets it go on. True where it was so. */
export function wakeTerminal(launcher: number): boolean {
  const asleep = [processOf(launcher) ?? [], ...descendants(launcher)]
    .flat()
    .filter(({ name, stopped }) => stopped && name === 'script');
  for (const { pid } of asleep) send(pid, 'SIGCONT');
  return asleep.length > 0;
}

/** The number of read(2) on the processors that Node.js runs on under Linux. */
const readCall = process.arch === 'x64' ? '0' : '63';

/** The name of a process below `launcher` that waits for somebody to type: it sleeps in a read of a terminal. */
export function readerOfTerminal(launcher: number): string | undefined {
  return descendants(launcher).find(({ pid }) => {
    try {
      const [call, descriptor = ''] = readFileSync(`/proc/${pid}/syscall`, 'latin1').split(' ');
      return call === readCall && /^\/dev\/(?:pts\/|tty)/.test(readlinkSync(`/proc/${pid}/fd/${Number(descriptor)}`));
    } catch {
      return false;
    }
  })?.name;
}

/** The terminal, by its name on the node, in which something below `launcher` runs. */
export function terminalBelow(launcher: number): string | undefined {
  for (const { pid } of descendants(launcher)) {
    try {
      const terminal = readlinkSync(`/proc/${pid}/fd/1`);
      if (/^\/dev\/pts\/\d+$/.test(terminal)) return terminal;
    } catch {
      // It has ended in the meantime.
    }
  }
  return undefined;
}

/**
 * Kills what `launcher` has started, all that descends from it, and what such processes left to `adopter` (PID 1 of their
 * node) since `sinceTicks`. Containers stay: their shims belong to the engine. So does what PID 1 has started itself: that is
 * in its session, and nothing else is (see `start` in src/lab/namespace.ts). Goes on until a look finds nothing, because a
 * tree may fork while it is being killed. An `nsenter` that launched it is spared as long as it can: it ends by itself once
 * it has reaped its child, and a child that falls to the machine's init instead may wait there, unreaped, and hold up the
 * end of its whole PID namespace.
 */
export async function killTree(
  launcher: number | undefined,
  adopter: number | undefined,
  sinceTicks: number,
): Promise<void> {
  for (let look = 0; look < 400; look++) {
    const own = adopter === undefined ? undefined : processOf(adopter)?.session;
    const isOrphan = ({ startTime, session, name }: Process): boolean =>
      startTime >= sinceTicks && session !== own && !name.startsWith('containerd');
    const orphans = adopter === undefined ? [] : childrenOf(adopter).filter(isOrphan);
    const tops = [launcher === undefined ? [] : (processOf(launcher) ?? []), ...orphans].flat();
    if (tops.length === 0) return;
    const below = tops.flatMap(({ pid }) => descendants(pid));
    if (look === 0 && tracing.hasSubscribers) {
      const named = below.map(({ name, pid }) => `${name} ${pid}`);
      trace('shell', `ends ${named.join(', ') || 'nothing but the shell itself'}`);
    }
    for (const { pid } of below) send(pid, 'SIGKILL');
    for (const { pid, name } of tops) {
      const reaps = look < 200 && name === 'nsenter';
      // One that was stopped along with its child must go on to see that child's end.
      send(pid, reaps ? 'SIGCONT' : 'SIGKILL');
    }
    await sleep(look === 0 ? 1 : 2);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself in the meantime.
  }
}
