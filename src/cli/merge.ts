import { readNamedFile } from '../file-trouble.ts';
import { readBlob } from '../report/blob.ts';
import { printable } from '../report/printable.ts';
import { mergedEvents, mergeRuns, type NamedBlob } from '../run/merge.ts';
import { exitStatus } from '../run/tally.ts';
import type { CliCommand } from './command.ts';
import { addReportOptions, type ReportOptions, reportOffers } from './report-options.ts';
import { openReporters } from './reporters.ts';

export const command: CliCommand = {
  description: [
    'Each shard of a run writes a blob, with --reporter blob=FILE. This makes one report of them, and says if parts are missing.',
  ],
  define: (command) => {
    command.argument('<blobs...>', 'files that the reporter blob wrote');
    addReportOptions(command);
  },
  offers: { blobs: 'files', ...reportOffers },
  run: mergeCommand,
  examples: [
    ['netlab merge shard-*.blob --reporter pretty --reporter html=report.html', 'One report to read, one to keep.'],
  ],
  exitStatus: { 0: 'all of it passed', 1: 'a check failed', 2: 'something could not be run, read or written' },
  seeAlso: ['netlab run', 'docs/reports.md'],
};

/** `netlab merge`: one report of several runs; the exit status of the whole. */
async function mergeCommand(files: readonly string[], options: ReportOptions): Promise<number> {
  const blobs: NamedBlob[] = [];
  for (const name of files) blobs.push({ name, blob: readBlob(await readNamedFile(name), name) });
  const merged = mergeRuns(blobs);
  const reporters = await openReporters(options);
  for (const note of merged.notes) process.stderr.write(`${printable(`netlab: ${note}`)}\n`);
  for (const event of mergedEvents(merged)) reporters.event(event);
  return (await reporters.end()) ? exitStatus(merged.run.status) : 2;
}
