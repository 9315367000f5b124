import { text as readAll } from 'node:stream/consumers';
import { findParser, parserKinds, parseText } from '../check/index.ts';
import { UnreadableError, UsageError } from '../errors.ts';
import { readNamedFile } from '../file-trouble.ts';
import type { CliCommand } from './command.ts';
import { printError } from './print-error.ts';

export const command: CliCommand = {
  description: [
    'Shows what a check would see in recorded output: one JSON document for each file, or for standard input.',
  ],
  define: (command) => {
    command
      .argument('<kind>', 'the parser: ping, ifconfig, iptables, ip_addr, …')
      .argument('[files...]', 'files with its output; default: standard input');
  },
  offers: { kind: async () => parserKinds, files: 'files' },
  run: parseCommand,
  examples: [['ip address | netlab parse ip_addr', 'The addresses of this machine as JSON.']],
  exitStatus: { 0: 'read', 2: 'an output cannot be read; the others are printed nevertheless' },
  seeAlso: ['docs/checks.md'],
};

/**
 * `netlab parse`: what a check would see in recorded output, one JSON document for each file, or for standard input when
 * none is named. 2 when one of them could not be read; the others are printed nevertheless.
 */
export async function parseCommand(kind: string, files: readonly string[]): Promise<number> {
  // What is wrong for every file is told once, and before anything is waited for.
  await findParser(kind);
  let status = 0;
  for (const file of files.length === 0 ? ['-'] : files) {
    try {
      const structure = await parseText(kind, await (file === '-' ? readAll(process.stdin) : readNamedFile(file)));
      process.stdout.write(`${JSON.stringify(structure, null, 2)}\n`);
    } catch (error) {
      if (!(error instanceof UnreadableError || error instanceof UsageError)) throw error;
      printError(error instanceof UnreadableError ? withPlace(error, file) : error);
      status = 2;
    }
  }
  return status;
}

/** The same message, with the place in the form that editors make clickable. */
function withPlace(error: UnreadableError, file: string): UsageError {
  const name = file === '-' ? 'standard input' : file;
  return new UsageError(error.message, { position: { file: name, line: error.line, column: 1 } });
}
