import { type Begin, type Row, withProtocols } from './netstat_table.ts';
import { type Line, partsOf, stop, toNumber, words } from './reading.ts';

/** Headings of two words are one, and what stands in parentheses is the last column's name. */
function fieldsOf(header: string): readonly string[] {
  const text = header
    .replace(/Local Address/, 'local_address')
    .replace(/Foreign Address/, 'foreign_address')
    .replace(/\(state\)/, 'state')
    .replace(/Log ID/, 'log')
    .replace(/\((?:rexmt|w|r|p)\)/g, '');
  // A verbose table has the kernel's state of the socket besides.
  return words(text.toLowerCase())
    .map((word) => word.replaceAll('-', '_'))
    .map((word, at, all) => (word === 'state' && all.indexOf(word) < at ? 'socket_state' : word));
}

const texts = /^(?:proto|state|local|foreign|socket|options|tcpcb|flowhash|log)/;

/** A number as one, everything else as it is. */
function readCell(field: string, cell: string | undefined): unknown {
  if (cell === undefined) return null;
  return texts.test(field) ? cell : (toNumber(cell) ?? cell);
}

/**
 * TCP, UDP and other sockets of BSD and macOS: queues or, with `-T`, what was sent again; with `-A`, `-b`, `-P`, `-x` and
 * `-v` further columns. A cell that does not apply is blank, so that cells are told by what they look like.
 */
export const bsdConnections: Begin = (header) => {
  if (!/^(?:(?:Socket|Tcpcb)\s+)?(?:Flowhash\s+)?Proto\s.*\sLocal Address\s+Foreign Address\b/.test(header))
    return undefined;
  const fields = fieldsOf(header);
  return { read: (line) => readConnection(line, fields) };
};

function readConnection(line: Line, fields: readonly string[]): Row {
  const cells = words(line.text);
  const row: Row = {};
  const take = (field: string): void => {
    row[field] = readCell(field, cells.shift());
  };
  const [first, local] = [fields.indexOf('proto'), fields.indexOf('local_address')];
  for (const field of fields.slice(0, first + 1)) take(field);
  const queues = fields.slice(first + 1, local);
  // What counts a connection's packets is blank where there is no connection.
  const isBlank = toNumber(cells[0]) === null && !queues.includes('recv_q');
  for (const field of queues) {
    if (!isBlank && toNumber(cells[0]) === null) stop('netstat', line);
    if (isBlank) row[field] = null;
    else take(field);
  }
  const [own = '', other = ''] = cells.splice(0, 2);
  const proto = String(row['proto']);
  if (!/^[a-z]+\d*/.test(proto) || !own.includes('.') || !other.includes('.')) stop('netstat', line);
  Object.assign(row, address('local', own), address('foreign', other), { state: null });
  const rest = fields.slice(local + 2);
  // Only TCP has a state, and in a verbose table a number can be none.
  if (rest[0] === 'state' && /^[A-Z_\d]*[A-Z][A-Z_\d]*$/.test(cells[0] ?? '')) take('state');
  const further = rest.filter((field) => field !== 'state');
  if (cells.length > further.length || (cells.length < further.length && proto.startsWith('tcp')))
    stop('netstat', line);
  for (const field of further) take(field);
  return withProtocols({ ...row, kind: 'network' }, proto);
}

/** The port is behind the last dot: `192.0.2.1.443`, `*.*`. */
function address(side: 'local' | 'foreign', text: string): Row {
  const [, host = text, port = null] = partsOf(/^(.*)\.([^.]*)$/, text);
  return { [`${side}_address`]: host, [`${side}_port`]: port };
}

/** macOS: connections that several paths make up. */
export const multipath: Begin = (header) => {
  if (!/^Proto\/ID\s+Flags\s+Local Address\s+Foreign Address\b/.test(header)) return undefined;
  return {
    read(line): Row {
      const [proto_id, flags, own = '', other = '', state = null, ...more] = words(line.text);
      if (!own.includes('.') || !other.includes('.') || more.length > 0) stop('netstat', line);
      return { proto_id, flags, ...address('local', own), ...address('foreign', other), state, kind: 'network' };
    },
  };
};
