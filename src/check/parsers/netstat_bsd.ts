import { bsdConnections, multipath } from './netstat_bsd_connections.ts';
import type { Begin, Row } from './netstat_table.ts';
import { type Line, stop, toNumber, words } from './reading.ts';
import { flagNames } from './route_flags.ts';

const sockets: Begin = (header) => {
  if (!/^Address\s+Type\s+Recv-Q\s+Send-Q\s+Inode\s+Conn\s+Refs\s+Nextref\b/i.test(header)) return undefined;
  const fields = ['address', 'type', 'recv_q', 'send_q', 'unix_inode', 'conn', 'refs', 'nextref'];
  const numeric = new Set(['recv_q', 'send_q']);
  return {
    read(line): Row {
      const cells = words(line.text);
      if (cells.length < fields.length || toNumber(cells[2]) === null || toNumber(cells[3]) === null)
        stop('netstat', line);
      const row = fields.map((field, at) => [field, numeric.has(field) ? toNumber(cells[at]) : cells[at]]);
      const path = cells.slice(fields.length).join(' ');
      return { ...Object.fromEntries(row), addr: path || null, kind: 'socket' };
    },
  };
};

const renamed: Readonly<Record<string, string>> = { flags: 'route_flags', refs: 'route_refs', netif: 'iface' };
const routeNumbers = new Set(['route_refs', 'use', 'mtu']);

const routes: Begin = (header) => {
  if (!/^Destination\s+Gateway\s+(?:RT_IFA\s+)?Flags\s.*\b(?:Netif|Iface)\b/.test(header) || /\bGenmask\b/.test(header))
    return undefined;
  const fields = words(header.toLowerCase()).map((word) => renamed[word] ?? word);
  return { read: (line) => readRoute(line, fields) };
};

function readRoute(line: Line, fields: readonly string[]): Row {
  const cells = words(line.text);
  // When a route ends is often not said, and is then left blank.
  if (cells.length === fields.length - 1 && fields.at(-1) === 'expire') cells.push('');
  if (cells.length !== fields.length) stop('netstat', line);
  const row = Object.fromEntries(
    fields.map((field, at) => [field, routeNumbers.has(field) ? toNumber(cells[at]) : cells[at] || null]),
  );
  const flags = String(row['route_flags']);
  if (!/^[A-Za-z123!]+$/.test(flags)) stop('netstat', line);
  if (row['expire'] === null) delete row['expire'];
  return { ...row, kind: 'route', route_flags_pretty: flagNames(flags, 'bsd') };
}

const interfaces: Begin = (header) => {
  if (!/^Name\s+Mtu\s+Network\s+Address\s+Ipkts\b/.test(header)) return undefined;
  const fields = words(header.toLowerCase()).map((word) => (word === 'name' ? 'iface' : word));
  return { read: (line) => readInterface(line, fields) };
};

function readInterface(line: Line, fields: readonly string[]): Row {
  const cells = words(line.text);
  // A link without an address leaves its column blank.
  const counters = fields.length - 4;
  if (cells.length === fields.length - 1 && cells.slice(3).every((cell) => toNumber(cell) !== null || cell === '-')) {
    cells.splice(3, 0, '');
  }
  if (cells.length !== fields.length || counters < 1) stop('netstat', line);
  const row = fields.map((field, at) => {
    const cell = cells[at] ?? '';
    return [field, at === 0 || at === 2 || at === 3 ? cell || null : toNumber(cell)];
  });
  return { ...Object.fromEntries(row), kind: 'interface' };
}

const names = new Set(['id', 'unix_flags']);

/** What macOS tells of its kernel below the connections. */
const kernel: Begin = (header, about) => {
  const isOfKernel = /kernel (?:control|event)/.test(about);
  const fields = words(header.toLowerCase()).map((word) => (word === 'flags' ? 'unix_flags' : word.replace('-', '_')));
  if (!isOfKernel || !/^(?:id\s+flags\s+pcbcount|proto\s+recv-q\s+send-q)\b/i.test(header)) return undefined;
  return {
    read(line): Row {
      const cells = words(line.text);
      if (cells.length < fields.length) stop('netstat', line);
      const values = [...cells.slice(0, fields.length - 1), cells.slice(fields.length - 1).join(' ')];
      // As in jc, what names a thing is no number.
      const row = fields.map((field, at) => [field, (names.has(field) ? null : toNumber(values[at])) ?? values[at]]);
      return { ...Object.fromEntries(row), kind: about.replace(/s$/, '') };
    },
  };
};

/** The tables of BSD and macOS. */
export const bsdTables: readonly Begin[] = [kernel, bsdConnections, multipath, sockets, routes, interfaces];
