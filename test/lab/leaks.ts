import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** All of a machine that a lab could leave behind, each thing as one line of text. */
export type MachineState = ReadonlySet<string>;

const namespaceKinds = ['net', 'mnt', 'pid', 'uts', 'ipc', 'user', 'cgroup'];
/** Programs of the engine that stay in the machine's own namespaces. */
const launchers = /(?:^|\/)(?:unshare|nsenter|script|dockerd|containerd\S*|runc|dnsmasq)\0|netlab-(?:ground|init|node)/;

/** Where whoever makes a file for a while puts it. */
const folders = ['/tmp', '/dev/shm', '/run', '/run/lock', '/run/netns'];

/** What a test is compared by, each thing by what names it, whoever made it: a few milliseconds. */
export function machineState(): MachineState {
  // Programs tell the rules: they are asked once for each test, and what nobody has looked at since is as it was.
  return stateWith(seenRules ?? rules());
}

function stateWith(itsRules: readonly string[]): MachineState {
  return new Set([
    ...labelled('process', processes()),
    // Of this process's own network, whatever network /sys shows.
    ...labelled(
      'link',
      [...read('/proc/self/net/dev').matchAll(/^ *(\S+):/gm)].map(([, name]) => name ?? ''),
    ),
    ...labelled('mount', read('/proc/self/mountinfo').split('\n').map(mountOf)),
    ...labelled('cgroup', cgroups()),
    ...labelled('loop device', loopDevices()),
    ...labelled('file', filesIn(folders)),
    ...labelled('rule', itsRules),
    ...labelled('descriptor', descriptors()),
  ]);
}

/** What is there now that was not there before; looks again for a while, as the kernel cleans up in its own time. */
export async function leftSince(
  before: MachineState,
  withinMs: number,
  isLeft: (thing: string) => boolean = () => true,
): Promise<readonly string[]> {
  const deadline = performance.now() + withinMs;
  while (true) {
    const left = [...stateWith(rules())]
      .filter((thing) => !before.has(thing) && isLeft(thing))
      .flatMap((thing) => (thing.startsWith('process ') ? processLeft(thing, before) : [thing]));
    if (left.length === 0 || performance.now() > deadline) return left;
    await sleep(20);
  }
}

/** Control groups whose engine has gone: the next start of any engine removes them. */
export function isOrphanGroup(thing: string): boolean {
  const [, pid, startTime] = /^cgroup .*\/netlab-(\d+)-(\d+)-[^/]*(?:\/|$)/.exec(thing) ?? [];
  return pid !== undefined && statOf(pid).startTime !== startTime;
}

/** Whether it hangs on this process: what that has started, or has open. */
export function isOwn(thing: string): boolean {
  const [kind, name = ''] = thing.split(' ');
  return kind === 'descriptor' || (kind === 'process' && topOf(name) === String(process.pid));
}

/** All of them, each by its PID and when it started. */
function processes(): string[] {
  return pids().map((pid) => `${pid} ${statOf(pid).startTime}`);
}

/**
 * A new process, told in full, if it is this one's, or adopted by init and a part of a lab or of this one's control groups.
 * What hangs on somebody else (another test's engine, another person's) is that one's affair.
 */
function processLeft(thing: string, before: MachineState): string[] {
  const [, pid = ''] = thing.split(' ');
  const command = read(`/proc/${pid}/cmdline`);
  const top = topOf(pid);
  if (command === '' || top === undefined) return [];
  const own = top === String(process.pid);
  const adopted = !before.has(`process ${top} ${statOf(top).startTime}`) && (isOfLab(top) || isBeside(top));
  return own || adopted ? [`process ${pid} ${command.replaceAll('\0', ' ').slice(0, 80)}`] : [];
}

/** In namespaces other than this one's, or one of the engine's launchers, which stay in the machine's own. */
function isOfLab(pid: string): boolean {
  const theirs = namespacesOf(pid);
  return (theirs !== '' && theirs !== namespacesOf('self')) || launchers.test(read(`/proc/${pid}/cmdline`));
}

/** In the same control groups: what a test started and let go of. */
function isBeside(pid: string): boolean {
  return read(`/proc/${pid}/cgroup`) === read('/proc/self/cgroup');
}

/** This process where it is an ancestor, else the ancestor that init has adopted; `undefined` when it has ended. */
function topOf(pid: string): string | undefined {
  const { parent } = statOf(pid);
  if (parent === undefined) return undefined;
  if (parent === String(process.pid)) return parent;
  return Number(parent) <= 1 ? pid : topOf(parent);
}

function pids(): string[] {
  return list('/proc').filter((name) => /^\d+$/.test(name));
}

function statOf(pid: string): { readonly parent: string | undefined; readonly startTime: string | undefined } {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { parent: fields[1], startTime: fields[19] };
}

function namespacesOf(pid: string): string {
  try {
    return namespaceKinds.map((kind) => readlinkSync(`/proc/${pid}/ns/${kind}`)).join(' ');
  } catch {
    return '';
  }
}

/** The groups at the top of each hierarchy, and all below those of labs. */
function cgroups(): string[] {
  const mount = '/sys/fs/cgroup';
  return foldersIn(mount).flatMap((top) => [
    top,
    ...foldersIn(top).flatMap((group) => (group.includes('/netlab-') ? [group, ...below(group)] : [group])),
    ...(top.includes('/netlab-') ? below(top) : []),
  ]);
}

function below(folder: string): string[] {
  return foldersIn(folder).flatMap((inner) => [inner, ...below(inner)]);
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}

/** Those that have a file. */
function loopDevices(): string[] {
  return list('/sys/block')
    .filter((name) => name.startsWith('loop'))
    .map((name) => `${name} ${read(`/sys/block/${name}/loop/backing_file`).trim()}`)
    .filter((line) => line.includes('/'));
}

let seenRules: readonly string[] | undefined;

/**
 * Rules of nft and of legacy iptables, without their counters. Where there is no nft, those that iptables makes for it. The
 * kernel says whether there are legacy tables; asking the program would make them.
 */
function rules(): readonly string[] {
  const legacy = ['ip', 'ip6'].filter((family) => read(`/proc/self/net/${family}_tables_names`) !== '');
  const asked = [
    'export PATH=$PATH:/usr/sbin:/sbin XTABLES_LOCKFILE=/dev/null',
    'if command -v nft >/dev/null; then nft list ruleset; else iptables-nft-save; ip6tables-nft-save; fi',
    ...legacy.map((family) => `${family}tables-legacy-save`),
  ];
  const { stdout } = spawnSync('sh', ['-c', asked.join('\n')], { encoding: 'utf8' });
  const builtIn = /^:(?:PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING) |^#(?! Table)|^\*|^COMMIT$/;
  seenRules = stdout
    .split('\n')
    .filter((line) => line !== '' && !builtIn.test(line))
    .map((line) => line.replace(/\[\d+:\d+\]|packets \d+ bytes \d+/g, '').trim());
  return seenRules;
}

/** Without the folders that each Vitest has for itself: another may start and end meanwhile. */
function filesIn(folders: readonly string[]): string[] {
  const names = (folder: string): string[] => list(folder).filter((name) => !/^[\w-]{21}$/.test(name));
  return folders.flatMap((folder) => names(folder).map((name) => join(folder, name)));
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

/** Its number and where it is: one place can be mounted over. */
function mountOf(line: string): string {
  const [id, , , , point] = line.split(' ');
  return `${id} ${point}`;
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
