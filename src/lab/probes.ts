import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { possibleLimits } from './cgroups.ts';
import { findProgram, programFolders } from './find-program.ts';
import { chrooted, isRoot, obstacleIn } from './machine.ts';
import { isStatic } from './static-program.ts';

/** What a probe saw. `packages`: what would bring what is missing; `remedy`: what to do where no package does. */
export type Probe =
  | { readonly found: true; readonly detail: string }
  | {
      readonly found: false;
      readonly reason: string;
      readonly packages?: readonly string[];
      readonly remedy?: string;
    };

/** A machine with two busy cores answers within a tenth of this. */
const timeoutMs = 10_000;

/**
 * Runs a shell script in namespaces of its own, where it is root and can change nothing of the machine: mounts, links
 * and rules are gone with its last process.
 */
export async function tryInNamespaces(script: string, detail: string, remedy: string): Promise<Probe> {
  const identity = isRoot() ? [] : ['--user', '--map-root-user'];
  const namespaces = ['--mount', '--net', '--pid', '--ipc', '--uts', '--fork', '--kill-child'];
  const { execa } = await import('execa');
  const result = await execa('unshare', [...identity, ...namespaces, 'sh', '-euc', script], {
    reject: false,
    stdin: 'ignore',
    timeout: timeoutMs,
    env: { PATH: programFolders().join(':'), LC_ALL: 'C' },
    extendEnv: false,
  });
  if (!result.failed) return { found: true, detail };
  const obstacle = obstacleIn(result.stderr);
  if (obstacle) return { found: false, reason: obstacle.why, remedy: obstacle.remedy };
  if (result.timedOut) return { found: false, reason: `no answer in ${timeoutMs / 1000} s`, remedy };
  return { found: false, reason: firstLine(result.stderr) ?? `exit status ${result.exitCode}`, remedy };
}

/** What joins a mount namespace has its root, see first-process.sh. */
const ownProc = `nsenter --mount=/proc/self/ns/mnt --wd=/ sh -c '[ . -ef / ]' || { echo '${chrooted}' >&2; exit 1; }
  mount -n -t proc proc /proc`;

/** Namespaces of every kind that a lab node has. */
export function probeNamespaces(): Promise<Probe> {
  if (isRoot()) return tryInNamespaces(ownProc, 'as root', 'allow unshare(2) here: a container needs --privileged');
  const remedy = userNamespaceLock() ?? 'run as root, or allow user namespaces: sysctl user.max_user_namespaces=10000';
  return tryInNamespaces(ownProc, 'as an ordinary user, in a user namespace', remedy);
}

/** The settings with which Debian and Ubuntu forbid user namespaces. */
function userNamespaceLock(): string | undefined {
  const locks = [
    ['kernel.apparmor_restrict_unprivileged_userns', '1', '0'],
    ['kernel.unprivileged_userns_clone', '0', '1'],
  ] as const;
  for (const [name, locked, open] of locks) {
    const path = `/proc/sys/${name.replaceAll('.', '/')}`;
    if (existsSync(path) && readFileSync(path, 'utf8').trim() === locked)
      return `run as root, or: sysctl -w ${name}=${open}`;
  }
  return undefined;
}

/** An overlay that is written to: over / as root. An ordinary user's kernel allows it over some folders only. */
export function probeOverlay(): Promise<Probe> {
  const lower = isRoot() ? '/' : '/run/lower';
  const options = isRoot() ? '' : ',userxattr';
  const script = `mount -n -t tmpfs tmpfs /run; mkdir /run/lower /run/upper /run/work /run/all
    mount -t overlay -o lowerdir=${lower},upperdir=/run/upper,workdir=/run/work${options} overlay /run/all
    touch /run/all/netlab-probe`;
  const detail = isRoot() ? 'over /' : 'in a user namespace';
  return tryInNamespaces(script, detail, 'needs a kernel with overlayfs (5.11 or newer for ordinary users)');
}

/** Which control groups there are, and whether this process may make some. */
export async function probeCgroups(): Promise<Probe> {
  const mount = '/sys/fs/cgroup';
  const v2 = existsSync(`${mount}/cgroup.controllers`);
  const v1 = existsSync(`${mount}/devices`) && existsSync(`${mount}/memory`);
  if (!v2 && !v1) return { found: false, reason: `nothing at ${mount}`, remedy: 'mount the cgroup hierarchies' };
  const kind = v2 ? 'v2' : existsSync(`${mount}/unified/cgroup.controllers`) ? 'hybrid v1 and v2' : 'v1';
  try {
    accessSync(v2 ? mount : `${mount}/devices`, constants.W_OK);
    return { found: true, detail: kind };
  } catch {
    const remedy = isRoot() ? 'mount the cgroup hierarchies for writing' : 'run as root';
    return { found: false, reason: `${kind}, but this user may not write there`, remedy };
  }
}

/** Which of a lab's limits could be set. */
export async function probeLimits(): Promise<Probe> {
  const possible = possibleLimits();
  if (possible.length === 3) return { found: true, detail: possible.join(', ') };
  const missing = ['memory', 'pids', 'cpu'].filter((name) => !possible.some((each) => each === name));
  const v2 = existsSync('/sys/fs/cgroup/cgroup.subtree_control');
  const enable = `echo "+memory +pids +cpu" >/sys/fs/cgroup/cgroup.subtree_control`;
  const remedy = isRoot() ? (v2 ? enable : 'mount the cgroup hierarchies for writing') : 'run as root';
  // An ordinary user's processes are limited without control groups.
  const loose = isRoot() ? missing : missing.filter((name) => name !== 'pids');
  return { found: false, reason: `labs are not limited in ${loose.join(', ')}`, remedy };
}

/** A busybox that depends on no library: it can be the one file of an image. */
export async function probeBusybox(): Promise<Probe> {
  const path = findProgram('busybox');
  if (path === undefined) return { found: false, reason: 'busybox is not installed', packages: ['busybox-static'] };
  if (isStatic(path)) return { found: true, detail: path };
  return { found: false, reason: `${path} needs shared libraries`, packages: ['busybox-static'] };
}

/** Without the name of the level: programs explain themselves in the lines after the first, if at all. */
function firstLine(text: string): string | undefined {
  return (
    text
      .trim()
      .split('\n')[0]
      ?.replace(/^Error: /, '') || undefined
  );
}
