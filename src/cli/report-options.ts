import type { Command } from 'commander';
import { reporters } from '../report/index.ts';
import type { Offer } from './command.ts';
import { repeatable } from './repeatable.ts';

/** What the command line says about reports. */
export interface ReportOptions {
  /** Default: `pretty`. `name`, which writes to standard output, or `name=file`; a name may be the path of a module. */
  readonly reporter?: readonly string[] | undefined;
  /** Environment variables whose values no report may have. */
  readonly mask?: readonly string[];
  readonly timings?: boolean;
  /** Standard error tells what the engine does: nothing that waits or is redrawn may come in its way. */
  readonly trace?: boolean;
}

/** What can stand for their values. */
export const reportOffers: Readonly<Record<string, Offer>> = {
  reporter: async () => reporters.map(({ name }) => name),
  mask: async () => Object.keys(process.env),
};

/** Adds these options to a command that reports. */
export function addReportOptions(command: Command): void {
  const names = reporters.map(({ name }) => name).join(', ');
  command
    .optionsGroup('Reports')
    .option(
      '-r, --reporter <name[=file]>',
      `how to report: ${names}, or a module; repeatable`,
      repeatable('--reporter'),
    )
    .option(
      '--mask <name>',
      'hide the value of this environment variable in all reports; repeatable',
      repeatable('--mask'),
    )
    .option('--timings', 'a table of the slowest steps');
}
