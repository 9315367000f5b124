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

/** Processes in namespaces other than this one's, and the engine's launchers. */
function processes(): string[] {
  const own = namespacesOf('self');
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const theirs = namespacesOf(pid);
      const command = read(`/proc/${pid}/cmdline`);
      const apart = theirs !== '' && theirs !== own;
      return command !== '' && (apart || launchers.test(command))
        ? [`process ${pid} ${command.replaceAll('\0', ' ').slice(0, 80)}`]
        : [];
    });
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
      .flatMap(({ name }) => [
        ...(name.startsWith('netlab') ? [`${folder}/${name}`] : []),
        ...cgroups(`${folder}/${name}`),
      ]);
  } catch {
    return [];
  }
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
