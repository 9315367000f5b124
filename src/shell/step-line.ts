import { SessionError } from '../errors.ts';
import { assignments, quote } from './quote.ts';
import type { SessionInput } from './types.ts';

/** Descriptors of the session's bash that its steps do not have. Below 10 they would be in a reader's way. */
export const privateFd = { status: 62, nothing: 61, output: 60, errors: 59 } as const;

/** Reported instead of a status when the folder of a step is not there: the step has not run. */
const noFolder = 'no-folder';

/** Reported instead of a status when a variable of a step could not be set. */
const readOnly = 'read-only';

/** How a step's last command ended, and each command of it where it was a pipeline. */
export interface LastStatus {
  readonly exit: number;
  readonly pipe: readonly number[];
}

export const noStatus: LastStatus = { exit: 0, pipe: [] };

/**
 * A step must not have them; whoever has opened that for errors closes it. That bash has come to these redirections is
 * what it says with a status (`__netlab_in`): what a step writes into all descriptors of its shell comes before the next
 * step's line, and could have it skipped.
 */
const closed = [`${privateFd.status}>&\${__netlab_in:=-}`, `${privateFd.nothing}>&-`, `${privateFd.output}>&-`].join(
  ' ',
);

/** A coprocess takes descriptors that are free, and bash closes those numbers when it ends: so these are not. */
const occupied = [
  `${privateFd.status}<&\${__netlab_in:=${privateFd.nothing}}`,
  ...[privateFd.output, privateFd.errors, privateFd.nothing].map((fd) => `${fd}<&${privateFd.nothing}`),
].join(' ');

const withoutOwn = (command: string): string => (command.includes('coproc') ? occupied : closed);

/** One step as the session's bash reads it. */
export interface StepLine {
  readonly input: SessionInput;
  /** Under which it reports its status. */
  readonly key: string;
  /** What the step before has left: what `echo $?` and `echo "${PIPESTATUS[@]}"` must print. */
  readonly last: LastStatus;
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
export function stepLine({ input, key, last, redirections, before = '', after = '' }: StepLine): string {
  if (isPlain(input) && before === '' && after === '') {
    return `${restoring(last) || ''}\\builtin eval ${quote(input.command)} <&${privateFd.nothing} ${redirections} ${withoutOwn(input.command)}\n\\__netlab_end ${key}\n`;
  }
  const env = Object.keys(input.env);
  const variables = assignments(input.variables);
  const there = input.cwd === undefined ? '' : `\\builtin cd ${quote(input.cwd)} 2>/dev/null && { __netlab_ran=yes; `;
  // Bash reads what it executes byte by byte: most steps end in one short word.
  const pipeline = isPipeline(input.command);
  const sets = env.length > 0 || variables !== '';
  const simple = !there && !sets && !input.interrupt && after === '' && !pipeline;
  const high = usesHighDescriptors(input.command);
  const command = [high && freeing, input.command, pipeline && keepingStatuses].filter(Boolean).join('\n');
  const step = redirected(command, input, redirections);
  return [
    before,
    input.interrupt && interruptible.before,
    sets && '__netlab_set=yes; ',
    variables && `\\builtin export ${variables} || __netlab_set=; `,
    ...env.map((name) => `__netlab_was_${name}=\${${name}-} __netlab_had_${name}=\${${name}+yes}; `),
    env.length > 0 && `\\builtin export ${assignments(input.env)} || __netlab_set=; `,
    there && `__netlab_cwd=$PWD __netlab_ran=; ${there}`,
    high && reserving,
    pipeline && '__netlab_pipe=; ',
    restoring(last),
    `${step}${there && '; }'}\n`,
    simple ? `\\__netlab_end ${key}\n` : '__netlab_last=${__netlab_in:+$?}; __netlab_in=; ',
    there && `if [[ $__netlab_ran ]]; then \\builtin cd "$__netlab_cwd"; else __netlab_last=${noFolder}; fi; `,
    sets && `[[ $__netlab_set ]] || __netlab_last=${readOnly} __netlab_pipe=; `,
    // An assignment to one that is read-only would end the whole line.
    ...env.map(
      (name) =>
        `\\builtin printf -v ${name} %s "$__netlab_was_${name}"; [[ $__netlab_had_${name} ]] || \\builtin unset ${name}; `,
    ),
    input.interrupt && interruptible.after,
    after,
    !simple &&
      `\\builtin printf '%s %s\\n' ${key} "${pipeline ? '${__netlab_last:+${__netlab_pipe:-$__netlab_last}}' : '$__netlab_last'}" >&${privateFd.status}\n`,
  ]
    .filter((part) => typeof part === 'string')
    .join('');
}

/** Most steps: nothing is to be done around the command, and it names no descriptor, and is no pipeline. */
function isPlain({ command, variables, env, stdin, cwd, interrupt }: SessionInput): boolean {
  return (
    stdin === undefined &&
    cwd === undefined &&
    !interrupt &&
    !/[|<>]/.test(command) &&
    isEmpty(env) &&
    isEmpty(variables)
  );
}

function isEmpty(record: Readonly<Record<string, string>>): boolean {
  for (const _ in record) return false;
  return true;
}

/** A command as a step is run: with its input, its output, and without what is the session's own. */
export function redirected(command: string, { stdin }: SessionInput, redirections: string): string {
  const from = stdin === undefined ? `<&${privateFd.nothing}` : `<<<${quote(stdin.replace(/\n$/, ''))}`;
  return `\\builtin eval ${quote(command)} ${from} ${redirections} ${withoutOwn(command)}`;
}

/** The status that a step reported. Throws a `SessionError` when it could not be run at all. */
export function statusOf(report: string, { cwd }: SessionInput): LastStatus {
  if (report === noFolder) throw new SessionError(`there is no folder ${cwd} to run this step in`);
  if (report === readOnly)
    throw new SessionError(`cannot set the variables of this step: one of them is read-only in its shell`, {
      hint: 'name it otherwise, or run the step in another session',
    });
  if (report === '') throw new SessionError('the shell could not begin this step');
  const [exit = Number.NaN, ...pipe] = report.replace(/,$/, '').split(',').map(Number);
  if (!Number.isInteger(exit)) throw new SessionError(`the shell reported no status: ${JSON.stringify(report)}`);
  return { exit, pipe };
}

/** What makes `$?` and PIPESTATUS those of the step before; under `set -e` that would end the shell. */
function restoring({ exit, pipe }: LastStatus): string | false {
  const statuses = pipe.length > 1 ? pipe.map((status) => `(exit ${status})`).join(' | ') : `__netlab_status ${exit}`;
  return (exit !== 0 || pipe.length > 1) && `[[ $- == *e* ]] || ${statuses}; `;
}

/** Written after a pipeline, within its `eval`, which has a PIPESTATUS of its own: keeps all statuses, and `$?`. */
const keepingStatuses = `{ \\builtin printf -v __netlab_pipe '%s,' "$?" "\${PIPESTATUS[@]}"; __netlab_status "\${__netlab_pipe%%,*}"; } 2>/dev/null`;

/** One pipeline of plain and quoted words, and nothing in it that could swallow what is written after it. */
function isPipeline(command: string): boolean {
  if (!command.includes('|')) return false;
  const words = command.replace(/'[^']*'|"[^"\\\\`$]*"/g, 'q');
  return /^[\w ./:=@%+,*?~$-]+(?:\|[\w ./:=@%+,*?~$-]*[\w./:=@%+,*?~-] *)+$/.test(words);
}

/** Descriptors of two digits, with which a step may redirect. */
const highFds = Array.from({ length: 40 }, (_, index) => index + 10);

function usesHighDescriptors(command: string): boolean {
  return /(?<![\w$])[1-4]\d[<>]|[<>]&[1-4]\d(?!\d)/.test(command);
}

/**
 * Bash keeps what it redirects for a step on the lowest descriptors from 10 on that are free. Where a step names such
 * descriptors itself, they are taken before, and free again when the step begins.
 */
const reserving =
  `__netlab_fds=; for __netlab_fd in ${highFds.join(' ')}; do [[ -e /proc/$$/fd/$__netlab_fd ]] || ` +
  `{ \\builtin eval "exec $__netlab_fd<&${privateFd.nothing}"; __netlab_fds+=" $__netlab_fd<&-"; }; done\n`;
const freeing = '{ \\builtin eval "exec $__netlab_fds"; } 2>/dev/null';

/**
 * What the session's bash reads first; descriptor 3 is the way back. `BASH_ARGV0` marks the shell's own messages, which
 * bash prefixes with a line number that it would not print at a prompt, and `PS4` those of `set -x`, whose first character
 * bash repeats for the `eval`: see `asTyped`.
 */
export function opening(cwd: string, key: string, setUp: string): string {
  return [
    "BASH_ARGV0=$'bash\\001' PS4=$'\\001\\002\\003+ '",
    // A machine whose /dev/null cannot be opened, say: an ended shell is seen, one without a way back is not.
    `exec ${privateFd.status}>&3 3>&- ${privateFd.nothing}</dev/null || exit`,
    '__netlab_status() { return "$1"; }',
    `__netlab_end() { __netlab_last=\${__netlab_in:+$?} __netlab_in=; \\builtin printf '%s %s\\n' "$1" "$__netlab_last" >&${privateFd.status}; }`,
    'readonly -f __netlab_status __netlab_end',
    'shopt -s expand_aliases checkwinsize',
    `\\builtin cd ${quote(cwd)}`,
    `${setUp}; ${reporting(key)}`,
    '',
  ].join('\n');
}

/** Reports the status of the command before it. */
export function reporting(key: string): string {
  return `\\builtin printf '%s %s\\n' ${key} $? >&${privateFd.status}`;
}

/** `asTyped` for what is not decoded yet. */
export function bytesAsTyped(bytes: Buffer): Buffer {
  return bytes.includes(1) ? Buffer.from(asTyped(bytes.toString('latin1')), 'latin1') : bytes;
}

/** Bash's messages as they are at a prompt: `bash: line 3: x: command not found` loses its line, `++ x` of `set -x` a plus. */
export function asTyped(text: string): string {
  if (!text.includes('\x01')) return text;
  const traced = text.replace(/\x01+\x02\x03\+ /g, (mark) => `${'+'.repeat(Math.max(1, mark.length - 5))} `);
  return traced.replace(/bash\x01: (?:eval: )?(?:line \d+: )?/g, 'bash: ').replaceAll('bash\x01', 'bash');
}
