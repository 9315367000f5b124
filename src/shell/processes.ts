import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { trace, tracing } from '../trace.ts';

/** A row of the process table; `startTime` in clock ticks since the machine started, proc(5). */
interface Process {
  readonly pid: number;
  readonly name: string;
  readonly stopped: boolean;
  readonly parent: number;
  readonly startTime: number;
}

/** The process table as it is now. Processes that end while it is read are left out. */
function processTable(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
        const end = stat.lastIndexOf(')');
        const fields = stat.slice(end + 2).split(' ');
        const row = { pid: Number(name), name: stat.slice(stat.indexOf('(') + 1, end), stopped: fields[0] === 'T' };
        return fields[0] === 'Z' ? [] : [{ ...row, parent: Number(fields[1]), startTime: Number(fields[19]) }];
      } catch {
        return [];
      }
    });
}

function descendants(table: readonly Process[], roots: ReadonlySet<number>): Process[] {
  const found = new Set(roots);
  // A child's PID may be lower than its parent's once numbers wrap, so go on until nothing is added.
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { pid, parent } of table) if (found.has(parent)) found.add(pid);
  }
  return table.filter(({ pid }) => found.has(pid) && !roots.has(pid));
}

/** Clock ticks since the machine started, on the clock of `startTime`; 100 a second on every Linux that Node runs on. */
export function clockTicks(): number {
  return Math.floor(Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]) * 100);
}

/** `clockTicks` as it was at `moment` of `performance.now()`, or one less: for steps that need it seldom. */
export function clockTicksAt(moment: number): number {
  return clockTicks() - Math.ceil((performance.now() - moment) / 10) - 1;
}

/**
 * Sends SIGINT to what the shell started by `launcher` is running: what Ctrl-C does at a terminal. The shell itself is spared
 * (it ends a loop when its child dies of the signal), unless nothing but itself is running.
 */
export function interruptBelow(launcher: number): void {
  const table = processTable();
  const entering = table.some(({ pid, name }) => pid === launcher && name === 'nsenter');
  const shell = entering ? table.find(({ parent }) => parent === launcher)?.pid : launcher;
  if (shell === undefined) return;
  const running = descendants(table, new Set([shell])).map(({ pid }) => pid);
  const reached = running.length > 0 ? running : [shell];
  if (tracing.hasSubscribers) trace('shell', `Ctrl-C to ${reached.length} processes`);
  for (const pid of reached) send(pid, 'SIGINT');
}

/** `script` stops with the shell that it runs, and then hands on nothing: lets it go on. True where it was so. */
export function wakeTerminal(launcher: number): boolean {
  const table = processTable();
  const asleep = [...table.filter(({ pid }) => pid === launcher), ...descendants(table, new Set([launcher]))].filter(
    ({ name, stopped }) => stopped && name === 'script',
  );
  for (const { pid } of asleep) send(pid, 'SIGCONT');
  return asleep.length > 0;
}

/** The number of read(2) on the processors that Node.js runs on under Linux. */
const readCall = process.arch === 'x64' ? '0' : '63';

/** The name of a process below `launcher` that waits for somebody to type: it sleeps in a read of a terminal. */
export function readerOfTerminal(launcher: number): string | undefined {
  return descendants(processTable(), new Set([launcher])).find(({ pid }) => {
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
  for (const { pid } of descendants(processTable(), new Set([launcher]))) {
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
 * node) since `sinceTicks`. Containers stay: their shims belong to the engine. Goes on until a look finds nothing, because
 * a tree may fork while it is being killed. An `nsenter` that launched it is spared as long as it can: it ends by itself
 * once it has reaped its child, and a child that falls to the machine's init instead may wait there, unreaped, and hold up
 * the end of its whole PID namespace.
 */
export async function killTree(
  launcher: number | undefined,
  adopter: number | undefined,
  sinceTicks: number,
): Promise<void> {
  for (let look = 0; look < 400; look++) {
    const table = processTable();
    const isOrphan = ({ parent, startTime, name }: Process): boolean =>
      parent === adopter && startTime >= sinceTicks && !name.startsWith('containerd');
    const tops = table.filter((each) => each.pid === launcher || isOrphan(each)).map(({ pid }) => pid);
    if (tops.length === 0) return;
    if (look === 0 && tracing.hasSubscribers) {
      const below = descendants(table, new Set(tops)).map(({ name, pid }) => `${name} ${pid}`);
      trace('shell', `ends ${below.join(', ') || 'nothing but the shell itself'}`);
    }
    for (const { pid } of descendants(table, new Set(tops))) send(pid, 'SIGKILL');
    for (const pid of tops) {
      const reaps = look < 200 && table.some((each) => each.pid === pid && each.name === 'nsenter');
      // One that was stopped along with its child must go on to see that child's end.
      send(pid, reaps ? 'SIGCONT' : 'SIGKILL');
    }
    await sleep(2);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself in the meantime.
  }
}
