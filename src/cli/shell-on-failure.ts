import { UsageError } from '../errors.ts';
import type { RunbookResult, StepResult } from '../events.ts';
import { createPalette } from '../report/palette.ts';
import { printable } from '../report/printable.ts';
import { type FailureShell, type Person, shellOnFailure } from '../run/shell-on-failure.ts';
import { type RunOptions, runBy, runOne } from '../run.ts';
import { ownTerminal } from './own-terminal.ts';
import type { RunChoices } from './run-settings.ts';

/** What a run cannot do that waits for a person at its first failure. */
const others = ['update', 'retry', 'keepGoing', 'keepLab', 'watch'] as const;

type Choices = RunChoices & { readonly keepLab?: boolean; readonly watch?: boolean };

/** Throws a `UsageError` where no shell could be opened at a failure. */
export function refuseWithoutTerminal(choices: Choices): void {
  const other = others.find((name) => choices[name]);
  if (other !== undefined) {
    const option = other.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`--shell-on-failure and --${option} do not go together`, { hint: 'give one of them' });
  }
  if (choices.jobs !== undefined && choices.jobs !== '1') {
    const hint = 'leave --jobs out: with --shell-on-failure, runbooks run one after the other';
    throw new UsageError('--shell-on-failure: there is one terminal, so there can be one job', { hint });
  }
  if (!ownTerminal().isTerminal) {
    const hint = 'start netlab in one, with neither its input nor its output redirected';
    throw new UsageError('--shell-on-failure needs a terminal', { hint });
  }
}

export interface ShellRunOptions {
  readonly settings: RunOptions;
  /** Takes secrets out of a text. */
  readonly mask: (text: string) => string;
  /** Writes what waits: the shell is about to write to the terminal. */
  readonly flush: () => void;
  /** Stops the run: the terminal was closed. */
  readonly hangUp: () => void;
}

/** `--shell-on-failure`: the run, one runbook after the other, with a shell in this terminal at the first failure of each. */
export function runWithShell({ settings, mask, flush, hangUp }: ShellRunOptions): ReturnType<typeof runBy> {
  const terminal = ownTerminal();
  const { dim, bold } = createPalette(terminal);
  const say = (lines: readonly string[]): void => {
    flush();
    terminal.write(['', ...lines, ''].join('\r\n'));
  };
  const person: Person = {
    terminal,
    term: process.env['TERM'] ?? 'xterm',
    opens(shell) {
      const [first = '', ...more] = announcement(shell).map((line) => printable(mask(line)));
      say([bold(first), ...more.map(dim), '']);
    },
    cannot: (path, why) => say([printable(mask(`${path}: ${why}`))]),
    gone: hangUp,
  };
  let spentBefore = 0;
  const one: typeof runOne = async (prepared, options): Promise<RunbookResult> => {
    if (prepared.runbook.exercise)
      person.cannot(prepared.runbook.path, 'no shell opens in an exercise: try netlab learn');
    const bystander = shellOnFailure(person);
    try {
      return await runOne(prepared, { ...options, bystander });
    } finally {
      spentBefore += bystander.spentMs;
    }
  };
  return runBy(one, { ...settings, jobs: 1, retry: 0, keepGoing: false }, () => spentBefore);
}

/** Which step, what was wrong, what the shell is, and how to leave it. */
function announcement({ path, step, kind, session, prompt }: FailureShell): string[] {
  const why = whyOf(step);
  const where = `${path}:${step.line}`;
  const [command = ''] = step.command.split('\n');
  return [
    `${where} ${step.status.replace('_', ' ')}: ${command}${step.command.includes('\n') ? ' …' : ''}`,
    ...(why === undefined ? [] : [why]),
    ...described[kind]({ ...step, session }, prompt?.trimEnd() ?? ''),
    'Leave it with exit or Ctrl-D: teardown and the reports follow, and the verdict stays as it is.',
  ];
}

function whyOf({ checks, reason }: StepResult): string | undefined {
  const text = checks.find(({ ok }) => !ok)?.message ?? reason ?? undefined;
  return text?.split('\n')[0];
}

const described: Readonly<Record<FailureShell['kind'], (step: StepResult, prompt: string) => string[]>> = {
  same: ({ node, session }) => [
    `A shell on ${node} like that of session ${session}: its folder, variables, functions, aliases and options.`,
  ],
  before: ({ node, session, status }) => [
    `${status === 'timed_out' ? 'It was stopped, and the shell of its session with it.' : 'It has ended the shell of its session.'}`,
    `A new one on ${node}, like that of session ${session} before this step.`,
  ],
  fresh: ({ node }) => [
    `A new shell on ${node}, in the document's folder: that of the step has gone, and nothing is known of it.`,
  ],
  nested: ({ node, session }, prompt) => [
    `The nested shell itself (${prompt}), in the terminal of session ${session} on ${node}.`,
  ],
};
