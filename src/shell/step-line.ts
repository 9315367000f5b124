import { SessionError } from '../errors.ts';
import { assignments, quote } from './quote.ts';
import type { SessionInput } from './types.ts';

/** Descriptors of the session's bash that its steps do not have. Below 10 they would be in a reader's way. */
export const privateFd = { status: 62, nothing: 61, output: 60, errors: 59 } as const;

/** Reported instead of a status when the folder of a step is not there: the step has not run. */
const noFolder = 'no-folder';

/** One step as the session's bash reads it. */
export interface StepLine {
  readonly input: SessionInput;
  /** Under which it reports its status. */
  readonly key: string;
  /** `$?` as the step before left it: what `echo $?` must print. */
  readonly lastStatus: number;
  /** Where its output goes. */
  readonly redirections: string;
  /** Commands around it, outside its redirections. */
  readonly before?: string;
  readonly after?: string;
}

/** At a prompt, Ctrl-C ends the loops and the list around a command, too: bash does that under job control alone. */
const interruptible = {
  before:
    '__netlab_trap=$(\\builtin trap -p INT); set -m; ' +
    `[[ $__netlab_trap && $__netlab_trap != "trap -- ':' SIGINT" ]] || \\builtin trap '\\builtin break 99 2>/dev/null' INT; `,
  after: 'set +m; \\builtin trap - INT; \\builtin eval "$__netlab_trap"; ',
};

/**
 * Two lines of the stream that bash executes. The step itself is the argument of `eval`, so that its variables, options
 * and functions stay, that `break` means what it means at a prompt, and that a syntax error in it ends nothing. `$?` goes
 * out on a descriptor that the step does not have, from a line of its own: an interrupt makes bash drop the first.
 */
export function stepLine({ input, key, lastStatus, redirections, before = '', after = '' }: StepLine): string {
  const env = Object.keys(input.env);
  const variables = assignments(input.variables);
  const stdin = input.stdin === undefined ? `<&${privateFd.nothing}` : `<<<${quote(input.stdin.replace(/\n$/, ''))}`;
  const closed = Object.values(privateFd).map((fd) => `${fd}>&-`);
  const there = input.cwd === undefined ? '' : `\\builtin cd ${quote(input.cwd)} 2>/dev/null && { __netlab_ran=yes; `;
  // Bash reads what it executes byte by byte: most steps end in one short word.
  const simple = !there && env.length === 0 && !input.interrupt && after === '';
  const step = `\\builtin eval ${quote(input.command)} ${stdin} ${redirections} ${closed.join(' ')}`;
  return [
    before,
    input.interrupt && interruptible.before,
    variables && `export ${variables}; `,
    ...env.map((name) => `__netlab_was_${name}=\${${name}-} __netlab_had_${name}=\${${name}+yes}; `),
    env.length > 0 && `export ${assignments(input.env)}; `,
    there && `__netlab_cwd=$PWD __netlab_ran=; ${there}`,
    lastStatus !== 0 && `[[ $- == *e* ]] || __netlab_status ${lastStatus}; `,
    `${step}${there && '; }'}\n`,
    simple ? `__netlab_end ${key}\n` : '__netlab_last=$?; ',
    there && `if [[ $__netlab_ran ]]; then \\builtin cd "$__netlab_cwd"; else __netlab_last=${noFolder}; fi; `,
    ...env.map((name) => `${name}=$__netlab_was_${name}; [[ $__netlab_had_${name} ]] || unset ${name}; `),
    input.interrupt && interruptible.after,
    after,
    !simple && `\\builtin printf '%s %s\\n' ${key} "$__netlab_last" >&${privateFd.status}\n`,
  ]
    .filter((part) => typeof part === 'string')
    .join('');
}

/** The status that a step reported. Throws a `SessionError` when it could not be run at all. */
export function statusOf(report: string, { cwd }: SessionInput): number {
  if (report === noFolder) throw new SessionError(`there is no folder ${cwd} to run this step in`);
  const status = Number(report);
  if (!Number.isInteger(status)) throw new SessionError(`the shell reported no status: ${JSON.stringify(report)}`);
  return status;
}

/**
 * What the session's bash reads first; descriptor 3 is the way back. `BASH_ARGV0` marks the shell's own messages, which
 * bash prefixes with a line number that it would not print at a prompt, and `PS4` those of `set -x`, whose first character
 * bash repeats for the `eval`: see `asTyped`.
 */
export function opening(cwd: string, key: string): string {
  return [
    "BASH_ARGV0=$'bash\\001' PS4=$'\\001+ '",
    `exec ${privateFd.status}>&3 3>&- ${privateFd.nothing}</dev/null`,
    '__netlab_status() { return "$1"; }',
    `__netlab_end() { __netlab_last=$?; \\builtin printf '%s %s\\n' "$1" "$__netlab_last" >&${privateFd.status}; }`,
    'readonly -f __netlab_status __netlab_end',
    'shopt -s expand_aliases checkwinsize',
    `\\builtin cd ${quote(cwd)}`,
    `\\builtin printf '%s ready\\n' ${key} >&${privateFd.status}`,
    '',
  ].join('\n');
}

/** Bash's messages as they are at a prompt: `bash: line 3: x: command not found` loses its line, `++ x` of `set -x` a plus. */
export function asTyped(text: string): string {
  if (!text.includes('\x01')) return text;
  const traced = text.replace(/\x01+\+ /g, (mark) => `${'+'.repeat(Math.max(1, mark.length - 3))} `);
  return traced.replace(/bash\x01: (?:eval: )?(?:line \d+: )?/g, 'bash: ').replaceAll('bash\x01', 'bash');
}
