import { type Line, toNumber } from './reading.ts';

export type Row = Record<string, unknown>;

/** A table whose header was read. */
export interface Table {
  /** Reads one row below the header; throws when it is none. */
  read(line: Line): Row;
}

/** Reads a header; `undefined` when it is not of this table. `about` is the title above it. */
export type Begin = (header: string, about: string) => Table | undefined;

/** What jc adds to a connection: what its protocol is, and its ports as numbers. */
export function withProtocols(row: Row, proto: string): Row {
  const transport = /tcp|udp|icm/.exec(proto)?.[0].replace('icm', 'icmp') ?? null;
  return {
    ...row,
    transport_protocol: transport,
    network_protocol: proto.includes('6') ? 'ipv6' : 'ipv4',
    ...portNumber('local', row['local_port']),
    ...portNumber('foreign', row['foreign_port']),
  };
}

function portNumber(side: 'local' | 'foreign', port: unknown): Row {
  const number = typeof port === 'string' && /^\d+$/.test(port) ? toNumber(port) : null;
  return number === null ? {} : { [`${side}_port_num`]: number };
}
