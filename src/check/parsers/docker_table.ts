import { UnreadableError } from '../../errors.ts';
import { looksLikeJson, readObjects } from './json_text.ts';
import { readLines, stop } from './reading.ts';
import { readColumns, readRow } from './table.ts';

interface DockerTable {
  /** Headings, and the names that `--format json` gives the same values. */
  readonly fields: Readonly<Record<string, string>>;
  /** The heading that says that it is this table. */
  readonly identity: string;
  /** The fields that `--format json` always has, one of which every JSON line must have. */
  readonly required: readonly string[];
}

/**
 * A table of the Docker CLI, or its `--format json` as it is. A header alone is an empty list: the command ran and found
 * nothing. Nothing at all is unreadable, since that is also what a broken command prints.
 */
export function readDockerTable(kind: string, text: string, table: DockerTable): readonly Record<string, unknown>[] {
  if (looksLikeJson(text)) {
    const items = readObjects(kind, text);
    const other = items.findIndex((item) => !table.required.some((field) => Object.hasOwn(item, field)));
    if (other !== -1) throw new UnreadableError(kind, other + 1, text.split('\n')[other] ?? '');
    return items;
  }
  const [header, ...rows] = readLines(kind, text);
  const columns = readColumns(header.text, table.fields);
  if (columns === undefined || !columns.some(({ field }) => field === table.fields[table.identity])) stop(kind, header);
  return rows.map((row) => {
    const cells = readRow(kind, row, columns);
    // Every row of these tables begins with an identifier or a name, which is one word.
    if (/\s/.test(cells[columns[0]?.field ?? ''] ?? '')) stop(kind, row);
    return cells;
  });
}
