import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

/** All of a machine that a lab could leave behind, each thing as one line of text. */
export type MachineState = ReadonlySet<string>;

const namespaceKinds = ['net', 'mnt', 'pid', 'uts', 'ipc', 'user', 'cgroup'];
/** Programs of the engine that stay in the machine's own namespaces. */
const launchers = /(?:^|\/)(?:unshare|nsenter|script|dockerd|containerd\S*|runc|dnsmasq)\0|netlab-(?:ground|init|node)/;

export async function machineState(): Promise<MachineState> {
  const [links, netns, nft, iptables] = await Promise.all([
    lines('ip', ['-o', 'link', 'show']),
    lines('ip', ['netns', 'list']),
    lines('nft', ['list', 'ruleset']),
    lines('iptables-legacy-save', []),
  ]);
  return new Set([
    ...processes(),
    ...labelled(
      'link',
      links.map((line) => line.split(':')[1] ?? line),
    ),
    ...labelled('netns', netns),
    ...labelled('nft', nft),
    ...labelled(
      'iptables',
      iptables.filter(
        (line) => line.startsWith('-A') || /^:(?!PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)/.test(line),
      ),
    ),
    ...labelled(
      'mount',
      readFileSync('/proc/self/mountinfo', 'utf8')
        .split('\n')
        .map((line) => line.split(' ').slice(4, 5).join()),
    ),
    ...labelled('cgroup', cgroups('/sys/fs/cgroup')),
    ...labelled(
      'file',
      ['/tmp', '/run', '/dev/shm'].flatMap((folder) =>
        readdirSync(folder).filter((name) => /netlab|docker|containerd/.test(name)),
      ),
    ),
  ]);
}

/** What is there now that was not there before; looks again for a while, as the kernel cleans up in its own time. */
export async function leftSince(before: MachineState, withinMs: number): Promise<readonly string[]> {
  const deadline = performance.now() + withinMs;
  while (true) {
    const left = [...(await machineState())].filter((thing) => !before.has(thing));
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
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map(pids.map((pid) => [pid, parentOf(pid)]));
  const isOfLab = (pid: string): boolean => {
    const theirs = namespacesOf(pid);
    return (theirs !== '' && theirs !== own) || launchers.test(read(`/proc/${pid}/cmdline`));
  };
  return pids
    .filter((pid) => read(`/proc/${pid}/cmdline`) !== '' && isOfLab(pid) && isOfLab(top(pid, parents)))
    .map((pid) => `process ${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').slice(0, 80)}`);
}

/** The ancestor that init has adopted, or the process itself. */
function top(pid: string, parents: ReadonlyMap<string, string>): string {
  const parent = parents.get(pid) ?? '0';
  return Number(parent) <= 1 ? pid : top(parent, parents);
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

function cgroups(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => [...(isOrphanGroup(name) ? [`${folder}/${name}`] : []), ...cgroups(`${folder}/${name}`)]);
  } catch {
    return [];
  }
}

/** A lab's control group whose engine is gone. */
function isOrphanGroup(name: string): boolean {
  const [, pid, startTime] = /^netlab-(\d+)-(\d+)-\d+$/.exec(name) ?? [];
  if (pid === undefined) return false;
  const stat = read(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] !== startTime;
}

async function lines(file: string, args: readonly string[]): Promise<string[]> {
  const { stdout, failed } = await execa(file, args, { reject: false });
  return failed ? [] : stdout.split('\n').filter((line) => line !== '');
}

function labelled(kind: string, things: readonly string[]): string[] {
  return things.map((thing) => `${kind} ${thing}`);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
