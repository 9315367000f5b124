import { UnreadableError } from '../../errors.ts';

/** Whether a text means to be JSON. */
export function looksLikeJson(text: string): boolean {
  return /^\s*[[{]/.test(text);
}

/** One JSON document, or JSON lines as a list (a single line that is an object is one document). */
export function readJson(kind: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not one document: perhaps one a line.
  }
  const lines = text
    .split('\n')
    .map((line, index) => ({ number: index + 1, text: line.trim() }))
    .filter((line) => line.text !== '');
  if (lines.length === 0) throw new UnreadableError(kind, 1, '');
  return lines.map((line) => {
    try {
      return JSON.parse(line.text) as unknown;
    } catch {
      throw new UnreadableError(kind, line.number, line.text);
    }
  });
}

/** The objects of a JSON text that is a list of them, JSON lines of them, or one. */
export function readObjects(kind: string, text: string): readonly Record<string, unknown>[] {
  const value = readJson(kind, text);
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const isObject = (item: unknown): item is Record<string, unknown> =>
    typeof item === 'object' && item !== null && !Array.isArray(item);
  if (!items.every(isObject)) throw new UnreadableError(kind, 1, text.trimStart().split('\n', 1)[0] ?? '');
  return items;
}
