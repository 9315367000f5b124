import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Option } from 'commander';
import { UsageError } from '../errors.ts';
import { fileTrouble, statIfThere } from '../file-trouble.ts';
import type { CliCommand } from './command.ts';
import { type Template, templates } from './templates.ts';

export const command: CliCommand = {
  description: [
    'Asks what you want, and writes a runbook that passes, for you to change. What the command line says is not asked. No file is ever overwritten.',
    ...templates.map(({ name, summary }) => `${name}: ${summary}.`),
  ],
  define: (command) => {
    command
      .argument('[file]', 'the file to write; default: made of the title')
      .option('--title <text>', 'the heading of the runbook')
      .addOption(new Option('--template <name>', 'what to begin with').choices(templates.map(({ name }) => name)))
      .option('-y, --yes', 'do not ask: take the default for what is not said');
  },
  run: newCommand,
  offers: { file: 'markdown' },
  examples: [
    ['netlab new', 'Asks for a title, a template and a file.'],
    ['netlab new docs/dns.md --title "Names" --template dns', 'Asks nothing.'],
  ],
  exitStatus: { 0: 'written', 2: 'nothing was written' },
  seeAlso: ['netlab run', 'netlab learn', 'docs/cli.md', 'docs/format.md'],
};

interface NewOptions {
  readonly title?: string;
  readonly template?: string;
  readonly yes?: boolean;
}

type Ask = (question: string, otherwise: string) => Promise<string>;

/** `netlab new`. */
async function newCommand(given: string | undefined, options: NewOptions): Promise<number> {
  if (given !== undefined) refuse(given);
  const isComplete = given !== undefined && options.title !== undefined && options.template !== undefined;
  const canAsk = process.stdin.isTTY && process.stdout.isTTY;
  if (!isComplete && !canAsk && !options.yes) {
    const hint = 'give a file, --title and --template, or say --yes';
    throw new UsageError('nobody is there to ask what to write', { hint });
  }
  const ask: Ask = options.yes || isComplete ? async (_, otherwise) => otherwise : askTerminal;
  const title = oneLine(options.title ?? (await ask('Title', 'A first runbook')));
  const template = findTemplate(options.template ?? (await ask(choice(), templates[0]?.name ?? '')));
  const file = given ?? (await ask('File', `${anchor(title)}.md`));
  refuse(file);
  write(file, template.text(title));
  process.stdout.write(`Wrote ${file}. Run it: netlab run ${file}\n`);
  return 0;
}

function choice(): string {
  const room = Math.max(...templates.map(({ name }) => name.length));
  const lines = templates.map(({ name, summary }) => `  ${name.padEnd(room)}  ${summary}`);
  return `${lines.join('\n')}\nTemplate`;
}

async function askTerminal(question: string, otherwise: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
  const answer = await Promise.race([lines.question(`${question} [${otherwise}]: `), closed]);
  lines.close();
  // Ctrl-D, or Ctrl-C: whoever leaves wants nothing written.
  if (answer === undefined) throw new UsageError('nothing was written', { hint: 'answer, or say --yes' });
  return answer.trim() || otherwise;
}

function findTemplate(name: string): Template {
  const found = templates.find((template) => template.name === name);
  if (found) return found;
  const hint = `There are ${templates.map((template) => template.name).join(', ')}.`;
  throw new UsageError(`there is no template ${JSON.stringify(name)}`, { hint });
}

/** Before anything is asked: what cannot be written need not be talked about. */
function refuse(file: string): void {
  if (!/\.(?:md|markdown)$/i.test(file)) {
    throw new UsageError(`${file || 'the file'}: a runbook ends in .md`, { hint: `write ${file || 'first'}.md` });
  }
  if (statIfThere(file)) throw new UsageError(`${file} is there already`, { hint: 'name another file' });
  if (!statIfThere(dirname(file))?.isDirectory()) {
    throw new UsageError(`${file}: there is no folder ${dirname(file)}`, { hint: 'make it first' });
  }
}

function write(file: string, text: string): void {
  try {
    // Somebody may have made it meanwhile.
    writeFileSync(file, text, { flag: 'wx' });
  } catch (cause) {
    const { reason, hint } = fileTrouble(cause);
    throw new UsageError(`cannot write ${file}: ${reason}`, { cause, hint });
  }
}

function oneLine(title: string): string {
  const line = title.replace(/\s+/g, ' ').trim();
  if (line !== '' && !/[{}]/.test(line)) return line;
  throw new UsageError(`--title ${JSON.stringify(title)} is no heading`, { hint: 'write some words, without braces' });
}

/** As GitHub makes anchors of headings, so that the name of the file is guessed from the title. */
function anchor(title: string): string {
  const words = title.toLowerCase().match(/[\p{Letter}\p{Number}]+/gu) ?? [];
  return words.join('-').slice(0, 60) || 'runbook';
}
