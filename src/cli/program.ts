import { Command, CommanderError, type HelpConfiguration } from 'commander';
import { UsageError } from '../errors.ts';
import type { CliCommand, CommandEntry, CommandPage } from './command.ts';
import { commands } from './commands.ts';
import { pageText } from './help.ts';
import { writeOutValues } from './optional-values.ts';

const page: CommandPage = {
  description: [
    'A runbook is a Markdown file. netlab runs the commands in it for real, in a closed lab that goes away, compares what they print with what the document says, and tells the verdict.',
    'netlab help COMMAND shows the page of a command.',
  ],
  examples: [
    ['netlab run README.md', 'Run every step in a lab of its own, and check it.'],
    ['netlab check docs/', 'Find mistakes without running anything.'],
    ['netlab doctor', 'What this machine can do, and how to get the rest.'],
  ],
  exitStatus: {
    0: 'all passed',
    1: 'a check failed',
    2: 'could not run, or checked nothing',
    129: 'its terminal was closed',
    130: 'interrupted',
  },
  environment: {
    NO_COLOR: 'no colours, if it is set',
    FORCE_COLOR: 'colours in pipes, too',
  },
  seeAlso: ['docs/cli.md', 'docs/format.md'],
};

/** Reads the command line and runs its command; resolves to the exit status. Code is loaded only for that command. */
export async function runProgram(version: string, args: readonly string[]): Promise<number> {
  const asked = entryOf(args);
  const program = createProgram(version);
  let status = 0;
  for (const entry of commands) {
    if (entry !== asked) program.command(entry.name).summary(entry.summary);
    else {
      const { command } = await entry.load();
      addCommand(program, entry, command, (code) => {
        status = code;
      });
    }
  }
  if (args.length === 0) {
    program.outputHelp();
    return 2;
  }
  try {
    await program.parseAsync([...writeOutValues(args)], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version are no errors.
    if (/^commander\.(help|version)/.test(error.code)) return 0;
    throw usageError(error, asked);
  }
  return status;
}

/** The command that the first words name, if there is one. */
function entryOf(args: readonly string[]): CommandEntry | undefined {
  const named = args[0] === 'help' ? args[1] : args[0];
  const entry = commands.find(({ name }) => name === named);
  if (args[0] === 'help' && named !== undefined && entry === undefined) {
    throw new UsageError(`there is no command ${JSON.stringify(named)}`, { hint: 'netlab help lists the commands' });
  }
  return entry;
}

function createProgram(version: string): Command {
  return (
    new Command('netlab')
      .summary('run Markdown runbooks for real in a hermetic lab, and check them')
      .version(version, '-V, --version', 'the version')
      .helpOption('-h, --help', 'this page')
      .helpCommand('help [command]', 'the page of a command')
      .configureHelp(pageOf(page))
      // What is wrong with a command line is told as every other error is.
      .configureOutput({ outputError: () => {} })
      .exitOverride()
  );
}

function pageOf(text: CommandPage): HelpConfiguration {
  return {
    formatHelp: (command, helper) => pageText(command, helper, text),
    // Commander takes it out again where there are no colours.
    styleTitle: (title) => `\x1b[1m${title}\x1b[22m`,
  };
}

function addCommand(
  program: Command,
  { name, summary }: CommandEntry,
  { define, run, ...itsPage }: CliCommand,
  finish: (status: number) => void,
): void {
  const command = program.command(name).summary(summary);
  command.configureHelp(pageOf(itsPage));
  define(command);
  command.action(async () => {
    const given: unknown[] = [...command.processedArgs, command.opts(), commands];
    finish(await run(...(given as never[])));
  });
}

/** Commander's message in the form of netlab's own: what is wrong, then what to try. */
function usageError({ message }: CommanderError, asked: CommandEntry | undefined): UsageError {
  const [text = '', ...more] = message.replace(/^error: /, '').split('\n');
  const meant = more.map((line) => line.replace(/^\((.*)\)$/, '$1')).filter((line) => line !== '');
  // Commander's own words here are about its insides.
  const choice =
    /^(?:option '(.*?) ?<.*>' argument|command-argument value) '(.*)' is invalid.*\. Allowed choices are (.*)\.$/s.exec(
      text,
    );
  if (choice) {
    const [, option, value = '', choices] = choice;
    return new UsageError(
      `${option ? `${option.replace(/^-\w, /, '')} ${value}` : JSON.stringify(value)}: no such choice`,
      {
        hint: `write one of ${choices}`,
      },
    );
  }
  const hint = [...meant, `netlab ${asked ? `help ${asked.name}` : 'help'} tells more`].join(' ');
  return new UsageError(text, { hint });
}
