import { readFileSync } from 'node:fs';
import { Argument } from 'commander';
import { printable } from '../report/printable.ts';
import type { CliCommand, CommandEntry } from './command.ts';
import { complete } from './complete.ts';

export const command: CliCommand = {
  description: [
    'Prints a script for a shell. It asks netlab itself what can stand at the cursor, so that it never grows old: commands, options and their values, Markdown files and folders, the names of steps and nodes.',
    'With words after "--", as the script gives them, it prints what can stand for the last one: a line with the kind (words, files or markdown), a line with what stands before the name of a file, and a line for each word.',
  ],
  define: (command) => {
    command
      .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
      .argument('[words...]', 'after "--": the words behind netlab, up to the cursor');
  },
  run: completionCommand,
  examples: [
    ["echo 'source <(netlab completion bash)' >> ~/.bashrc", 'In every new bash.'],
    ["echo 'source <(netlab completion zsh)' >> ~/.zshrc", 'In every new zsh; after its compinit.'],
    ['netlab completion fish > ~/.config/fish/completions/netlab.fish', 'In every new fish.'],
    ['netlab completion bash -- run --net', 'What bash is told.'],
  ],
  exitStatus: { 0: 'printed', 2: 'there is no such shell' },
  seeAlso: ['docs/cli.md'],
};

type Shell = 'bash' | 'zsh' | 'fish';

/** `netlab completion`: the script of a shell, or what that script asks for. */
async function completionCommand(
  shell: Shell,
  words: readonly string[],
  _options: object,
  commands: readonly CommandEntry[],
): Promise<number> {
  if (words.length === 0) {
    process.stdout.write(readFileSync(new URL(`./complete.${shell}`, import.meta.url), 'utf8'));
    return 0;
  }
  const { kind, prefix, words: offered } = await complete(words, commands);
  const lines = offered.map(({ value, about }) => (about === '' ? value : `${value}\t${printable(about)}`));
  process.stdout.write(`${[kind, prefix, ...lines].join('\n')}\n`);
  return 0;
}
