import { align } from './align.ts';
import type { Element } from './elements.ts';
import { identities, type Part, writeLine } from './parts.ts';
import { compileLine, type LinePattern, matchLine } from './pattern.ts';
import { valueTypes } from './placeholders.ts';
import { type Token, tokensOf } from './tokens.ts';
import type { Captures } from './types.ts';
import { isVolatile } from './volatile.ts';

/** Types that two different values may have in common, the most telling first. */
const types = ['uuid', 'datetime', 'mac', 'cidr', 'ipv6', 'ipv4', 'ip', 'id', 'date', 'time', 'int', 'number', 'hex'];

/** Types of values that are never the same twice: volatile even when nothing says so but their form. */
const alwaysVolatile = ['uuid', 'mac', 'id'];

/** Blanks that make a column: they grow and shrink with the values beside them. */
const column = 3;

/** One line as each run printed it, and what is known where it stands. */
export interface SeenLine {
  /** One for each run, never empty. */
  readonly texts: readonly string[];
  /** For each run, the values captured before. */
  readonly captures: readonly Captures[];
  readonly now: Date;
}

/**
 * The pattern of a line: what two runs agree in as it stands, unless its form says more, and what they do not as typed
 * placeholders. `old` is the line of the document that it takes the place of; placeholders of it that still fit stay.
 */
export function proposeLine(seen: SeenLine, old?: LinePattern): readonly Part[] {
  const fresh = freshParts(seen).map((part) => knownValue(part, seen.captures));
  const revised = old === undefined ? undefined : withOldPlaceholders(fresh, old, seen);
  return (
    [revised, fresh, looseParts(seen)].find((parts) => parts !== undefined && fits(parts, seen)) ?? [{ kind: 'any' }]
  );
}

/** Whether a proposed line matches what each run printed. */
function fits(parts: readonly Part[], { texts, captures }: SeenLine): boolean {
  const source = writeLine(parts).text;
  // The regular expression that nothing else could say is made of the line itself.
  if (/ \((?:re|eq)\)$/.test(source)) return true;
  return texts.every((text, run) => {
    const known = captures[run] ?? new Map();
    return matchLine(compileLine(source, new Set(known.keys())), text, known) !== undefined;
  });
}

function freshParts(seen: SeenLine): readonly Part[] {
  const [tokens = [], other] = seen.texts.map(tokensOf);
  if (other === undefined || seen.texts[0] === seen.texts[1]) {
    const single = other === undefined;
    return widen(tokens.map((token, index) => sameToken(token, index, tokens, seen, single)));
  }
  if (tokens.length !== other.length) return looseParts(seen);
  const numbersDiffer = mostNumbersDiffer(tokens, other);
  return widen(
    tokens.flatMap((token, index): readonly Part[] => {
      const twin = other[index] ?? token;
      const differs = token.text !== twin.text || (numbersDiffer && isNumber(token));
      return differs ? differentTokens(token, twin) : [sameToken(token, index, tokens, seen, false)];
    }),
  );
}

/** In a row of figures most of which are others each time, those that are not agree by chance. */
function mostNumbersDiffer(tokens: readonly Token[], others: readonly Token[]): boolean {
  const numbers = [...tokens.keys()].filter((index) => isNumber(tokens[index]));
  const different = numbers.filter((index) => tokens[index]?.text !== others[index]?.text);
  return different.length > 2 && different.length * 2 > numbers.length;
}

function isNumber(token: Token | undefined): boolean {
  return token?.kind === 'int' || token?.kind === 'number';
}

/** A value that is known by a name already is asked for by that name. */
function knownValue(part: Part, captures: readonly Captures[]): Part {
  if (part.kind !== 'value' || !identities.includes(part.type)) return part;
  const name = [...(captures[0] ?? [])].find(([each]) =>
    part.values.every((value, run) => captures[run]?.get(each) === value),
  )?.[0];
  return name === undefined ? part : { kind: 'old', element: { kind: 'same', name } };
}

function sameToken(token: Token, index: number, tokens: readonly Token[], seen: SeenLine, single: boolean): Part {
  const { kind, text } = token;
  const volatile = isVolatile(tokens, index, seen.now) || (single && alwaysVolatile.includes(kind));
  return volatile ? { kind: 'value', type: kind, values: seen.texts.map(() => text) } : { kind: 'text', text };
}

function differentTokens(one: Token, other: Token): readonly Part[] {
  const values = [one.text, other.text];
  if (values.some((text) => /^[ \t]/.test(text))) return [{ kind: 'text', text: ' ' }, { kind: 'any' }];
  const type = typeOf(one, other);
  if (type !== undefined) return [{ kind: 'value', type, values }];
  // `veth3a4f5b6`: a name and a number that was made up.
  const [, name = ''] = /^([a-z_]*[g-z_])[\da-f]{4,}$/.exec(one.text) ?? [];
  if (name !== '' && other.text.startsWith(name) && /^[\da-f]{4,}$/.test(other.text.slice(name.length))) {
    return [
      { kind: 'text', text: name },
      { kind: 'value', type: 'hex', values: values.map((text) => text.slice(name.length)) },
    ];
  }
  return values.some((text) => /\s/.test(text)) ? [{ kind: 'any' }] : [{ kind: 'value', type: 'word', values }];
}

/** The type that both values have. */
function typeOf(one: Token, other: Token): string | undefined {
  if (one.kind === other.kind && Object.hasOwn(valueTypes, one.kind) && one.kind !== 'word') return one.kind;
  const type = types.find((each) => [one.text, other.text].every((text) => isWhole(each, text)));
  // Words of the letters a to f are rather words.
  const isHex = one.text.length === other.text.length && /\d/.test(one.text + other.text);
  return type === 'hex' && !isHex ? undefined : type;
}

function isWhole(name: string, text: string): boolean {
  const type = valueTypes[name];
  if (type === undefined) return false;
  type.run.lastIndex = 0;
  return type.run.exec(text)?.[0].length === text.length && type.accepts?.(text) !== false;
}

/** Columns beside a value of changing width are as wide as they are. */
function widen(parts: readonly Part[]): readonly Part[] {
  const varies = (part: Part | undefined) =>
    part?.kind === 'any' || (part?.kind === 'value' && !['mac', 'id', 'uuid', 'time'].includes(part.type));
  return parts.flatMap((part, index): readonly Part[] => {
    if (part.kind !== 'text' || !new RegExp(`^[ ]{${column},}$`).test(part.text)) return [part];
    if (!varies(parts[index - 1]) && !varies(parts[index + 1])) return [part];
    return [...(index === 0 ? [] : [{ kind: 'text', text: ' ' } as const]), { kind: 'any' }];
  });
}

/** What the lines begin and end with, and anything between. */
function looseParts({ texts }: SeenLine): readonly Part[] {
  const [one = [], other = []] = texts.map(tokensOf);
  if (texts.length < 2) return [{ kind: 'text', text: texts[0] ?? '' }];
  const least = Math.min(one.length, other.length);
  let head = 0;
  while (head < least && one[head]?.text === other[head]?.text) head += 1;
  let tail = 0;
  while (tail < least - head && one.at(-1 - tail)?.text === other.at(-1 - tail)?.text) tail += 1;
  const textOf = (tokens: readonly Token[]) => tokens.map(({ text }) => text).join('');
  const middles = [one, other].map((tokens) => textOf(tokens.slice(head, tokens.length - tail)));
  const isWord = middles.every((text) => text !== '' && !/\s/.test(text));
  const middle: Part = isWord ? { kind: 'value', type: 'word', values: middles } : { kind: 'any' };
  const ends = [textOf(one.slice(0, head)), textOf(one.slice(one.length - tail))];
  return [{ kind: 'text', text: ends[0] ?? '' }, middle, { kind: 'text', text: ends[1] ?? '' }];
}

/** The proposed line with the placeholders of the old one where they still fit; `undefined` when it has none. */
function withOldPlaceholders(fresh: readonly Part[], old: LinePattern, seen: SeenLine): readonly Part[] | undefined {
  const plain = old.kind === 'elements' && old.text === old.source && old.min === 1 && old.max === 1 && !old.noEol;
  if (!plain) return undefined;
  const lefts = old.elements.flatMap((element): (Element | string)[] =>
    element.kind === 'text' ? tokensOf(element.text).map(({ text }) => text) : [element],
  );
  const rights = fresh.flatMap((part): readonly Part[] =>
    part.kind === 'text' ? tokensOf(part.text).map(({ text }) => ({ kind: 'text', text })) : [part],
  );
  const swallows = (left: number) => isWild(lefts[left]);
  const found = align(lefts.length, rights.length, {
    pair: (left, right) => price(lefts[left], rights[right], seen),
    left: () => 1,
    right: () => 1,
    swallows,
  });
  if (found === undefined) return undefined;
  const parts: Part[] = [];
  for (const step of found) {
    const element = step.kind === 'right' ? undefined : lefts[step.left];
    if (typeof element === 'object' && (step.kind === 'pair' || isWild(element))) parts.push({ kind: 'old', element });
    else if (step.kind === 'pair' || (step.kind === 'right' && step.by === undefined)) {
      parts.push(rights[step.right] ?? { kind: 'any' });
    }
  }
  return parts;
}

/** `[..]`, and values that may be of several words and marks. */
function isWild(element: Element | string | undefined): boolean {
  if (typeof element !== 'object') return false;
  return element.kind === 'gap' || (element.kind === 'value' && ['any', 'word', 'path'].includes(element.type));
}

/** 0: they say the same; below 2: one may stand where the other stood. */
function price(left: Element | string | undefined, right: Part | undefined, { captures }: SeenLine): number {
  if (left === undefined || right === undefined) return Number.POSITIVE_INFINITY;
  const values = right.kind === 'value' ? right.values : right.kind === 'text' ? captures.map(() => right.text) : [];
  if (typeof left === 'string') return right.kind === 'text' && right.text === left ? 0 : 1.5;
  if (left.kind === 'same') {
    const same = values.length > 0 && values.every((value, run) => captures[run]?.get(left.name) === value);
    return same ? 0 : Number.POSITIVE_INFINITY;
  }
  if (left.kind !== 'value' || values.length === 0) return Number.POSITIVE_INFINITY;
  return values.every((value) => isWhole(left.type, value)) ? 0 : Number.POSITIVE_INFINITY;
}
