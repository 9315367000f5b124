import { readFileSync } from 'node:fs';

const diskLike = /^(?:ext\d|xfs|btrfs|zfs|f2fs|bcachefs|overlay|tmpfs|nfs\d?|9p|virtiofs|vfat|exfat|fuse.*)$/;
const ownedByLab = /^\/(?:proc|sys|dev|run)(?:\/|$)/;

/**
 * Mount points of this machine, below the root, whose files a lab shows through an overlay of their own: an overlay over /
 * stops at them. Parents come before what is mounted in them.
 */
export function diskMounts(): string[] {
  const found = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [mount, source] = line.split(' - ');
      const at = mount
        ?.split(' ')[4]
        ?.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
      const type = source?.split(' ')[0];
      const kept = at && type && at !== '/' && !at.includes('\n') && diskLike.test(type) && !ownedByLab.test(at);
      return kept ? [at] : [];
    });
  return [...new Set(found)].sort((a, b) => a.split('/').length - b.split('/').length);
}

/** True where labs are made without a user namespace. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Why a machine has no labs, in a sentence, and what to try. */
interface Obstacle {
  readonly why: string;
  readonly remedy: string;
}

/** What of what namespaces have said, while they were being made, is known; else `undefined`. */
export function obstacleIn(log: string): Obstacle | undefined {
  if (log.includes(chrooted)) return { why: chrooted, remedy: chrootRemedy };
  const why = log.includes(procDenied) ? procLock() : undefined;
  return why === undefined ? undefined : { why, remedy: procRemedy };
}

/** As first-process.sh says it. */
export const chrooted = 'this is a chroot, where steps would reach the machine outside of it';

const chrootRemedy = 'run netlab outside of it, or enter it as container engines do: with pivot_root(2)';

/**
 * Why the kernel refuses this process a /proc of its own, in a sentence; `undefined` where that cannot be. In a user namespace
 * it mounts one only if nothing covers places of the one that is seen there, as container engines do it, and labs.
 */
function procLock(): string | undefined {
  const ownsMachine = isRoot() && /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'));
  if (ownsMachine) return undefined;
  const points = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '');
  // The kernel keeps these empty for whoever mounts there: they reveal nothing.
  const covered = points.filter((at) => /^\/proc\/(?!sys\/fs\/binfmt_misc$|fs\/nfsd$)/.test(at));
  return covered[0] === undefined
    ? undefined
    : `in a user namespace the kernel mounts no /proc while places of this one are covered, such as ${covered[0]}`;
}

/** How mount(8) says it. */
const procDenied = '/proc: permission denied';

const procRemedy =
  "run as the machine's root, or have nothing cover /proc: docker run --security-opt systempaths=unconfined";
