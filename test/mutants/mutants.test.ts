import { beforeAll, describe, expect, it } from 'vitest';
import { type Recording, record, runbookPaths } from './record.ts';
import { survivors, table } from './table.ts';
import { type Fate, wrongExpectations, wrongOutputs } from './worlds.ts';

const seen: Fate[] = [];
let recordings: readonly Recording[];
beforeAll(async () => {
  recordings = await record(runbookPaths());
}, 180_000);

describe('wrong worlds made from what every runbook printed', () => {
  it('a wrong output passes only where the document allows it', async () => {
    const fates = (await Promise.all(recordings.map(wrongOutputs))).flat();
    seen.push(...fates);
    expect(survivors(fates)).toEqual([]);
  }, 300_000);

  it('a wrong expectation passes only where the document allows it', async () => {
    const fates = (await Promise.all(recordings.map(wrongExpectations))).flat();
    seen.push(...fates);
    expect(survivors(fates)).toEqual([]);
  }, 300_000);

  it('there are thousands of them, of every kind', () => {
    console.log(table(seen));
    expect(seen.length).toBeGreaterThan(2000);
    expect(seen.filter(({ fate }) => fate === 'killed').length).toBeGreaterThan(2000);
    for (const kind of new Set(seen.map((each) => each.kind)))
      expect(seen.filter((each) => each.kind === kind && each.fate === 'killed').length).toBeGreaterThan(0);
  });
});
