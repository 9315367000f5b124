import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shardOf } from '../../src/run/shard.ts';

const runbooks = fc
  .uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { maxLength: 40 })
  .map((paths) => paths.map((path) => ({ path })));
const timed = fc.tuple(runbooks, fc.array(fc.option(fc.integer({ min: 0, max: 60_000 })), { maxLength: 40 }));

function durationsOf(
  all: readonly { readonly path: string }[],
  times: readonly (number | null)[],
): Map<string, number> {
  return new Map(all.flatMap(({ path }, index) => (times[index] == null ? [] : [[path, times[index]]])));
}

describe('the shards of a run', () => {
  it('are disjoint, complete, and the same in whatever order the runbooks come', () => {
    fc.assert(
      fc.property(timed, fc.integer({ min: 1, max: 12 }), ([all, times], of) => {
        const durations = durationsOf(all, times);
        const parts = Array.from({ length: of }, (_, part) => shardOf(all, { index: part + 1, of, durations }));
        expect(parts.flat().toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual(
          all.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
        );
        const [first = []] = parts;
        const again = shardOf(all.toReversed(), { index: 1, of, durations });
        expect(new Set(again)).toEqual(new Set(first));
      }),
    );
  });

  it('differ by one runbook at most when nothing is known of their times', () => {
    fc.assert(
      fc.property(runbooks, fc.integer({ min: 1, max: 12 }), (all, of) => {
        const sizes = Array.from({ length: of }, (_, part) => shardOf(all, { index: part + 1, of }).length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('are never further apart in time than the longest runbook takes', () => {
    fc.assert(
      fc.property(timed, fc.integer({ min: 1, max: 6 }), ([all, times], of) => {
        const durations = new Map(all.map(({ path }, index) => [path, times[index] ?? 1000]));
        const loads = Array.from({ length: of }, (_, part) =>
          shardOf(all, { index: part + 1, of, durations }).reduce(
            (sum, { path }) => sum + (durations.get(path) ?? 0),
            0,
          ),
        );
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(Math.max(0, ...durations.values()));
      }),
    );
  });

  it('give the longest runbook a part of its own where that is fair, and keep the order given', () => {
    const all = ['a', 'b', 'c', 'long'].map((path) => ({ path }));
    const durations = new Map([
      ['long', 9000],
      ['a', 3000],
      ['c', 3000],
    ]);
    const part = (index: number): string =>
      shardOf(all, { index, of: 2, durations })
        .map(({ path }) => path)
        .join('');
    expect([part(1), part(2)]).toEqual(['long', 'abc']);
  });
});
