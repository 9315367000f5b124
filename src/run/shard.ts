import type { Runbook } from '../runbook/types.ts';

/** One of several parts of a run, each for a machine of its own. */
export interface Shard {
  /** From 1 to `of`. */
  readonly index: number;
  readonly of: number;
  /** How long runbooks took before, in milliseconds, by path. All shards of a run must be given the same. */
  readonly durations?: ReadonlyMap<string, number> | undefined;
}

/**
 * A shard's share: the longest first, each to the part that has least to do so far. What nobody has timed counts as the
 * middle one of those that were; with no times at all the parts differ by one runbook at most. The order in which
 * `runbooks` are given does not matter to who gets what, and is kept within the share.
 */
export function shardOf<T extends Pick<Runbook, 'path'>>(runbooks: readonly T[], shard: Shard): readonly T[] {
  const { index, of, durations = new Map<string, number>() } = shard;
  const known = runbooks.flatMap(({ path }) => durations.get(path) ?? []).sort((a, b) => a - b);
  const usual = known[Math.floor(known.length / 2)] ?? 1;
  const weight = ({ path }: T): number => durations.get(path) ?? usual;
  const order = runbooks.toSorted((a, b) => weight(b) - weight(a) || (a.path < b.path ? -1 : 1));
  const loads = Array.from({ length: of }, () => ({ time: 0, count: 0 }));
  const mine = new Set<T>();
  for (const runbook of order) {
    const least = loads.reduce((best, load) =>
      load.time < best.time || (load.time === best.time && load.count < best.count) ? load : best,
    );
    least.time += weight(runbook);
    least.count += 1;
    if (least === loads[index - 1]) mine.add(runbook);
  }
  return runbooks.filter((runbook) => mine.has(runbook));
}
