import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Limits } from '../runbook/types.ts';

const mount = '/sys/fs/cgroup';
const prefix = 'netlab-';

/** The control groups of one lab: one directory in each hierarchy of the machine. */
export interface Cgroups extends AsyncDisposable {
  /** A process joins by writing 0 to `cgroup.procs` in each. Empty where the engine may not make groups. */
  readonly directories: readonly string[];
  /** In a sentence, which limits have been reached since this was last asked; `undefined`: none. */
  limitsReached(): string | undefined;
}

let made = 0;

/**
 * Makes a lab's control groups and sets its limits. The name says whose they are (`netlab-PID-STARTTIME-N`): the kernel
 * keeps a group when its last process has gone, so the next engine must be able to tell that the owner is gone too.
 */
export function makeCgroups(limits: Limits): Cgroups {
  const roots = hierarchies();
  sweep(roots);
  const name = `${prefix}${process.pid}-${startTime(process.pid)}-${made++}`;
  const directories: string[] = [];
  for (const root of roots) {
    const directory = join(root, name);
    try {
      mkdirSync(directory);
      directories.push(directory);
      inherit(root, directory);
      limit(directory, limits);
    } catch {
      // Not ours to make (an ordinary user, a read-only mount): the lab works without; `netlab doctor` tells.
    }
  }
  return {
    directories,
    limitsReached: counters(directories, limits),
    async [Symbol.asyncDispose](): Promise<void> {
      for (const directory of directories) await removeTree(directory);
    },
  };
}

/** The mount points of the machine's hierarchies: several with cgroup v1 or hybrid, one with v2. */
function hierarchies(): string[] {
  if (existsSync(join(mount, 'cgroup.controllers'))) return [mount];
  try {
    return readdirSync(mount)
      .map((name) => join(mount, name))
      .filter((directory) => existsSync(join(directory, 'cgroup.procs')));
  } catch {
    return [];
  }
}

/** A cpuset group of v1 takes no process before it has processors and memory nodes. */
function inherit(root: string, directory: string): void {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    const own = join(directory, file);
    if (existsSync(own) && readFileSync(own, 'utf8').trim() === '') {
      writeFileSync(own, readFileSync(join(root, file), 'utf8'));
    }
  }
}

function limit(directory: string, limits: Limits): void {
  const quota = limits.cpu === undefined ? undefined : Math.round(limits.cpu * 100_000);
  const settings: readonly (readonly [string, string | undefined])[] = [
    ['pids.max', String(limits.pids)],
    ['memory.limit_in_bytes', String(limits.memory)],
    ['memory.max', String(limits.memory)],
    ['cpu.cfs_quota_us', quota === undefined ? undefined : String(quota)],
    ['cpu.max', quota === undefined ? undefined : `${quota} 100000`],
  ];
  for (const [file, value] of settings) {
    const path = join(directory, file);
    if (value !== undefined && existsSync(path)) writeFileSync(path, value);
  }
}

/** What the kernel counts: kills for memory (v1, v2), and forks that it refused. Each: file, key, what it means. */
function counters(directories: readonly string[], limits: Limits): () => string | undefined {
  const killed = `the kernel killed a process: the lab's memory limit (${Math.round(limits.memory / 2 ** 20)} MiB) was reached`;
  const refused = `the lab's limit of ${limits.pids} processes was reached`;
  const kinds = [
    ['memory.oom_control', 'oom_kill', killed],
    ['memory.events', 'oom_kill', killed],
    ['pids.events', 'max', refused],
  ] as const;
  const found = directories.flatMap((directory) =>
    kinds
      .map(([file, key, meaning]) => ({
        path: join(directory, file),
        line: new RegExp(`^${key} (\\d+)$`, 'm'),
        meaning,
        seen: 0,
      }))
      .filter(({ path }) => existsSync(path)),
  );
  return () => {
    const reached = found.filter((counter) => {
      const before = counter.seen;
      counter.seen = Number(counter.line.exec(readFileSync(counter.path, 'utf8'))?.[1] ?? 0);
      return counter.seen > before;
    });
    return reached.map(({ meaning }) => meaning).join('; ') || undefined;
  };
}

/** Removes the groups of engines that are gone. A group that still has a process refuses to be removed. */
function sweep(roots: readonly string[]): void {
  for (const root of roots) {
    for (const name of readdirSync(root)) {
      const owner = /^netlab-(\d+)-(\d+)-\d+$/.exec(name);
      if (owner && startTime(Number(owner[1])) !== owner[2]) tryRemove(join(root, name));
    }
  }
}

/** Field 22 of /proc/PID/stat: with the PID it names one process for as long as the machine is up. */
function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** The kernel needs a moment after the last process to let a group go. */
async function removeTree(directory: string): Promise<void> {
  for (let attempt = 0; attempt < 100 && !tryRemove(directory); attempt++) await sleep(10);
}

function tryRemove(directory: string): boolean {
  try {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) tryRemove(join(directory, entry.name));
    }
    rmdirSync(directory);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
