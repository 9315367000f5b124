import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Limits } from '../runbook/types.ts';
import { thaw } from './freezer.ts';
import { counters } from './limit-counters.ts';
import { isRoot } from './machine.ts';

const mount = '/sys/fs/cgroup';
const prefix = 'netlab-';

/** What control groups limit. */
export type GroupLimit = 'memory' | 'pids' | 'cpu';

/** The control groups of one lab: one directory in each hierarchy of the machine. */
export interface Cgroups extends AsyncDisposable {
  /** A process joins by writing 0 to `tasks` (v1) or `cgroup.procs` in each. Empty where the engine may not make groups. */
  readonly directories: readonly string[];
  /** The hierarchies that a node shows, by their names, each from the lab's own group on; `undefined`: all. */
  readonly shown: readonly string[] | undefined;
  /** Of an ordinary user, who may make no groups: how many processes each step's own limit allows the whole lab. */
  readonly processes: number | undefined;
  /** Limits that this machine does not keep. */
  readonly unkept: readonly GroupLimit[];
  /** In a sentence, which limits have been reached since this was last asked; `undefined`: none. */
  limitsReached(): string | undefined;
}

let made = 0;

/**
 * Makes a lab's control groups and sets its limits. `all`: in each hierarchy, as container engines want them, and not only
 * where something is limited: v1 has many, and to make, join, show and remove a group in each takes time. The name says
 * whose they are (`netlab-PID-STARTTIME-PIDNAMESPACE-N`): the kernel keeps a group when its last process has gone, so the
 * next engine must be able to tell that the owner is gone too.
 */
export function makeCgroups(limits: Limits, { all = true }: { readonly all?: boolean } = {}): Cgroups {
  const found = hierarchies();
  sweep(found);
  const wanted: readonly GroupLimit[] = ['memory', 'pids', ...(limits.cpu === undefined ? [] : (['cpu'] as const))];
  const isWanted = (root: string): boolean => wanted.some((limit) => basename(root).split(',').includes(limit));
  const roots = all || found[0] === mount ? found : found.filter(isWanted);
  const directories = makeDirectories(roots);
  const kept = new Set(directories.flatMap((directory) => setLimits(directory, limits)));
  // In a user namespace the kernel counts the lab's processes for each user; root's it does not limit so.
  const processes = kept.has('pids') || isRoot() ? undefined : limits.pids;
  if (processes !== undefined) kept.add('pids');
  const counted = counters(directories, limits);
  return {
    directories,
    shown: all ? undefined : directories.map((directory) => basename(dirname(directory))),
    processes,
    unkept: wanted.filter((limit) => !kept.has(limit)),
    limitsReached: counted.reached,
    async [Symbol.asyncDispose](): Promise<void> {
      counted.close();
      await Promise.all(directories.map(removeTree));
    },
  };
}

/** Makes one directory in each of them where that can be had, all of one name that nobody has yet. */
function makeDirectories(roots: readonly string[]): string[] {
  const name = `${prefix}${process.pid}-${startTime(process.pid)}-${pidNamespace()}-${made++}`;
  const directories: string[] = [];
  for (const root of roots) {
    const directory = join(root, name);
    try {
      mkdirSync(directory);
    } catch (error) {
      // Not ours to make (an ordinary user, a read-only mount): the lab works without, and says what is not limited.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') continue;
      // Another thread of this process counts for itself: it has come to the same number.
      for (const made of directories) tryRemove(made);
      return makeDirectories(roots);
    }
    try {
      inherit(root, directory);
      directories.push(directory);
    } catch {
      tryRemove(directory);
    }
  }
  return directories;
}

/** Which limits a lab of this process could set, as far as the machine's hierarchies tell. Makes no group. */
export function possibleLimits(): readonly GroupLimit[] {
  const roots = hierarchies().filter(isWritable);
  // v2 hands down what the file says; a v1 hierarchy is named for what it controls.
  const controllers = roots.flatMap((root) => {
    const handedDown = join(root, 'cgroup.subtree_control');
    return existsSync(handedDown) ? readFileSync(handedDown, 'utf8').trim().split(' ') : basename(root).split(',');
  });
  return (['memory', 'pids', 'cpu'] as const).filter((limit) => controllers.includes(limit));
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The mount points of the machine's hierarchies: several with cgroup v1 or hybrid, one with v2. */
function hierarchies(): string[] {
  if (existsSync(join(mount, 'cgroup.controllers'))) return [mount];
  try {
    // A link is another name of a hierarchy that is there already: cpu of cpu,cpuacct.
    return readdirSync(mount, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(mount, name))
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

/** Sets what this directory's hierarchy can limit, and returns which that was. */
function setLimits(directory: string, limits: Limits): GroupLimit[] {
  const quota = limits.cpu === undefined ? undefined : Math.round(limits.cpu * 100_000);
  const settings: readonly (readonly [GroupLimit | undefined, string, string | undefined])[] = [
    ['pids', 'pids.max', String(limits.pids)],
    ['memory', 'memory.limit_in_bytes', String(limits.memory)],
    ['memory', 'memory.max', String(limits.memory)],
    // What is over the limit goes to no swap either, where the kernel can forbid it.
    [undefined, 'memory.memsw.limit_in_bytes', String(limits.memory)],
    [undefined, 'memory.swap.max', '0'],
    ['cpu', 'cpu.cfs_quota_us', quota === undefined ? undefined : String(quota)],
    ['cpu', 'cpu.max', quota === undefined ? undefined : `${quota} 100000`],
  ];
  return settings.flatMap(([limit, file, value]) => {
    const path = join(directory, file);
    if (value === undefined || !existsSync(path)) return [];
    try {
      writeFileSync(path, value);
      return limit === undefined ? [] : [limit];
    } catch {
      return [];
    }
  });
}

/** A group that is this old, in milliseconds, has either a process of its lab in it or no lab. */
const startUpMs = 10 * 60 * 1000;

/**
 * Removes the groups of engines that are gone; a group with a process in it refuses to be removed. Of an engine in another
 * PID namespace, which this process cannot see, only old groups are tried: a new one may be about to get its first process.
 */
function sweep(roots: readonly string[]): void {
  const here = pidNamespace();
  for (const root of roots) {
    for (const name of readdirSync(root)) {
      const [, pid, started, namespace] = /^netlab-(\d+)-(\d+)-(?:(\d+)-)?\d+$/.exec(name) ?? [];
      if (pid === undefined) continue;
      const gone = namespace === here ? startTime(Number(pid)) !== started : isOld(join(root, name));
      if (!gone) continue;
      thaw([join(root, name)]);
      tryRemove(join(root, name));
    }
  }
}

function isOld(directory: string): boolean {
  const made = statSync(directory, { throwIfNoEntry: false })?.ctimeMs;
  return made !== undefined && Date.now() - made > startUpMs;
}

/** Its number: two processes with the same one see the same PIDs. */
function pidNamespace(): string {
  return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
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
  for (let attempt = 0; attempt < 100 && !tryRemove(directory); attempt++) await sleep(Math.min(1 + attempt, 10));
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
