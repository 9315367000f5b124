import { createHash } from 'node:crypto';
import { UsageError } from '../errors.ts';
import type { RunbookResult, RunEvent, RunResult } from '../events.ts';
import { escapeControls } from './json.ts';
import type { Reporter, ReportTarget } from './types.ts';

/** Of this form; one that reads otherwise must not guess. */
const version = 1;

/** A runbook of a run, with what is needed to tell of it again. */
export interface BlobRunbook {
  readonly start: Extract<RunEvent, { type: 'runbook:start' }>;
  /** How long the lab took to come up; `null` when none did. */
  readonly labMs: number | null;
  readonly result: RunbookResult;
}

/** One run, or one shard of it. */
export interface Blob {
  readonly runbooks: readonly BlobRunbook[];
  readonly end: Omit<RunResult, 'runbooks'>;
}

/**
 * A run kept for `netlab merge`: JSON Lines with a head, a line for each runbook, and an end that has the hash of it
 * all. Each step is in it once, where the events have it three times.
 */
export function createReporter(target: ReportTarget): Reporter {
  const lines = [JSON.stringify({ netlab: 'blob', version })];
  let start: BlobRunbook['start'] | undefined;
  let labMs: number | null = null;
  return {
    event(event) {
      if (event.type === 'runbook:start') {
        start = event;
        labMs = null;
      } else if (event.type === 'lab:ready') {
        labMs = event.duration_ms;
      } else if (event.type === 'runbook:end' && start !== undefined) {
        lines.push(escapeControls(JSON.stringify({ start, labMs, result: event.runbook } satisfies BlobRunbook)));
      } else if (event.type === 'run:end') {
        const { runbooks: _, ...end } = event.run;
        const text = lines.join('\n');
        target.write(`${text}\n${escapeControls(JSON.stringify({ end, sha256: hash(text, end) }))}\n`);
      }
    },
  };
}

/** Reads what this reporter wrote. Throws a `UsageError` for what is none, is of another form, or is not whole. */
export function readBlob(text: string, name: string): Blob {
  const [head = '', ...lines] = text.trimEnd().split('\n');
  const { netlab, version: written } = parse(head) as { readonly netlab?: unknown; readonly version?: unknown };
  if (netlab !== 'blob') {
    throw new UsageError(`${name} is no report that can be merged`, { hint: `write one with --reporter blob=${name}` });
  }
  if (written !== version) {
    throw new UsageError(`${name} is of form ${JSON.stringify(written)}, and this netlab reads form ${version}`, {
      hint: 'run and merge with the same version of netlab',
    });
  }
  const { end, sha256 } = parse(lines.pop() ?? '') as { readonly end?: Blob['end']; readonly sha256?: unknown };
  if (end === undefined || sha256 !== hash([head, ...lines].join('\n'), end)) {
    throw new UsageError(`${name} is damaged: it is cut off, or was changed`, { hint: 'copy it again, or run again' });
  }
  return { runbooks: lines.map((line) => JSON.parse(line) as BlobRunbook), end };
}

function parse(line: string): object {
  try {
    return Object(JSON.parse(line)) as object;
  } catch {
    return {};
  }
}

function hash(text: string, end: Blob['end']): string {
  return createHash('sha256').update(text).update(JSON.stringify(end)).digest('hex');
}
