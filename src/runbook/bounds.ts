import type { Problems } from './problems.ts';

/** The largest document that is read, in UTF-16 units: 1 MiB of plain English. */
export const MAX_DOCUMENT_LENGTH: number = 1024 * 1024;

/** The most lines that are read: with them, the worst document known takes less than two seconds. */
export const MAX_DOCUMENT_LINES = 60_000;

/** Tells what makes the document too large to be read. True when it may be. */
export function withinBounds(problems: Problems): boolean {
  const { source, lineStarts } = problems.text;
  const split = 'Split it into several runbooks, or shorten long expected output with "...".';
  if (source.length > MAX_DOCUMENT_LENGTH) {
    const message = `the document has ${source.length} characters; the limit is ${MAX_DOCUMENT_LENGTH} (1 MiB)`;
    problems.error('document-too-large', 0, message, split);
    return false;
  }
  if (lineStarts.length > MAX_DOCUMENT_LINES) {
    const message = `the document has ${lineStarts.length} lines; the limit is ${MAX_DOCUMENT_LINES}`;
    problems.error('document-too-long', 0, message, split);
    return false;
  }
  return true;
}
