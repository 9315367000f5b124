import { type Line, partsOf, readLines, stop, toNumber } from './reading.ts';
import { readSocketOptions } from './ss_options.ts';
import type { Parser } from './types.ts';

type Socket = Record<string, unknown>;

/** The columns that a header says there are. */
interface Columns {
  readonly netid: boolean;
  readonly state: boolean;
}

const header = /^(?:(Netid)\s*)?(?:(State)\s*)?Recv-Q\s+Send-Q\s+Local Address:Port\s+Peer Address:Port\s*(?:Process)?/;
// In old versions these columns touch.
const netid =
  /^(?:icmp6|p_raw|p_dgr|u_str|u_dgr|u_seq|v_str|v_dgr|mptcp|dccp|sctp|tipc|ti_\w\w|unix|raw|udp|tcp|xdp|nl|\?\?\?)/;
const states =
  /^(?:ESTAB|SYN-SENT|SYN-RECV|FIN-WAIT-1|FIN-WAIT-2|TIME-WAIT|UNCONN|CLOSE-WAIT|LAST-ACK|LISTEN|CLOSING|CLOSED|NEW-SYN-RECV|UNKNOWN)/;

/**
 * `ss` with its header, for any family, with `-n`, `-p`, `-e` and `-o`; what `-i` and `-m` print about a socket is passed
 * over. A header alone is an empty list.
 */
export const ss: Parser = {
  kind: 'ss',
  parse(text: string): readonly Socket[] {
    const [first, ...rest] = readLines('ss', text);
    const [whole, hasNetid, hasState] = partsOf(header, first.text);
    if (whole === undefined) stop('ss', first);
    const columns = { netid: hasNetid !== undefined, state: hasState !== undefined };
    return rest.flatMap((line) => {
      // Old versions print it once more for each family.
      if (header.test(line.text)) return [];
      // Lines of -i and -m are about the socket before.
      return /^\s/.test(line.text) ? [] : [readSocket(line, columns)];
    });
  },
};

function readSocket(line: Line, columns: Columns): Socket {
  let rest = line.text;
  const take = (pattern: RegExp): string => {
    const [whole = ''] = partsOf(pattern, rest);
    if (whole === '') stop('ss', line);
    rest = rest.slice(whole.length).trimStart();
    return whole;
  };
  const socket: Socket = {};
  if (columns.netid) socket['netid'] = take(netid);
  if (columns.state) socket['state'] = take(states);
  socket['recv_q'] = Number(take(/^\d+/));
  socket['send_q'] = Number(take(/^\d+/));
  const found = [...rest.matchAll(/\S+/g)].map(({ 0: word, index }) => ({
    word,
    start: index,
    end: index + word.length,
  }));
  const end = isUnix(socket, found[0]?.word ?? '')
    ? readUnix(line, rest, found, socket)
    : readInet(line, found, socket);
  const opts = readSocketOptions(rest.slice(end));
  return opts === undefined ? socket : { ...socket, opts };
}

interface Word {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

function isUnix({ netid: family }: Socket, first: string): boolean {
  if (typeof family === 'string') return /^u(?:_|nix)/.test(family);
  return /^[/@]/.test(first) || !/:[^/]*$/.test(first);
}

/** `/run/x.sock 1234  * 0`: a path, which may hold blanks, its number, and the same of the peer. */
function readUnix(line: Line, rest: string, found: readonly Word[], to: Socket): number {
  const at = found.findIndex(
    ({ word }, index) => index > 0 && /^\d+$/.test(word) && /^\d+$/.test(found[index + 2]?.word ?? ''),
  );
  const [path, local, peer, peerPort] = [found[at - 1], found[at], found[at + 1], found[at + 2]];
  if (path === undefined || local === undefined || peer === undefined || peerPort === undefined)
    return stop('ss', line);
  to['path'] = rest.slice(0, path.end);
  Object.assign(to, portOf('local', local.word), { peer_address: peer.word }, portOf('peer', peerPort.word));
  return peerPort.end;
}

/** Address and port are one word; netlink and packet sockets have something else there. */
function readInet(line: Line, found: readonly Word[], to: Socket): number {
  const [local, peer] = found;
  const [, address = '', port = ''] = partsOf(/^(.*):([^:]*)$/, local?.word ?? '');
  if (local === undefined || peer === undefined || !local.word.includes(':')) return stop('ss', line);
  const [, peerAddress = peer.word, peerPort] = partsOf(/^(.*):([^:]*)$/, peer.word);
  if (to['netid'] === 'nl') {
    const [channel = '', pid] = local.word.split(/\/(?=[^/]*$)/);
    Object.assign(to, { channel, ...(pid === undefined ? {} : { pid: toNumber(pid) }) });
  } else if (to['netid'] === 'p_raw' || to['netid'] === 'p_dgr') {
    Object.assign(to, { link_layer: address, interface: port });
  } else {
    const [own = '', device] = address.split(/%(?=[^%]*$)/);
    Object.assign(to, { local_address: own, ...(device === undefined ? {} : { interface: device }) });
    Object.assign(to, portOf('local', port));
  }
  to['peer_address'] = peerAddress;
  if (peerPort !== undefined) Object.assign(to, portOf('peer', peerPort));
  return peer.end;
}

function portOf(side: 'local' | 'peer', port: string): Record<string, unknown> {
  const number = /^\d+$/.test(port) ? { [`${side}_port_num`]: Number(port) } : {};
  return { [`${side}_port`]: port, ...number };
}
