import { readFileSync } from 'node:fs';

/** Twelve hexadecimal digits that nobody can guess. From the kernel itself: loading `node:crypto` takes longer than a step. */
export function nonce(): string {
  return readFileSync('/proc/sys/kernel/random/uuid', 'latin1').slice(-13, -1);
}
