import { UsageError } from '../errors.ts';
import { printable } from '../report/printable.ts';
import { attach, chooseLab, listText, openLabs } from '../run/attach.ts';
import type { CliCommand } from './command.ts';
import { ownTerminal } from './own-terminal.ts';

interface AttachCommandOptions {
  readonly node?: string;
  readonly list?: boolean;
}

export const command: CliCommand = {
  description: [
    'Gives this terminal to a shell in a lab that netlab run --keep-lab or --watch, or a lesson, keeps up in another one: in the folder of the document, with its environment. The shell ends when you leave it, or with the lab.',
  ],
  define: (command) => {
    command
      .argument('[lab]', 'its number, or the file of its runbook (default: the only lab that is up)')
      .option('--node <name>', 'the node of the shell')
      .option('--list', 'only say which labs are up');
  },
  run: attachCommand,
  examples: [
    ['netlab attach', 'The only lab that is up.'],
    ['netlab attach --node node2 runbooks/docker-dns.md', 'A node of the lab of that runbook.'],
  ],
  exitStatus: {
    0: 'the shell has ended',
    2: 'there is no such lab or node, or no terminal',
  },
  seeAlso: ['netlab run', 'netlab shell', 'netlab learn', 'docs/writing.md'],
};

/** `netlab attach`: this terminal becomes a shell in a lab that another netlab keeps up. */
async function attachCommand(wanted: string | undefined, options: AttachCommandOptions): Promise<number> {
  const labs = openLabs();
  if (options.list) {
    const text = listText(labs);
    process.stdout.write(text === '' ? '' : `${text.split('\n').map(printable).join('\n')}\n`);
    return labs.length > 0 ? 0 : 2;
  }
  const lab = chooseLab(labs, wanted);
  const terminal = ownTerminal();
  if (!terminal.isTerminal) throw new UsageError('netlab attach needs a terminal', { hint: 'start it in one' });
  await attach(lab, terminal, process.env['TERM'] ?? 'xterm', options.node ?? null);
  return 0;
}
