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

/** Stops once there is more than would be shown, so that a large structure costs no more than a small one. */
function join<T>(items: readonly T[], limit: number, text: (item: T) => string): string {
  let result = '';
  for (const item of items) {
    result += (result === '' ? '' : ', ') + text(item);
    if (result.length > limit) break;
  }
  return result;
}

/** The name most like this one, when one is near enough to be meant. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const ranked = names.map((other) => ({ other, away: distance(name.toLowerCase(), other.toLowerCase()) }));
  const [best] = ranked.sort((a, b) => a.away - b.away);
  return best !== undefined && best.away <= Math.max(1, Math.floor(name.length / 3)) ? best.other : undefined;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
