import { readFileSync } from 'node:fs';
import { UsageError } from '../errors.ts';
import { readBlob } from '../report/blob.ts';
import { printable } from '../report/printable.ts';
import { mergedEvents, mergeRuns } from '../run/merge.ts';
import { exitStatus } from '../run/tally.ts';
import { openReporters, type ReportOptions } from './reporters.ts';

/** `netlab merge`: one report of several runs; the exit status of the whole. */
export async function mergeCommand(files: readonly string[], options: ReportOptions): Promise<number> {
  const blobs = files.map((name) => ({ name, blob: readBlob(read(name), name) }));
  const merged = mergeRuns(blobs);
  const reporters = await openReporters(options);
  for (const note of merged.notes) process.stderr.write(`${printable(`netlab: ${note}`)}\n`);
  for (const event of mergedEvents(merged)) reporters.event(event);
  return (await reporters.end()) ? exitStatus(merged.run.status) : 2;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${(error as Error).message}`);
  }
}
