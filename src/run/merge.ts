import type { RunEvent, RunResult, RunStatus } from '../events.ts';
import type { Blob, BlobRunbook } from '../report/blob.ts';
import { addCounts, runStatus } from './tally.ts';

/** A blob, and what messages call it. */
export interface NamedBlob {
  readonly name: string;
  readonly blob: Blob;
}

/** Several runs as one. */
export interface Merged {
  readonly run: RunResult;
  /** In the order of their paths, as a run of all of them would have told of them. */
  readonly runbooks: readonly BlobRunbook[];
  /** What its reader should know, each in a line. */
  readonly notes: readonly string[];
}

/** What one part says of itself counts for the whole, the first of these before the others. */
const worst: readonly RunStatus[] = ['interrupted', 'errored', 'failed'];

/**
 * Makes one run of the parts of one. Counts and durations are added. A part that is missing makes the whole errored:
 * what nobody ran has not passed.
 */
export function mergeRuns(blobs: readonly NamedBlob[]): Merged {
  const runbooks = blobs
    .flatMap(({ blob }) => blob.runbooks)
    .sort((a, b) => comparePaths(a.result.path, b.result.path));
  const results = runbooks.map(({ result }) => result);
  const ends = blobs.map(({ blob }) => blob.end);
  const part = ends.toSorted((a, b) => rank(a.status) - rank(b.status))[0];
  // Parts that were allowed to have nothing to run make a whole that was.
  const nothing = results.length === 0 ? ends.find(({ status }) => status === 'passed') : undefined;
  const whole = nothing ?? runStatus(results, { interrupted: false, strict: false });
  const missing = missingParts(ends, new Set(results.map(({ path }) => path)).size);
  const { status, reason } =
    missing !== undefined && part?.status !== 'interrupted'
      ? { status: 'errored' as const, reason: missing }
      : part !== undefined && rank(part.status) < rank(whole.status)
        ? part
        : whole;
  const run: RunResult = {
    version: 1,
    status,
    reason,
    duration_ms: ends.reduce((sum, { duration_ms }) => sum + duration_ms, 0),
    counts: addCounts(results.map(({ counts }) => counts)),
    runbooks: results,
  };
  return { run, runbooks, notes: repeated(blobs) };
}

/** The events of a merged run, as reporters are told of them. */
export function* mergedEvents({ run, runbooks }: Merged): Generator<RunEvent> {
  yield { type: 'run:start', runbooks: runbooks.map(({ result }) => result.path) };
  for (const { start, labMs, result } of runbooks) {
    const { path, unlimited } = result;
    yield start;
    if (labMs !== null) yield { type: 'lab:start', path, lab: start.lab };
    if (labMs !== null) yield { type: 'lab:ready', path, duration_ms: labMs, ...(unlimited && { unlimited }) };
    for (const step of result.steps) {
      const { index, name, line, node, session, command } = step;
      if (step.status !== 'skipped') yield { type: 'step:start', path, index, name, line, node, session, command };
      yield { type: 'step:end', path, step };
    }
    yield { type: 'runbook:end', runbook: result };
  }
  yield { type: 'run:end', run };
}

function rank(status: RunStatus): number {
  const index = worst.indexOf(status);
  return index < 0 ? worst.length : index;
}

/** Why the parts are not the whole, where they say of how many they are; `undefined` when they are. */
function missingParts(ends: readonly Blob['end'][], count: number): string | undefined {
  const shards = ends.flatMap(({ shard }) => shard ?? []);
  const of = Math.max(0, ...shards.map((shard) => shard.of));
  const missing = Array.from({ length: of }, (_, index) => index + 1).filter(
    (index) => !shards.some((shard) => shard.index === index),
  );
  if (missing.length > 0) return `not whole: of ${of} shards, there is no report of ${missing.join(', ')}`;
  const total = shards[0]?.total ?? 0;
  const differ = shards.some((shard) => shard.of !== of || shard.total !== total);
  if (differ) return 'not whole: these shards are not parts of one run';
  // Shards that were given different durations share differently, and something may fall between them.
  return count < total ? `not whole: the run has ${total} runbooks, and these shards ran ${count} of them` : undefined;
}

function repeated(blobs: readonly NamedBlob[]): string[] {
  const names = new Map<string, string[]>();
  for (const { name, blob } of blobs) {
    for (const { result } of blob.runbooks) names.set(result.path, [...(names.get(result.path) ?? []), name]);
  }
  const twice = [...names].filter(([, where]) => where.length > 1);
  return twice.map(([path, where]) => `${path} is in ${where.join(' and in ')}: each of them counts`);
}

/** Folder by folder, as files are selected. */
function comparePaths(one: string, other: string): number {
  const [a, b] = [one.split('/'), other.split('/')];
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const order = (a[index] ?? '').localeCompare(b[index] ?? '', 'en');
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
