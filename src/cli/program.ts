import { Command, CommanderError } from 'commander';
import { UsageError } from '../errors.ts';
import { reporters } from '../report/index.ts';
import { streamTarget } from '../report/target.ts';
import { writeOutValues } from './optional-values.ts';

const examples = `
Examples:
  netlab run runbooks/docker-dns.md      run every step in a lab of its own and check it
  netlab run --reporter json=report.json runbooks/
  netlab check runbooks/                 find mistakes without running anything
  netlab list runbooks/                  what there is to run
  netlab doctor                          what this machine can do, and how to get the rest

Exit status: 0 all passed, 1 a check failed, 2 could not run or checked nothing, 130 interrupted.`;

/** Reads the command line and runs its command; resolves to the exit status. Code is loaded only for that command. */
export async function buildProgram(version: string, args: readonly string[]): Promise<number> {
  let status = 0;
  const finish = async (result: Promise<number>): Promise<void> => {
    status = await result;
  };
  const reporterNames = reporters.map(({ name }) => name).join(', ');
  const program = new Command('netlab')
    .description('Executable network runbooks: Markdown that is run for real in a hermetic lab, and checked.')
    .version(version)
    .addHelpText('after', examples)
    .showHelpAfterError('(netlab --help tells more)')
    .exitOverride();

  program
    .command('run')
    .description('run runbooks, each in a lab of its own, and check what they print')
    .argument('[paths...]', 'Markdown files, folders, patterns such as "docs/**/*.md" (default: those of the config)')
    .option('-r, --reporter <name[=file]>', `how to report: ${reporterNames}, or a module; repeatable`, collect)
    .option('--mask <name>', 'hide the value of this environment variable in all reports; repeatable', collect)
    .option('--timings', 'a table of the slowest steps')
    .option('-s, --step <name>', 'run only the steps of this name; repeatable', collect)
    .option('-g, --grep <regex>', 'only runbooks whose path, title, description or steps match')
    .option('-t, --tags <a,!b>', 'only runbooks with one of these tags, without those with "!"', collect)
    .option('--changed [ref]', 'only runbooks that differ from this commit, or use what does (default: HEAD)')
    .option('--last-failed', 'only runbooks that did not pass when they last ran')
    .option('--shard <i/n>', 'only one of n parts, which take about the same time')
    .option('-j, --jobs <n>', 'how many runbooks at a time (default: the number of processors)')
    .option('--bail [n]', 'start no further runbook after n that did not pass (default: 1)')
    .option('--retry <n>', 'run a runbook that did not pass again, in a fresh lab, up to n times')
    .option('--keep-going', 'go on after a step that did not pass')
    .option('--update', 'rewrite the expected output in the documents, in place')
    .option('--strict', 'skipped and unchecked steps, and flaky runbooks, fail')
    .option('--allow-host', 'let documents with `lab: none` run on this machine itself')
    .option('--network <closed|host>', "override what the documents say about the machine's network")
    .option('-c, --config <file>', 'the configuration (default: netlab.config.{ts,js,json}, from here upwards)')
    .option('--no-config', 'without any configuration')
    .addHelpText(
      'after',
      '\nExample:\n  netlab run --reporter pretty --reporter json=report.json runbooks/docker-dns.md',
    )
    .action((paths, options) => finish(import('./run.ts').then(({ runCommand }) => runCommand(paths, options))));

  program
    .command('merge')
    .description('make one report of several: of the shards of a run, each written with --reporter blob=FILE')
    .argument('<blobs...>', 'files that the reporter blob wrote')
    .option('-r, --reporter <name[=file]>', `how to report: ${reporterNames}, or a module; repeatable`, collect)
    .option('--mask <name>', 'hide the value of this environment variable in all reports; repeatable', collect)
    .option('--timings', 'a table of the slowest steps')
    .addHelpText('after', '\nExample:\n  netlab merge shard-*.blob --reporter pretty --reporter html=report.html')
    .action((files, options) => finish(import('./merge.ts').then(({ mergeCommand }) => mergeCommand(files, options))));

  program
    .command('list')
    .description('list runbooks and their steps')
    .argument('<paths...>', 'Markdown files, or folders of them')
    .option('--json', 'as one JSON document')
    .action((paths, options) => finish(import('./list.ts').then(({ listCommand }) => listCommand(paths, options))));

  program
    .command('check')
    .description('parse and lint runbooks without running anything')
    .argument('<paths...>', 'Markdown files, or folders of them')
    .option('--format <pretty|json|github>', 'how findings are printed')
    .option('--json', 'short for --format json')
    .option('--rule <name=off|warn|error>', 'how findings of a rule count; repeatable', collect, [])
    .action((paths, options) => finish(import('./check.ts').then(({ checkCommand }) => checkCommand(paths, options))));

  program
    .command('graph')
    .description("draw the topology of a runbook's lab")
    .argument('<file>', 'a Markdown file')
    .option('--format <table|mermaid>', 'a table (in a terminal), or Mermaid text, which GitHub draws (else)')
    .action((path, options) => finish(import('./graph.ts').then(({ graphCommand }) => graphCommand(path, options))));

  program
    .command('shell')
    .description("bring up a runbook's lab and open a shell in it")
    .argument('<file>', 'a Markdown file')
    .option('--after <step>', 'first run the steps up to this one, by name or number')
    .option('--node <name>', 'the node of the shell')
    .action((path, options) => finish(import('./shell.ts').then(({ shellCommand }) => shellCommand(path, options))));

  program
    .command('learn')
    .description('do an exercise: a lab with a shell, tasks, and checks that say when they are done')
    .argument('[path]', 'an exercise, or a folder of them: a course')
    .option('--plain', 'lines one after the other, nothing drawn again: for screen readers and pipes')
    .option('--restart', 'begin anew with every task')
    .option('--attach [node]', 'another terminal in the lab of the lesson that goes on')
    .option(
      '--report <json[=file]>',
      'what was done, for a teacher; into a pipe: what is remembered, nothing being run',
    )
    .action((path, options) => finish(import('./learn.ts').then(({ learnCommand }) => learnCommand(path, options))));

  program
    .command('parse')
    .description('read the output of a known command, and print it as JSON')
    .argument('<kind>', 'ping, ifconfig, iptables, ip_addr, …')
    .argument('[files...]', 'files with its output (default: standard input)')
    .action((kind, files) => finish(import('./parse.ts').then(({ parseCommand }) => parseCommand(kind, files))));

  program
    .command('doctor')
    .description('every capability that a lab can need: found or not, and how to get it')
    .option('--json', 'as one JSON document')
    .action((options) =>
      finish(
        import('./doctor.ts').then(({ doctorCommand }) =>
          doctorCommand(options, streamTarget(process.stdout, process.env)),
        ),
      ),
    );

  program
    .command('setup')
    .description('install the Debian packages that are missing, after saying which and why')
    .option('-y, --yes', 'do not ask')
    .option('--dry-run', 'only say what would be installed')
    .action((options) => finish(import('./setup.ts').then(({ setupCommand }) => setupCommand(options))));

  if (args.length === 0) {
    process.stdout.write(program.helpInformation() + examples.concat('\n'));
    return 2;
  }
  try {
    await program.parseAsync([...writeOutValues(args)], { from: 'user' });
  } catch (error) {
    // Commander has printed its message; help and version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  return status;
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  if (value === '') throw new UsageError('an option has an empty value');
  return [...before, value];
}
