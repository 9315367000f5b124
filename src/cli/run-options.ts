import { type Command, Option } from 'commander';
import { repeatable } from './repeatable.ts';

/** Adds what `netlab run` takes besides the options of reports; run-settings.ts reads it. */
export function addRunOptions(command: Command): void {
  command
    .argument('[paths...]', 'Markdown files, folders, patterns such as "docs/**/*.md"; default: those of the config')
    .optionsGroup('What is run')
    .option('-s, --step <name>', 'only the steps of this name; repeatable', repeatable('--step'))
    .option('-g, --grep <regex>', 'only runbooks whose path, title, description or steps match')
    .option(
      '-t, --tags <a,!b>',
      'only runbooks with one of these tags, without those with "!"; repeatable',
      repeatable('--tags'),
    )
    .option('--changed [ref]', 'only runbooks that differ from this commit, or use what does; default: HEAD')
    .option('--last-failed', 'only runbooks that did not pass when they last ran')
    .option('--shard <i/n>', 'only one of n parts, which take about the same time')
    .option('--pass-with-no-runbooks', 'pass if these choices leave nothing to run')
    .optionsGroup('How it is run')
    .option('-j, --jobs <n>', 'how many runbooks at a time; default: the number of processors')
    .option('--bail [n]', 'start no further runbook after n that did not pass; default: 1')
    .option('--retry <n>', 'run a runbook that did not pass again, in a fresh lab, up to n times')
    .option('--keep-going', 'go on after a step that did not pass')
    .option('--update', 'rewrite the expected output in the documents, in place')
    .option('--strict', 'skipped and unchecked steps, and flaky runbooks, fail')
    .option('--allow-host', 'let documents with `lab: none` run on this machine itself')
    .addOption(
      new Option('--network <kind>', "instead of what the documents say about the machine's network").choices([
        'closed',
        'host',
      ]),
    )
    .optionsGroup('While writing')
    .option('-w, --watch', 'run again what a save touches, in labs that are kept ready; Enter: all, f: failed, q: end')
    .option('--keep-lab', 'keep the lab up after the steps, until Ctrl-C: netlab attach opens a shell in it')
    .option('--shell-on-failure', 'open a shell in the lab at the first step that does not pass, like its own')
    .option('--trace', 'say on standard error what the engine does, and how long it takes')
    .optionsGroup('Configuration')
    .option('-c, --config <file>', 'the configuration; default: netlab.config.{ts,js,json}, from here upwards')
    .option('--no-config', 'without any configuration');
}
