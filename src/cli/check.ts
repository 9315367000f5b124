import { Option } from 'commander';
import { UsageError } from '../errors.ts';
import { check } from '../run/check.ts';
import { ruleNames } from '../runbook/lint.ts';
import type { LintLevel } from '../runbook/types.ts';
import type { CliCommand } from './command.ts';
import { type CheckReport, findingFormats } from './findings.ts';
import { repeatable } from './repeatable.ts';
import { selectFiles } from './select-files.ts';

interface CheckOptions {
  readonly json?: boolean;
  readonly format?: keyof typeof findingFormats;
  readonly rule?: readonly string[];
}

export const command: CliCommand = {
  description: [
    'Reads documents and says what is wrong with them, or allowed but probably not meant. Nothing is run.',
    'Each finding has the name of a rule. A block (lint.RULE=off), the front matter (lint) or --rule turns it off, or makes it an error.',
  ],
  define: (command) => {
    command
      .argument('<paths...>', 'Markdown files, folders or patterns')
      .addOption(new Option('--format <name>', 'how findings are printed').choices(Object.keys(findingFormats)))
      .option('--json', 'short for --format json')
      .option(
        '--rule <name=level>',
        'how findings of a rule count: off, warn or error; repeatable',
        repeatable('--rule'),
      );
  },
  offers: { paths: 'markdown', rule: async () => ruleNames.map((name) => `${name}=off`) },
  run: checkCommand,
  examples: [
    ['netlab check docs/ README.md', 'What to mend, in the form file:line:column.'],
    ['netlab check --format github --rule unchecked-step=off docs/', 'Annotations of a pull request, without a rule.'],
  ],
  exitStatus: {
    0: 'nothing found',
    1: 'warnings only',
    2: 'errors: a document is no runbook, or a rule is set to error',
  },
  seeAlso: ['netlab run', 'docs/lint.md', 'docs/format.md'],
};

/** `netlab check`: 0 nothing found, 1 warnings only, 2 errors: a document is no runbook, or a rule is set to error. */
async function checkCommand(paths: readonly string[], options: CheckOptions): Promise<number> {
  const print = formatOf(options);
  const rules = Object.fromEntries(options.rule?.map(readRule) ?? []);
  const files = await selectFiles(paths);
  const findings = await check({ paths: files, rules });
  print({ files: files.length, findings });
  return findings.some(({ level }) => level === 'error') ? 2 : findings.length > 0 ? 1 : 0;
}

function formatOf({ json, format }: CheckOptions): (report: CheckReport) => void {
  const name = format ?? (json ? 'json' : 'pretty');
  return findingFormats[name];
}

/** `name=off` of the command line. */
function readRule(written: string): readonly [string, LintLevel] {
  const [name = '', level] = written.split('=', 2);
  if (!ruleNames.includes(name)) {
    throw new UsageError(`there is no rule ${JSON.stringify(name)}`, {
      hint: `The rules are ${ruleNames.join(', ')}.`,
    });
  }
  if (level === 'off' || level === 'warn' || level === 'error') return [name, level];
  throw new UsageError(`--rule ${written}: a rule is off, warn or error`, { hint: `Write --rule ${name}=off.` });
}
