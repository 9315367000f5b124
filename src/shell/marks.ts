import { assignments, quote } from './quote.ts';
import type { SessionInput } from './types.ts';

/** Where a command's output ends in a terminal's text, and its status when the mark brings one. */
interface End {
  readonly at: number;
  /** Where the text goes on after the mark. */
  readonly after: number;
  readonly status: number | null;
}

/** The two marks around one command's output. */
export interface Mark {
  readonly id: string;
  /** Arguments of printf that print them; the end takes the status as `%d`. As typed they do not look like what they print. */
  readonly begin: string;
  readonly end: string;
  /** Index after the mark that begins the output. */
  begun(text: string): number | undefined;
  ended(text: string): End | undefined;
}

/** Marks that no step prints by accident: control characters around a random word and a number. */
export interface Marks {
  next(): Mark;
  endOf(id: string, text: string): End | undefined;
  /** Of a command that did not end: from its begin to the end of the text. */
  soFar(text: string): { readonly from: number; readonly to: number };
}

export function marks(nonce: string): Marks {
  let count = 0;
  const endOf = (id: string, text: string): End | undefined => {
    const before = `\x01E${nonce}.${id}.`;
    const at = text.indexOf(before);
    if (at < 0) return undefined;
    const close = text.indexOf('\x02', at);
    if (close < 0) return undefined;
    const status = text.slice(at + before.length, close);
    return { at, after: close + 1, status: status === '' ? null : Number(status) };
  };
  const begunLast = (text: string): number => {
    const at = text.lastIndexOf(`\x01B${nonce}.`);
    return at < 0 ? 0 : text.indexOf('\x02', at) + 1;
  };
  return {
    endOf,
    next() {
      const id = String(count++);
      const begin = `\x01B${nonce}.${id}\x02`;
      return {
        id,
        begin: `\\001B${nonce}.${id}\\002`,
        end: `\\001E${nonce}.${id}.%s\\002`,
        begun(text) {
          const at = text.lastIndexOf(begin);
          return at < 0 ? undefined : at + begin.length;
        },
        ended: (text) => endOf(id, text),
      };
    },
    soFar: (text) => {
      const from = begunLast(text);
      const end = text.indexOf(`\x01E${nonce}.`, from);
      return { from, to: end < 0 ? text.length : end };
    },
  };
}

/** BusyBox takes at most 1,023 bytes a line; a character of a piece may need four as typed. */
const pieceLength = 200;

/**
 * What is typed into a nested shell for one step. POSIX shells only: it begins and ends the output with marks, the last of
 * which brings the status. `eval` keeps a command of several lines one command. Where its variables cannot be set, or there
 * is no such folder, the output never begins.
 */
export function typedLine(input: SessionInput, mark: Mark, lastStatus: number): string {
  const variables = assignments({ ...input.variables, ...input.env });
  const alone = Object.keys(input.env);
  const there = [
    ...alone.map((name) => `_netlab_was_${name}=\${${name}-} _netlab_had_${name}=\${${name}+yes}`),
    input.cwd !== undefined && '_netlab_cwd=$PWD',
    variables && `export ${variables}`,
    input.cwd !== undefined && `cd ${quote(input.cwd)}`,
  ];
  const before = there.filter(Boolean).join(' && ');
  const back = [
    ...alone.map((name) => `${name}=$_netlab_was_${name}; [ "$_netlab_had_${name}" ] || unset ${name}`),
    input.cwd !== undefined && 'cd "$_netlab_cwd"',
  ];
  const after = back.filter(Boolean).join('; ');
  const stdin = input.stdin === undefined ? '' : ` <<'NETLAB_EOF'\n${input.stdin.replace(/\n?$/, '\n')}NETLAB_EOF\n`;
  const step = `${input.command}${stdin}`;
  // A tab as typed asks a shell to complete the word before it.
  const tab = `${before}${step}`.includes('\t') ? `_netlab_tab=$(printf '\\011'); ` : '';
  const word = (text: string): string => quote(text).replaceAll('\t', `'"$_netlab_tab"'`);
  /** Lines that make it the value of a variable. */
  const kept = (name: string, text: string): string[] => {
    const pieces = text.match(new RegExp(`[^]{1,${pieceLength}}`, 'gu')) ?? [];
    return pieces.map((piece, index) => `${tab}${name}=${index === 0 ? '' : `"$${name}"`}${word(piece)}\r`);
  };
  const isShort = step.length <= pieceLength;
  const status = lastStatus === 0 ? '' : `(exit ${lastStatus}); `;
  const run = `printf '${mark.begin}'; ${status}eval ${isShort ? word(step) : '"$_netlab"'}; printf '${mark.end}' "$?"`;
  const lines = [
    ...(isShort ? [] : kept('_netlab', step)),
    ...kept('_netlab_before', before),
    ...kept('_netlab_after', after),
    `${isShort ? tab : ''}${before && 'eval "$_netlab_before" && { '}${run}${before && '; }'}${after && '; eval "$_netlab_after"'}\r`,
  ];
  return lines.join('').replaceAll('\n', '\r');
}
