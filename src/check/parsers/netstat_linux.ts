import { readRoute, readRouteColumns } from './linux_routes.ts';
import { type Begin, type Row, withProtocols } from './netstat_table.ts';
import { type Line, partsOf, stop, toNumber, words } from './reading.ts';
import { flagNames } from './route_flags.ts';

const connectionStates =
  /^(?:ESTABLISHED|SYN_SENT|SYN_RECV|NEW_SYN_RECV|FIN_WAIT1|FIN_WAIT2|TIME_WAIT|CLOSE|CLOSE_WAIT|LAST_ACK|LISTEN|CLOSING|UNKNOWN|CONNECTED|COOKIE_WAIT|COOKIE_ECHOED|BOUND)$/;
const timers = /(?:^|\s)((?:off|on|keepalive|timewait|probe|unkn-\d+) \([\d.]+\/\d+\/\d+\))$/;

/** TCP, UDP and raw sockets. */
const connections: Begin = (header) => {
  if (!/^Proto\s+Recv-Q\s+Send-Q\s+Local Address\s+Foreign Address\s+State\b/.test(header)) return undefined;
  const state = header.indexOf('State');
  const columns = {
    afterState: state + (/^State\s*/.exec(header.slice(state))?.[0].length ?? 0),
    user: /\bUser\s+Inode\b/.test(header),
    program: header.includes('PID/Program name'),
    context: header.includes('Security Context'),
    timer: /\bTimer\b/.test(header),
  };
  return { read: (line) => readConnection(line, columns) };
};

interface ConnectionColumns {
  readonly afterState: number;
  readonly user: boolean;
  readonly program: boolean;
  readonly context: boolean;
  readonly timer: boolean;
}

function readConnection(line: Line, columns: ConnectionColumns): Row {
  const [whole = '', proto = '', recv, send, local = '', foreign = ''] = partsOf(
    /^([a-z]+[64]*)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)/,
    line.text,
  );
  if (proto === '') stop('netstat', line);
  let at = whole.length;
  const row: Row = { proto, recv_q: Number(recv), send_q: Number(send), ...address('local', local) };
  Object.assign(row, address('foreign', foreign), { state: null });
  const next = (): string | null => {
    const [cell, word] = partsOf(/^\s*(\S+)/, line.text.slice(at));
    at += cell?.length ?? 0;
    return word ?? null;
  };
  const [, blank = '', word = ''] = partsOf(/^(\s*)(\S*)/, line.text.slice(at));
  // Most sockets that are not TCP's have no state; a raw one's is a number, which a user may be, too.
  const atState = at + blank.length < columns.afterState;
  if (word !== '' && (connectionStates.test(word) || (atState && /^\d+$/.test(word)))) row['state'] = next();
  if (columns.user) Object.assign(row, { user: next(), inode: toNumber(next() ?? undefined) });
  let rest = line.text.slice(at).trim();
  const timer = columns.timer ? timers.exec(rest)?.[1] : undefined;
  if (timer !== undefined) rest = rest.slice(0, rest.length - timer.length).trim();
  const context = columns.context ? (/(?:^|\s)(\S+)$/.exec(rest)?.[1] ?? '') : '';
  rest = rest.slice(0, rest.length - context.length).trim();
  if (columns.program) Object.assign(row, program(rest));
  else if (rest !== '') stop('netstat', line);
  if (columns.context) row['security_context'] = context || null;
  if (columns.timer) row['timer'] = timer ?? null;
  return withProtocols({ ...row, kind: 'network' }, proto);
}

function address(side: 'local' | 'foreign', text: string): Row {
  const [, host = text, port = null] = partsOf(/^(.*):([^:]*)$/, text);
  return { [`${side}_address`]: host, [`${side}_port`]: port };
}

/** `887/systemd-resolve`; `-` is somebody else's. */
function program(text: string): Row {
  const [, pid, name] = partsOf(/^(\d+)\/(.*)$/s, text);
  return { program_name: name?.trim() ?? null, pid: toNumber(pid) };
}

const sockets: Begin = (header) => {
  const [whole] = partsOf(/^Proto\s+RefCnt\s+Flags\s+Type\s+State\s+I-Node\s+(?:PID\/Program name\s+)?/, header);
  if (whole === undefined) return undefined;
  const from = header.indexOf('PID/Program name');
  return { read: (line) => readSocket(line, from === -1 ? undefined : { from, to: whole.length }, header) };
};

function readSocket(line: Line, programColumn: { from: number; to: number } | undefined, header: string): Row {
  const [whole = '', refcnt, flags = '', type, state, inode] = partsOf(
    /^unix\s+(\d+)\s+\[([^\]]*)\]\s+([A-Z]+)\s+(?:([A-Z]+)\s+)?(\d+)/,
    line.text,
  );
  if (refcnt === undefined) stop('netstat', line);
  const row: Row = {
    proto: 'unix',
    refcnt: Number(refcnt),
    flags: flags.trim() || null,
    type,
    state: state ?? null,
    inode: Number(inode),
  };
  let rest = line.text.slice(whole.length).trimStart();
  if (programColumn) {
    const width = programColumn.to - programColumn.from;
    // A long name runs into the path's column; there is always one blank between.
    const end = rest.startsWith('-')
      ? 1
      : Math.max(rest.slice(0, width).trimEnd().length, /^\S*/.exec(rest)?.[0].length ?? 0);
    Object.assign(row, program(rest.slice(0, end)));
    rest = rest.slice(end).trimStart();
  }
  const hasContext = header.includes('Security Context');
  const [, path = rest, context] = hasContext ? partsOf(/^(.*?)\s*(\S+:\S+:\S+)$/, rest) : [];
  return { ...row, path: path || null, ...(hasContext ? { security_context: context ?? null } : {}), kind: 'socket' };
}

const routes: Begin = (header) => {
  const columns = readRouteColumns(header);
  if (columns === undefined) return undefined;
  return {
    read(line): Row {
      const { flags, ref, ...row } = readRoute('netstat', line, columns);
      const route_refs = ref === undefined ? {} : { route_refs: ref };
      const pretty = { route_flags_pretty: flagNames(String(flags), 'linux') };
      return { ...row, route_flags: flags, ...route_refs, kind: 'route', ...pretty };
    },
  };
};

const interfaces: Begin = (header) => {
  if (!/^Iface\s+MTU\s+(?:Met\s+)?RX-OK\b/.test(header)) return undefined;
  const fields = words(header).map((word) => word.toLowerCase().replace('-', '_'));
  return {
    read: (line) =>
      readInterface(
        line,
        fields.map((field) => (field === 'met' ? 'metric' : field)),
      ),
  };
};

function readInterface(line: Line, fields: readonly string[]): Row {
  // An alias has no counters.
  const counters = fields.length - 2 - (fields.indexOf('rx_ok') - 1);
  const text = line.text.replace(/- no statistics available -/, '- '.repeat(counters));
  const cells = words(text);
  if (cells.length === fields.length - 1) cells.push('');
  if (cells.length !== fields.length || toNumber(cells[1]) === null) stop('netstat', line);
  const row = fields.map((field, at) => {
    const cell = cells[at] ?? '';
    return [field, field === 'iface' ? cell : field === 'flg' ? cell || null : toNumber(cell)];
  });
  return { ...Object.fromEntries(row), kind: 'interface' };
}

/** Bluetooth's sockets and amateur radio's, whose columns are words. */
const others: Begin = (header) => {
  const isBluetooth = /^Proto\s+Destination\s+Source\s+State\b/.test(header);
  if (!isBluetooth && !/^Dest\s+Source\s+Device\s+State\b/.test(header)) return undefined;
  const fields = words(header.toLowerCase()).map((word) => word.replaceAll(/[-/]/g, '_'));
  return {
    read(line): Row {
      const cells = words(line.text);
      if (cells.length !== fields.length) stop('netstat', line);
      const row = fields.map((field, at) => [field, toNumber(cells[at]) ?? cells[at]]);
      return { ...Object.fromEntries(row), kind: isBluetooth ? 'bluetooth' : 'network' };
    },
  };
};

/** The tables of net-tools and BusyBox. */
export const linuxTables: readonly Begin[] = [connections, sockets, routes, interfaces, others];
