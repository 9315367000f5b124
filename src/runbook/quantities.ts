const MS_PER_UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

const BYTES_PER_UNIT: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  kib: 1024,
  kb: 1000,
  m: 1024 ** 2,
  mib: 1024 ** 2,
  mb: 1000 ** 2,
  g: 1024 ** 3,
  gib: 1024 ** 3,
  gb: 1000 ** 3,
};

/** One day: longer is a slip of the pen, and timers end at 24.8 days. */
const MAX_DURATION_MS: number = 24 * 3_600_000;

/** What a duration looks like, for the published schema: `500ms`, `5s`, `1m30s`, `2h`. */
export const DURATION_PATTERN: RegExp = /^(?:\d+(?:\.\d+)?(?:ms|s|min|m|h) ?)+$/;

/** What an amount of memory or disk looks like, for the published schema: `512MiB`, `2g`. */
export const SIZE_PATTERN: RegExp = /^\d+(?:\.\d+)? ?(?:[kKmMgG]?[bB]|[kKmMgG]i[bB]|[kKmMgG])?$/;

/** `500ms`, `5s`, `1m30s`, `2h` in milliseconds. `undefined`: not a duration, none at all, or over a day. */
export function parseDuration(written: string): number | undefined {
  // Bounds the pattern's work; no sensible duration is longer.
  if (written.length > 40 || !DURATION_PATTERN.test(written)) return undefined;
  let total = 0;
  for (const [, amount, unit] of written.matchAll(/(\d+(?:\.\d+)?)(ms|s|min|m|h)/g)) {
    total += Number(amount) * (MS_PER_UNIT[unit ?? ''] ?? Number.NaN);
  }
  return total > 0 && total <= MAX_DURATION_MS ? Math.max(1, Math.round(total)) : undefined;
}

/** `2GiB`, `512m`, `100kB` in bytes, as docker and jc count them. `undefined`: not a size. */
export function parseSize(written: string): number | undefined {
  if (written.length > 40 || !SIZE_PATTERN.test(written)) return undefined;
  const amount = Number.parseFloat(written);
  const unit = written.replace(/^[\d.]+ ?/, '').toLowerCase();
  const bytes = Math.round(amount * (BYTES_PER_UNIT[unit] ?? Number.NaN));
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : undefined;
}
