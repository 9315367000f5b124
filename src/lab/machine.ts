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
