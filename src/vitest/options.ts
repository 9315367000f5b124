import type { LabSpec } from '../runbook/types.ts';

/** How a runbook is run as tests. */
export interface RunbookOptions {
  /** Go on after a step that did not pass; the steps after it are skipped unless this is set. */
  readonly keepGoing?: boolean;
  /** Instead of what the document says of the machine's network. */
  readonly network?: LabSpec['network'];
  /** Also run documents that ask to be run on this machine itself (`lab: none`). */
  readonly allowHost?: boolean;
  /** Environment variables whose values are hidden in reports, besides those whose names say that they are secret. */
  readonly mask?: readonly string[];
}

/** What the plugin can be told. */
export interface PluginOptions extends RunbookOptions {
  /** Which Markdown files are test files, as in `test.include`: all, unless that names Markdown files itself. */
  readonly include?: readonly string[];
}

/** A document whose tests are being collected, and how it is to be run. */
export interface OpenedDocument {
  readonly path: string;
  readonly source: string;
  readonly options: RunbookOptions;
}

/**
 * How Vitest runs the tests of a document. Steps have limits of their own; and they are told one after another, as they
 * run: a step is not skipped for good for another that Vitest is going to try again.
 */
export const testOptions = { timeout: 0, concurrent: false } as const;
