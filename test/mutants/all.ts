import { beforeAll, expect, it } from 'vitest';
import { equivalents } from './equivalents.ts';
import { wrongWorlds } from './real.ts';
import { type Recording, record, runbookPaths } from './record.ts';
import { survivors, table } from './table.ts';
import type { Fate } from './worlds.ts';

/** `npm run mutants`: wrong worlds that must be run to be seen, each in a lab of its own. Takes many minutes. */
let recordings: readonly Recording[];
beforeAll(async () => {
  recordings = await record(process.env['NETLAB_RUNBOOK']?.split(',') ?? runbookPaths());
}, 300_000);

it('no wrong world passes, but for those that are documented as the same', async () => {
  const fates = await wrongWorlds(recordings, ({ fate, place, what }) => console.log(`${fate} ${place} ${what}`));
  console.log(table(fates));
  const isKnown = ({ kind, what }: Fate): boolean =>
    kind === 'a command replaced by true' && equivalents.some(({ command }) => command.test(what));
  expect(survivors(fates.filter((fate) => !isKnown(fate)))).toEqual([]);
  expect(fates.filter(({ fate }) => fate === 'killed').length).toBeGreaterThan(0);
}, 7_200_000);
