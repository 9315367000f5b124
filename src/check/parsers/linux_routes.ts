import { type Line, stop, toNumber, words } from './reading.ts';

/** One route: the columns that the table has. */
export type Route = Record<string, string | number | null>;

const names: Readonly<Record<string, string>> = { flag: 'flags', met: 'metric', if: 'iface' };
const numeric = new Set(['metric', 'ref', 'use', 'mss', 'window', 'irtt']);

/** The columns of the header of net-tools' and BusyBox's routing tables, IPv6's named as IPv4's. */
export function readRouteColumns(header: string): readonly string[] | undefined {
  const columns = words(header.replace(/\bNext Hop\b/, 'Gateway').toLowerCase()).map((word) => names[word] ?? word);
  const [first, second] = columns;
  return first === 'destination' && second === 'gateway' && columns.includes('flags') && columns.includes('iface')
    ? columns
    : undefined;
}

/** One row: as many words as there are columns; what is `-` there does not apply. */
export function readRoute(kind: string, line: Line, columns: readonly string[]): Route {
  const cells = words(line.text);
  // Flags can be none, in IPv6's table of a kernel that knows more of them than net-tools.
  if (cells.length === columns.length - 1 && toNumber(cells[2]) !== null && columns[2] === 'flags')
    cells.splice(2, 0, '');
  if (cells.length !== columns.length) stop(kind, line);
  return Object.fromEntries(
    columns.map((column, at) => {
      const cell = cells[at] ?? '';
      if (!numeric.has(column)) return [column, cell];
      if (cell !== '-' && toNumber(cell) === null) stop(kind, line);
      return [column, toNumber(cell)];
    }),
  );
}
