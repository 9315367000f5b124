import type { Captures } from './types.ts';

/** A value in a sentence: `eth0`, `[127.0.0.11]`, `{name: eth0, mtu: 1500}`, shortened when it is long. */
export function show(value: unknown, limit = 160): string {
  const text = write(value, limit);
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}

function write(value: unknown, limit: number): string {
  if (value === null || value === undefined) return 'nothing (null)';
  if (typeof value === 'string')
    return /^[^\s"',[\]{}](?:[^\s"]|(?<=\S) (?=\S))*$/.test(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${join(value, limit, (item) => write(item, limit))}]`;
  if (typeof value !== 'object') return String(value);
  return `{${join(Object.entries(value), limit, ([key, item]) => `${key}: ${item === null ? 'null' : write(item, limit)}`)}}`;
}

/** A reader of a message must not look up what the names in it were captured as: ` (ip is 10.0.0.2)`. */
export function captureNote(expected: unknown, captures: Captures): string {
  const text = typeof expected === 'string' ? expected : (JSON.stringify(expected) ?? '');
  const names = [...text.matchAll(/\{\{\s*(\w+)\s*(?::\s*\w+\s*)?\}\}/g)].map(([, name = '']) => name);
  const known = [...new Set(names)].filter((name) => captures.has(name));
  return known.length > 0 ? ` (${known.map((name) => `${name} is ${show(captures.get(name))}`).join(', ')})` : '';
}

/** Stops once there is more than would be shown, so that a large structure costs no more than a small one. */
function join<T>(items: readonly T[], limit: number, text: (item: T) => string): string {
  let result = '';
  for (const item of items) {
    result += (result === '' ? '' : ', ') + text(item);
    if (result.length > limit) break;
  }
  return result;
}

/** The name most like this one, when one is near enough to be meant: misspelt, or its one longer or shorter form. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const ranked = names.map((other) => ({ other, away: distance(name.toLowerCase(), other.toLowerCase()) }));
  const [best] = ranked.sort((a, b) => a.away - b.away);
  if (best !== undefined && best.away <= Math.max(1, Math.floor(name.length / 3))) return best.other;
  const [form, ...others] = names.filter((other) => other.startsWith(`${name}_`) || name.startsWith(`${other}_`));
  return others.length === 0 ? form : undefined;
}

/** Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? (beforeLast[j - 2] ?? 0) + 1 : change;
      next.push(Math.min(change, swap, (last[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    beforeLast = last;
    last = next;
  }
  return last[b.length] ?? 0;
}
