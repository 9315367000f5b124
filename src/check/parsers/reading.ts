import { UnreadableError } from '../../errors.ts';

/** One line that says something. `number` is its 1-based place in the text; blanks at its end are gone. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/** No program's line is longer; what is would cost a pattern more time than it is worth. */
const longest = 65_536;

/** The lines of a text that are not blank. Throws when there is none: a command that broke prints nothing. */
export function readLines(kind: string, text: string): readonly [Line, ...Line[]] {
  const lines = text.split('\n').map((line, index) => ({ number: index + 1, text: line.trimEnd() }));
  const [first, ...rest] = lines.filter((line) => line.text !== '');
  if (first === undefined) throw new UnreadableError(kind, 1, '');
  const endless = [first, ...rest].find((line) => line.text.length > longest);
  if (endless) stop(kind, endless);
  return [first, ...rest];
}

/** Says where reading stopped. */
export function stop(kind: string, line: Line): never {
  throw new UnreadableError(kind, line.number, line.text);
}

/** A decimal number as programs print it; `null` for everything else (`-`, `*`, nothing). */
export function toNumber(text: string | undefined): number | null {
  return text !== undefined && /^[-+]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : null;
}

const powers = ['', 'K', 'M', 'G', 'T', 'P', 'E'];

/** A number with the suffix that counters get when they are large: `186K` is 186,000. */
export function toCount(text: string | undefined): number | null {
  const [, digits, suffix = ''] = partsOf(/^(\d+(?:\.\d+)?)([KMGTPE]?)$/i, text ?? '');
  return digits === undefined ? null : Math.round(Number(digits) * 1000 ** powers.indexOf(suffix.toUpperCase()));
}

/** What a pattern finds in a text: all of it, then each group; nothing where it does not match. */
export function partsOf(pattern: RegExp, text: string): readonly (string | undefined)[] {
  return pattern.exec(text) ?? [];
}

/** The words of a line, in order. */
export function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
