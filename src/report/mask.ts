import { stripVTControlCharacters } from 'node:util';
import type { RunEvent } from '../events.ts';

/** Names of variables whose values nobody wants in a report. */
const secretName = /TOKEN|SECRET|PASSW(?:OR)?D|PASSPHRASE|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIAL/i;
/** A shorter value is a word that reports are full of. */
const leastLength = 6;
const stars = '***';

/** What stands in such fields is the report's own: a password `passed` must not hide a verdict. */
const ownWords = new Set(['type', 'status', 'kind', 'version']);
/** What stands below them is whatever a document asks for and a program prints, numbers and keys included. */
const foreign = new Set(['expected', 'actual']);

/** Bytes of a stream, and the text that was made of them. */
const streamOf: ReadonlyMap<string, string> = new Map([
  ['stdout_bytes', 'stdout'],
  ['stderr_bytes', 'stderr'],
]);

/** The values to mask: those of the variables of these names, and those of all whose name says that they are secret. */
export function findSecrets(names: readonly string[], env: Readonly<Record<string, string | undefined>>): string[] {
  const named = names.map((name) => env[name] ?? '');
  const likely = Object.keys(env).filter((name) => secretName.test(name));
  const values = [...named, ...likely.map((name) => env[name] ?? '').filter((value) => value.length >= leastLength)];
  // A key of several lines is told line by line in a difference.
  const lines = values.flatMap((value) => value.split(/\r?\n/)).filter((line) => line.trim().length >= leastLength);
  const short = named.filter((value) => value.trim() !== '');
  return [...new Set([...values, ...lines, ...short])].filter((value) => value.trim() !== '');
}

/**
 * Replaces secrets by `***` in all texts of events, before any reporter spells them its own way. Also finds them as a
 * quoted text or a visible form in a message has them: `\n` for a line's end, `\"` for a quote, `·` for a blank.
 */
export function createMask(secrets: readonly string[]): (event: RunEvent) => RunEvent {
  if (secrets.length === 0) return (event) => event;
  const pattern = patternOf(secrets);
  const exact = new Set(secrets);
  const known = new WeakMap<object, unknown>();

  function mask(value: unknown, isForeign: boolean): unknown {
    if (typeof value === 'string') return value.replace(pattern, stars);
    if (typeof value === 'number') return isForeign && exact.has(String(value)) ? stars : value;
    if (typeof value !== 'object' || value === null) return value;
    // Each step comes three times: alone, in its runbook, and in the run.
    let masked = known.get(value);
    if (masked === undefined) {
      masked = Array.isArray(value)
        ? value.map((item) => mask(item, isForeign))
        : Object.fromEntries(entriesOf(value, isForeign).map((entry) => maskEntry(entry, isForeign)));
      known.set(value, masked);
    }
    return masked;
  }

  /** A stream in which there is a secret has its text alone: there are too many ways to hide one between bytes. */
  function entriesOf(value: object, isForeign: boolean): [string, unknown][] {
    const entries = Object.entries(value);
    if (isForeign) return entries;
    const texts = new Map(entries);
    return entries.filter(([key, bytes]) => {
      if (typeof bytes !== 'string' || !streamOf.has(key)) return true;
      const raw = Buffer.from(bytes, 'base64').toString('utf8');
      const shown = [bytes, texts.get(streamOf.get(key) ?? ''), raw, stripVTControlCharacters(raw)];
      return shown.every((text) => typeof text !== 'string' || text.search(pattern) < 0);
    });
  }

  function maskEntry([key, value]: [string, unknown], isForeign: boolean): [string, unknown] {
    if (!isForeign && ownWords.has(key)) return [key, value];
    if (!isForeign && key === 'source' && typeof value === 'string') return [key, value.replace(pattern, keepLines)];
    return [isForeign ? key.replace(pattern, stars) : key, mask(value, isForeign || foreign.has(key))];
  }

  return (event) => mask(event, false) as RunEvent;
}

/** The same for one text that is no event. */
export function createTextMask(secrets: readonly string[]): (text: string) => string {
  if (secrets.length === 0) return (text) => text;
  const pattern = patternOf(secrets);
  return (text) => text.replace(pattern, stars);
}

function patternOf(secrets: readonly string[]): RegExp {
  // The longest first: one secret may begin with another.
  const sorted = [...secrets].sort((a, b) => b.length - a.length);
  return new RegExp(
    sorted.map((secret) => Array.from(secret.replace(/\r\n/g, '\n').trim(), spellings).join('')).join('|'),
    'gu',
  );
}

/** Steps are found in a document by their lines. */
function keepLines(secret: string): string {
  return stars + '\n'.repeat(secret.split('\n').length - 1);
}

/** A pattern for one character as it is, and as a message may spell it. */
function spellings(character: string): string {
  if (character === '\n') return '(?:\\r?\\n|\\\\r\\\\n|\\\\n)';
  if (character === '\t') return '(?:\\t|\\\\t| +)';
  if (character === ' ') return '[ ·]';
  const plain = character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  if (character === '"' || character === '\\') return `(?:\\\\${plain}|${plain})`;
  const code = character.codePointAt(0) ?? 0;
  if (code > 0x1f && code < 0x7f) return plain;
  const hex = code.toString(16);
  return `(?:${plain}|\\\\u\\{?${hex.padStart(4, '0')}\\}?|\\\\x${hex.padStart(2, '0')})`;
}
