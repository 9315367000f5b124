import { looksLikeJson, readObjects } from './json_text.ts';
import { type Line, readLines, stop, toNumber } from './reading.ts';
import type { Parser } from './types.ts';

type Namespace = Record<string, string | number | null>;

interface Column {
  readonly field: string;
  readonly start: number;
  readonly end: number;
}

const numeric = new Set(['ns', 'nprocs', 'pid', 'ppid', 'uid', 'netnsid', 'pns', 'ons']);
const known = new Set('ns type path nprocs pid ppid command uid user netnsid nsfs pns ons'.split(' '));
const branches = /^[│├└─|` -]+/u;

/** `lsns` with its header, also `-l`, `-T`, `-r`, `-o`, or `-J`; the names are those of `lsns -J`. */
export const lsns: Parser = {
  kind: 'lsns',
  parse(text: string): readonly Namespace[] {
    if (looksLikeJson(text)) return readJsonList(text);
    const [header, ...rows] = readLines('lsns', text);
    const columns = [...header.text.matchAll(/\S+/g)].map(({ 0: heading, index }) => ({
      field: heading.toLowerCase(),
      start: index,
      end: index + heading.length,
    }));
    if (!columns.some(({ field }) => field === 'ns') || !columns.every(({ field }) => known.has(field)))
      stop('lsns', header);
    return rows.flatMap((row) => readRow(row, columns));
  },
};

function readJsonList(text: string): readonly Namespace[] {
  const [whole] = readObjects('lsns', text);
  const list = whole?.['namespaces'];
  if (!Array.isArray(list)) stop('lsns', { number: 1, text: text.trim().split('\n', 1)[0] ?? '' });
  return list as readonly Namespace[];
}

function readRow(row: Line, columns: readonly Column[]): readonly Namespace[] {
  const words = [...row.text.matchAll(/[^\s│├└─|`]\S*/gu)];
  // Of a namespace that is mounted at several places the others stand below the first.
  if (columns.at(-1)?.field === 'nsfs' && words.length === 1) return [];
  const cells = words.length === columns.length ? words.map(({ 0: word }) => word) : place(words, columns);
  const item = Object.fromEntries(
    columns.map(({ field }, at) => {
      const cell = (cells[at] ?? '').replace(branches, '').trim();
      const isNumber = numeric.has(field) && cell !== '' && cell !== 'unassigned';
      if (isNumber && toNumber(cell) === null) stop('lsns', row);
      return [field, cell === '' ? null : isNumber ? toNumber(cell) : cell];
    }),
  );
  // A namespace can be without processes, but not without a type.
  if (typeof item['ns'] !== 'number' || item['type'] === null) stop('lsns', row);
  return [item];
}

/** Cells that hold blanks, or nothing: a word is below its heading, which numbers end with and texts begin with. */
function place(words: readonly RegExpExecArray[], columns: readonly Column[]): readonly string[] {
  const cells = columns.map(() => '');
  let from = 0;
  for (const { 0: word, index } of words) {
    const end = index + word.length;
    const below = columns.findIndex(({ start, end: to }, at) => at >= from && index < to && end > start);
    if (below !== -1) from = below;
    cells[from] = `${cells[from]} ${word}`.trim();
  }
  return cells;
}
