import { resolve } from 'node:path';
import type { Runbook } from '../runbook/types.ts';
import { receiveGuests } from './guests.ts';
import { welcomeTo } from './keep-lab.ts';
import type { Stand } from './stand.ts';

/** The labs of one document that are up. */
export interface Stands {
  /** Where it was run last. */
  readonly current: Stand | undefined;
  /** Brought up ahead, for what will probably be run next. */
  readonly spares: readonly Stand[];
  addSpare(stand: Stand): void;
  /** Lets go of the spare ones for which that does not hold. */
  keepSpares(isOfUse: (spare: Stand) => boolean): void;
  /** That one is used from now on, and open to guests; the one before goes. */
  use(stand: Stand, runbook: Runbook): void;
  /** Takes a lab away without anybody waiting for it. */
  letGo(stand: Stand): void;
  /** Closing waits for that, too. */
  waitFor(work: Promise<void>): void;
  /** Lets all of them go; resolves when they have gone. */
  close(): Promise<void>;
}

export function createStands(): Stands {
  let current: Stand | undefined;
  let spares: Stand[] = [];
  let closeDoor = (): void => {};
  const going = new Set<Promise<void>>();

  const waitFor = (work: Promise<void>): void => {
    const over: Promise<void> = work.finally(() => going.delete(over));
    going.add(over);
  };
  const takeAway = async (stand: Stand): Promise<void> => {
    try {
      await stand[Symbol.asyncDispose]();
    } catch {
      // It broke while it was taken away: the kernel has done the rest.
    }
  };
  const letGo = (stand: Stand | undefined): void => {
    if (stand) waitFor(takeAway(stand));
  };

  return {
    get current() {
      return current;
    },
    get spares() {
      return spares;
    },
    addSpare(stand) {
      spares.push(stand);
    },
    keepSpares(isOfUse) {
      const kept = spares.filter(isOfUse);
      for (const spare of spares) if (!kept.includes(spare)) letGo(spare);
      spares = kept;
    },
    use(stand, runbook) {
      if (current === stand) return;
      closeDoor();
      letGo(current);
      spares = spares.filter((spare) => spare !== stand);
      current = stand;
      const welcome = welcomeTo(stand.lab, runbook);
      closeDoor = receiveGuests(stand.lab, { kind: 'run', path: resolve(runbook.path) }, (guest, output) => {
        // Whoever was in it may have changed anything.
        stand.spoiled ??= 'somebody was in its lab (netlab attach)';
        return welcome(guest, output);
      });
    },
    letGo,
    waitFor,
    async close() {
      closeDoor();
      for (const stand of [current, ...spares]) letGo(stand);
      current = undefined;
      spares = [];
      while (going.size > 0) await Promise.all(going);
    },
  };
}
