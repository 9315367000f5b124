import { type Line, partsOf, stop } from './reading.ts';

export interface Record {
  readonly name: string;
  readonly class: string | null;
  readonly type: string;
  readonly ttl: number | null;
  readonly data: string;
}

const classes = /^(?:IN|CH|HS|ANY|NONE|CLASS\d+)$/;

/**
 * `example.com.  300  IN  A  192.0.2.1`; `+nottl` and `+noclass` leave out what they say. As in jc, a text of a transfer
 * keeps its quotes.
 */
export function readRecord(kind: string, line: Line, isTransfer: boolean): Record {
  let rest = line.text;
  const next = (): string => {
    const [whole = '', word = ''] = partsOf(/^(\S+)\s*/, rest);
    rest = rest.slice(whole.length);
    return word;
  };
  const name = next();
  const ttl = /^(?:\d+[wdhms]?)+\s/.test(rest) ? readTtl(next()) : null;
  const group = classes.test(/^\S*/.exec(rest)?.[0] ?? '') ? next() : null;
  const type = next();
  if (!/\.$/.test(name) || !/^[A-Z][A-Z\d-]*$/.test(type) || rest === '') stop(kind, line);
  return { name, class: group, type, ttl, data: isTransfer ? rest : withoutQuotes(rest) };
}

const seconds: Readonly<{ [unit: string]: number }> = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 };

/** In seconds; `+ttlunits` writes `1d2h`. */
function readTtl(text: string): number {
  const parts = [...text.matchAll(/(\d+)([wdhms]?)/g)];
  return parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (seconds[unit] ?? 1), 0);
}

/** A text record of one string is that string. */
function withoutQuotes(data: string): string {
  return /^"(?:[^"\\]|\\.)*"$/.test(data) ? data.slice(1, -1) : data;
}

/** Records that `+multiline` writes over several lines, in parentheses and with comments, as one line each. */
export function joinRecords(kind: string, lines: readonly Line[]): readonly Line[] {
  const joined: Line[] = [];
  let open: Line | undefined;
  for (const line of lines) {
    if (open === undefined && (line.text.startsWith(';') || !/\(\s*(?:;.*)?$/.test(line.text))) {
      joined.push(line);
      continue;
    }
    const text = line.text.replace(/\s;.*$/, '').trim();
    open = { number: open?.number ?? line.number, text: open === undefined ? text : `${open.text} ${text}` };
    if (!text.endsWith(')')) continue;
    joined.push({ number: open.number, text: open.text.replace(/[()]/g, ' ').replace(/ +/g, ' ').trim() });
    open = undefined;
  }
  if (open) stop(kind, open);
  return joined;
}
