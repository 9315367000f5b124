import { inspect } from 'node:util';

/** What was thrown, in words: code that is not netlab's own may throw anything. */
export function thrownText(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  return typeof thrown === 'string' ? thrown : inspect(thrown);
}
