import type { Command } from 'commander';

/** What stands beside a command's arguments and options on its page, `netlab help NAME`. */
export interface CommandPage {
  /** What it does and how, in paragraphs. */
  readonly description: readonly string[];
  /** Command lines, and what each is good for. */
  readonly examples: readonly (readonly [line: string, use: string])[];
  readonly exitStatus: Readonly<Record<number, string>>;
  /** Variables and files that it heeds, and what for. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly seeAlso: readonly string[];
}

/** What the file of a command exports as `command`; one line in commands.ts registers it. */
export interface CliCommand extends CommandPage {
  /** Adds its arguments and options. The page and the completion of words are made of them, too. */
  readonly define: (command: Command) => void;
  /**
   * What can stand for a value, by the name of its argument or option, for the completion of words. Not needed for those
   * with choices, nor for files where the value is called `file`.
   */
  readonly offers?: Readonly<Record<string, Offer>>;
  /** Does it: given each argument, then the options, then the list of all commands. Resolves to the exit status. */
  readonly run: (...given: never[]) => Promise<number>;
}

/** Files of a kind, or words; these may depend on the arguments that stand before. */
export type Offer = 'files' | 'markdown' | ((before: readonly string[]) => Promise<readonly string[]>);

/** A command as the list knows it, before its code is loaded. */
export interface CommandEntry {
  readonly name: string;
  /** A phrase for the list of commands. */
  readonly summary: string;
  load(): Promise<{ readonly command: CliCommand }>;
}
