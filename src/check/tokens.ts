import { valueTypes } from './placeholders.ts';

/** A part of a line. `kind`: the type of a value, else `word` (letters and digits), `blank`, or `mark` (one character). */
export interface Token {
  readonly kind: string;
  readonly text: string;
}

/** Types in which a value is looked for, the most telling first. */
const kinds = ['uuid', 'datetime', 'mac', 'cidr', 'ipv6', 'ipv4', 'id', 'date', 'time', 'duration', 'bytes'] as const;

/** What such a value must look like besides, so that ordinary words and numbers are not taken for one. */
const looks: Readonly<Record<string, RegExp>> = {
  id: /^(?=.*\d)(?=.*[a-f])/,
  cidr: /[.:].*[.:]/,
  // Of `5 Nov 24` the 5 is rather something else than the day.
  date: /^(?!\d{1,2}[ -][A-Za-z]+$)/,
  ipv6: /[\da-fA-F]/,
  // `0.045 ms` stays a number and its unit, so that the unit is still checked.
  duration: /^[\d.]+(?:[a-zµ]+[\d.]+)*[a-zµ]+$|^\D|(?:second|minute|hour|day|week|month|year)s?$/,
  bytes: /(?:\d[kKMGTPE]|B|bytes)$/,
};

const start =
  /[\da-fA-F:]|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Less|About|sha256:)/y;
const plain = /[\p{L}\p{N}_]+|[ \t]+|./suy;
const number = /\d+(?:\.\d+)?(?:[eE][+-]\d+)?(?![\w]|\.\d)/y;

/** The parts of a line, in order; together they are the line. */
export function tokensOf(line: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < line.length; ) {
    const token = valueAt(line, at) ?? plainAt(line, at);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

/** The value that begins there, as long as it can be. */
function valueAt(line: string, at: number): Token | undefined {
  if (/\w/.test(line[at - 1] ?? '') || /\d\.$/.test(line.slice(Math.max(0, at - 2), at))) return undefined;
  start.lastIndex = at;
  if (!start.test(line)) return undefined;
  for (const kind of kinds) {
    const end = endOfValue(kind, line, at);
    if (end !== undefined) return { kind, text: line.slice(at, end) };
  }
  number.lastIndex = at;
  const text = number.exec(line)?.[0];
  return text === undefined ? undefined : { kind: /^\d+$/.test(text) ? 'int' : 'number', text };
}

function endOfValue(kind: string, line: string, at: number): number | undefined {
  const type = valueTypes[kind];
  if (type === undefined) return undefined;
  type.run.lastIndex = at;
  const longest = type.run.exec(line)?.[0].length ?? 0;
  for (let length = longest; length > 0; length -= 1) {
    const text = line.slice(at, at + length);
    if (type.accepts?.(text) === false || looks[kind]?.test(text) === false) continue;
    if (type.after) {
      type.after.lastIndex = at + length;
      if (type.after.test(line)) continue;
    }
    return at + length;
  }
  return undefined;
}

function plainAt(line: string, at: number): Token {
  plain.lastIndex = at;
  const text = plain.exec(line)?.[0] ?? line.slice(at);
  if (/^[ \t]/.test(text)) return { kind: 'blank', text };
  return { kind: /^[\p{L}\p{N}_]/u.test(text) ? 'word' : 'mark', text };
}

/** What tokens have in common with those of another line, whatever their values: `word:inet`, `ipv4`. */
export function keysOf(tokens: readonly Token[]): readonly string[] {
  return tokens.flatMap(({ kind, text }) => {
    if (kind === 'blank' || kind === 'mark') return [];
    return kind === 'word' ? [`word:${text}`] : [kind === 'int' ? 'number' : kind];
  });
}

/** From 0 for lines that have no word in common to 1 for lines of the same words. */
export function similarity(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return 0;
  const open = new Map<string, number>();
  for (const key of left) open.set(key, (open.get(key) ?? 0) + 1);
  let common = 0;
  for (const key of right) {
    const count = open.get(key) ?? 0;
    if (count > 0) common += 1;
    open.set(key, count - 1);
  }
  return (2 * common) / (left.length + right.length);
}
