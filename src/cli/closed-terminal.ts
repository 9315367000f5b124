import { closeSync, fstatSync, openSync } from 'node:fs';

/**
 * At its very end, Node gives each terminal the modes that it had at the start, and aborts where that fails: on one whose
 * window was closed. What has gone is replaced by nothing before.
 */
export function letGoOfClosedTerminal(): void {
  for (const fd of [0, 1, 2]) {
    try {
      if (!isClosedTerminal(fd)) continue;
      // The lowest number that is free: the same.
      closeSync(fd);
      openSync('/dev/null', 'r+');
    } catch {
      // A descriptor that is not there has no modes.
    }
  }
}

/** A device that was a terminal, and does not answer as one any more. */
function isClosedTerminal(fd: number): boolean {
  const stat = fstatSync(fd);
  const memory = 1; // The major number of /dev/null and its like.
  if (!stat.isCharacterDevice() || stat.rdev >> 8 === memory) return false;
  // Loaded only here: pipes and files, of which most runs have three, need nothing of it.
  return !process.getBuiltinModule('node:tty').isatty(fd);
}
