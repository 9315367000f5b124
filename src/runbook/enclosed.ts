/** A part of a text between two marks. */
export interface Enclosed {
  readonly start: number;
  /** Offset after its closing mark. */
  readonly end: number;
  /** What stands between the marks. */
  readonly inside: string;
}

/**
 * The parts of a text from an opening mark to the next closing one, in order. Both patterns are global. One pattern for the
 * whole would look through all that follows from each opening that is never closed.
 */
export function enclosed(text: string, opening: RegExp, closing: RegExp): Enclosed[] {
  const found: Enclosed[] = [];
  let from = 0;
  for (;;) {
    opening.lastIndex = from;
    const start = opening.exec(text)?.index;
    const inside = opening.lastIndex;
    closing.lastIndex = inside;
    const end = start === undefined ? undefined : closing.exec(text)?.index;
    if (start === undefined || end === undefined) return found;
    from = closing.lastIndex;
    found.push({ start, end: from, inside: text.slice(inside, end) });
  }
}

/** The text with something else in place of its enclosed parts. */
export function replaceEnclosed(text: string, parts: readonly Enclosed[], by: (length: number) => string): string {
  let replaced = '';
  let from = 0;
  for (const { start, end } of parts) {
    replaced += text.slice(from, start) + by(end - start);
    from = end;
  }
  return replaced + text.slice(from);
}
