import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

/** All of a machine that a lab could leave behind, each thing as one line of text. */
export type MachineState = ReadonlySet<string>;

const namespaceKinds = ['net', 'mnt', 'pid', 'uts', 'ipc', 'user', 'cgroup'];
/** Programs of the engine that stay in the machine's own namespaces. */
const launchers = /(?:^|\/)(?:unshare|nsenter|script|dockerd|containerd\S*|runc|dnsmasq)\0|netlab-(?:ground|init|node)/;

/** Files that only netlab makes; a test's own may stay as long as its file runs. */
const ownFiles = /netlab|docker|containerd/;

/** What every test is compared by: a few milliseconds. */
export async function machineState(): Promise<MachineState> {
  return new Set([
    ...processes(),
    // Of this process's own network, whatever network /sys shows.
    ...labelled(
      'link',
      [...read('/proc/self/net/dev').matchAll(/^ *(\S+):/gm)].map(([, name]) => name ?? ''),
    ),
    ...labelled('netns', list('/run/netns')),
    ...labelled('mount', read('/proc/self/mountinfo').split('\n').map(mountPoint)),
    ...labelled('cgroup', cgroups('/sys/fs/cgroup')),
    ...labelled('loop device', loopDevices()),
    ...labelled(
      'file',
      filesIn(['/tmp', '/run', '/dev/shm']).filter((path) => ownFiles.test(path)),
    ),
    ...labelled('rule', await rules()),
  ]);
}

/**
 * What besides must be as it was once a test file is through with its labs: the descriptors of this process,
 * what it has started, and the control groups that it has made.
 */
export async function fileState(): Promise<MachineState> {
  return new Set([
    ...(await machineState()),
    ...labelled('descriptor', descriptors()),
    ...labelled('child', children()),
    ...labelled('cgroup', cgroups('/sys/fs/cgroup', process.pid)),
  ]);
}

/** What is there now that was not there before; looks again for a while, as the kernel cleans up in its own time. */
export async function leftSince(
  before: MachineState,
  withinMs: number,
  state: () => Promise<MachineState> = machineState,
): Promise<readonly string[]> {
  const deadline = performance.now() + withinMs;
  while (true) {
    const left = [...(await state())].filter((thing) => !before.has(thing));
    if (left.length === 0 || performance.now() > deadline) return left;
    await sleep(20);
  }
}

/**
 * Processes in namespaces other than this one's, and the engine's launchers, whose tree hangs on nobody: an engine that
 * still runs (another test's, another person's) is the parent of all that it has started.
 */
function processes(): string[] {
  const own = namespacesOf('self');
  const pids = list('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map(pids.map((pid) => [pid, parentOf(pid)]));
  const isOfLab = (pid: string): boolean => {
    const theirs = namespacesOf(pid);
    return (theirs !== '' && theirs !== own) || launchers.test(read(`/proc/${pid}/cmdline`));
  };
  return pids
    .filter((pid) => read(`/proc/${pid}/cmdline`) !== '' && isOfLab(pid) && isOfLab(top(pid, parents)))
    .map(told);
}

function told(pid: string): string {
  return `process ${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').slice(0, 80)}`;
}

/** The ancestor that init has adopted, or the process itself. */
function top(pid: string, parents: ReadonlyMap<string, string>): string {
  const parent = parents.get(pid) ?? '0';
  return Number(parent) <= 1 ? pid : top(parent, parents);
}

function children(): string[] {
  return list('/proc')
    .filter((pid) => /^\d+$/.test(pid) && parentOf(pid) === String(process.pid))
    .map(told);
}

function parentOf(pid: string): string {
  const stat = read(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? '0';
}

function namespacesOf(pid: string): string {
  try {
    return namespaceKinds.map((kind) => readlinkSync(`/proc/${pid}/ns/${kind}`)).join(' ');
  } catch {
    return '';
  }
}

/** Lab groups whose engine is gone; with `owner`, that process's own. */
function cgroups(folder: string, owner?: number): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => [
        ...((owner === undefined ? isOrphanGroup(name) : name.startsWith(`netlab-${owner}-`))
          ? [join(folder, name)]
          : []),
        ...cgroups(join(folder, name), owner),
      ]);
  } catch {
    return [];
  }
}

function isOrphanGroup(name: string): boolean {
  const [, pid, startTime] = /^netlab-(\d+)-(\d+)-/.exec(name) ?? [];
  if (pid === undefined) return false;
  const stat = read(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] !== startTime;
}

/** Those that have a file. */
function loopDevices(): string[] {
  return list('/sys/block')
    .filter((name) => name.startsWith('loop'))
    .map((name) => `${name} ${read(`/sys/block/${name}/loop/backing_file`).trim()}`)
    .filter((line) => line.includes('/'));
}

/** Rules of nft and both kinds of iptables, without their counters. Programs that are not there have made none. */
async function rules(): Promise<string[]> {
  const script = 'iptables-legacy-save; ip6tables-legacy-save; iptables-nft-save; nft list ruleset';
  const env = { PATH: `${process.env['PATH']}:/usr/sbin:/sbin` };
  const { stdout } = await execa('sh', ['-c', `{ ${script}; } 2>/dev/null`], { reject: false, env });
  const builtIn = /^:(?:PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING) |^[#*]|^COMMIT$/;
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !builtIn.test(line))
    .map((line) => line.replace(/\[\d+:\d+\]|packets \d+ bytes \d+/g, '').trim());
}

function filesIn(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => list(folder).map((name) => join(folder, name)));
}

/** Of this process, each with what it is: a number that is used again for something else is another one. */
function descriptors(): string[] {
  return list('/proc/self/fd').flatMap((fd) => {
    try {
      return [`${fd} ${readlinkSync(`/proc/self/fd/${fd}`)}`];
    } catch {
      return [];
    }
  });
}

function mountPoint(line: string): string {
  return line.split(' ')[4] ?? '';
}

function labelled(kind: string, things: readonly string[]): string[] {
  return things.map((thing) => `${kind} ${thing}`);
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
