import type { Problems } from './problems.ts';

/** One attribute as written; `value` is `undefined` for a bare word, and where it cannot be read. */
export interface Attribute {
  readonly key: string;
  readonly value: string | undefined;
  /** `unreadable`: after its `=` comes no value; outside braces, that may be another tool's, as in `ins={1}`. */
  readonly form: 'flag' | 'bare' | 'quoted' | 'regex' | 'list' | 'unreadable';
  /** Offset of the key. */
  readonly start: number;
  /** Offset of the value; of the key when there is none. */
  readonly valueStart: number;
  /** False for a word or `key=value` outside braces: where other tools have their own, so that unknown ones only warn. */
  readonly strict: boolean;
}

/** The most attributes and words that one block may have. */
const MAX_ATTRIBUTES = 100;

const NAME = /[^\s=:,;{}[\]"'/]+/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"|'([^']*)'/y;
const REGEX = /\/((?:[^/\\]|\\.)+)\/(?=[\s,;}]|$)/y;
const LIST = /\[([\w\s,.-]*)\](?=[\s,;}]|$)/y;
const BARE = /[^\s,;{}"']+/y;
const BRACED = /(?<==)\{(?:[^{}]|\{[^{}]*\})*\}/y;
const SPACE = /[\s,;]*/y;
const EQUALS = /[ \t]*[=:][ \t]*/y;

/**
 * Reads the words and attributes of an info string or a hidden comment: `output`, `{name=x timeout="5 s" ready=/re/ tty}`,
 * lists `[a, b]`,
 * scrut's `{timeout: 10s, tty: true}` and runme's `{"name":"x"}`. `start` is the offset of `text` in the document.
 */
export function readAttributes(text: string, start: number, strict: boolean, problems: Problems): Attribute[] {
  const attributes: Attribute[] = [];
  let position = 0;
  let brace: number | undefined;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match === null) return undefined;
    position = pattern.lastIndex;
    return match;
  };
  const value = (): Pick<Attribute, 'value' | 'form'> | undefined => {
    const quoted = take(QUOTED);
    // Only a quote and a backslash are escaped, so that a pattern in quotes keeps its own backslashes.
    if (quoted) return { value: quoted[2] ?? (quoted[1] ?? '').replace(/\\(["\\])/g, '$1'), form: 'quoted' };
    const regex = take(REGEX);
    if (regex) return { value: (regex[1] ?? '').replaceAll('\\/', '/'), form: 'regex' };
    const list = take(LIST);
    if (list) return { value: list[1] ?? '', form: 'list' };
    const bare = take(BARE);
    return bare && { value: bare[0], form: 'bare' };
  };

  for (take(SPACE); position < text.length; take(SPACE)) {
    const at = position;
    if (attributes.length >= MAX_ATTRIBUTES) {
      const message = `a block has at most ${MAX_ATTRIBUTES} attributes`;
      problems.error('too-many-attributes', start + at, message, 'Leave out what says nothing.');
      return attributes;
    }
    const character = text[at];
    if (character === '{' && brace === undefined) {
      const highlighted = /^\{[\d\s,-]+\}/.exec(text.slice(at, at + 200));
      // Line numbers to highlight, as documentation sites write them, say nothing to run.
      if (highlighted) position += highlighted[0].length;
      else [brace, position] = [at, at + 1];
      continue;
    }
    if (character === '}' && brace !== undefined) {
      [brace, position] = [undefined, at + 1];
      continue;
    }
    const quotedKey = brace === undefined ? undefined : take(QUOTED);
    const key = quotedKey ? (quotedKey[1] ?? quotedKey[2] ?? '') : take(NAME)?.[0];
    const inStrict = strict || brace !== undefined;
    if (key === undefined) {
      const hint = 'Write attributes as {key=value key="two words" flag}.';
      if (inStrict) problems.error('bad-attribute', start + at, `"${text.slice(at, at + 20)}" is no attribute`, hint);
      return attributes;
    }
    const place = { key, start: start + at, strict: inStrict };
    if (take(EQUALS) === undefined) {
      attributes.push({ ...place, value: undefined, form: 'flag', valueStart: start + at });
      continue;
    }
    const valueStart = start + position;
    const read = value();
    if (read !== undefined) attributes.push({ ...place, ...read, valueStart });
    else {
      if (inStrict) refuseUnreadable(place, problems);
      else take(BRACED);
      attributes.push({ ...place, value: undefined, form: 'unreadable', valueStart });
    }
  }
  if (brace !== undefined) {
    problems.error('bad-attribute', start + brace, 'this "{" is never closed', 'Put a "}" after the last attribute.');
  }
  return attributes;
}

/** Reports an attribute whose value cannot be read. */
export function refuseUnreadable({ key, start }: Pick<Attribute, 'key' | 'start'>, problems: Problems): void {
  const hint = `Write ${key}=value, or ${key}="a value" when it has blanks.`;
  problems.error('bad-attribute', start, `the attribute "${key}" has no value after its "="`, hint);
}

/** The language at the start of an info string, in small letters, and where what follows it starts. */
export function readLanguage(info: string): { readonly language: string; readonly end: number } {
  const match = /^\s*([^\s{]*)/.exec(info);
  return { language: (match?.[1] ?? '').toLowerCase(), end: match?.[0].length ?? 0 };
}
