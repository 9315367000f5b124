import { type Line, stop } from './reading.ts';

/** One column of a table whose cells begin where its heading begins. */
interface Column {
  readonly field: string;
  readonly start: number;
  readonly end: number;
}

/** Reads the headings of a table in which columns are at least two blanks apart; headings may hold single blanks. */
export function readColumns(header: string, fields: Readonly<Record<string, string>>): readonly Column[] | undefined {
  const headings = [...header.matchAll(/\S+(?: \S+)*/g)];
  const known = headings.map(({ 0: heading, index }) => ({ field: fields[heading], start: index }));
  if (known.length === 0 || known.some(({ field }) => field === undefined)) return undefined;
  return known.map(({ field = '', start }, at) => ({
    field,
    start,
    end: known[at + 1]?.start ?? Number.POSITIVE_INFINITY,
  }));
}

/** The cells of one row, by field. A row whose text runs across a column's border is none. */
export function readRow(kind: string, line: Line, columns: readonly Column[]): Record<string, string> {
  // Columns are measured in characters, and a wide one is two of a string's units.
  const cells = [...line.text];
  const first = columns[0];
  const cut = columns.some(({ start }) => start > 0 && start < cells.length && cells[start - 1] !== ' ');
  if (cut || first === undefined || cells.slice(0, first.end).join('').trim() === '') stop(kind, line);
  return Object.fromEntries(columns.map(({ field, start, end }) => [field, cells.slice(start, end).join('').trim()]));
}
