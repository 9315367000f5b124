import { readdirSync } from 'node:fs';
import type { Cgroups } from './cgroups.ts';

/**
 * An ordinary user's limit on processes is counted nowhere: a program that met it says so. Where that is thrown away, what
 * has met it is still there: bash tries for half a minute to fork.
 */
export function processLimitReached({ processes }: Cgroups, printed: string, pid: number): string | undefined {
  if (processes === undefined) return undefined;
  const isSaid = /fork:.*Resource temporarily unavailable/.test(printed);
  return isSaid || isFull(pid, processes) ? `the lab's limit of ${processes} processes was reached` : undefined;
}

/** Whether a node has nine of ten processes that it may have; of few, each would be a tenth. */
function isFull(pid: number, limit: number): boolean {
  if (limit < 64) return false;
  try {
    return readdirSync(`/proc/${pid}/root/proc`).filter((name) => /^\d/.test(name)).length >= limit * 0.9;
  } catch {
    return false; // That a lab has ended is told by its end.
  }
}
