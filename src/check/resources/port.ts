import { CheckProblem } from '../problem.ts';
import { inNetworks, textOf } from './script.ts';
import type { Resource } from './types.ts';

const protocols = ['tcp', 'tcp6', 'udp', 'udp6'];

/** States of sockets that wait for others, proc(5): TCP's LISTEN, and a UDP socket without a peer. */
const listening: Readonly<Record<string, string>> = { tcp: '0A', tcp6: '0A', udp: '07', udp6: '07' };

interface Socket {
  readonly protocol: string;
  readonly port: number;
  readonly ip: string;
}

/** A port on which something listens, from the kernel's own tables of sockets. */
export const port: Resource = {
  key: 'port',
  summary: 'a port on which something listens: `tcp:80`, `tcp6:80`, `udp:53`, `udp6:53`',
  fields: ['listening', 'ip'],
  options: inNetworks,
  wrongName: (name) => {
    const [, protocol = '', number = ''] = /^([a-z\d]+):(\d{1,5})$/.exec(name) ?? [];
    return protocols.includes(protocol) && Number(number) <= 65_535 ? undefined : 'a protocol and a number, tcp:80';
  },
  request: () =>
    'cd /proc/self/net && for table in tcp tcp6 udp udp6; do [ ! -e $table ] || sed "s/^/$table /" $table || exit; done',
  read(answer, { name }) {
    const [protocol, number] = name.split(':');
    const lines = textOf(answer).split('\n');
    if (!lines.some((line) => line.includes('local_address')))
      throw new CheckProblem('cannot be probed: the kernel shows no table of sockets');
    const sockets = lines.flatMap(readSocket);
    const here = sockets.filter((socket) => socket.protocol === protocol && socket.port === Number(number));
    const others = [...new Set(sockets.map((socket) => `${socket.protocol}:${socket.port}`))];
    return {
      fields: { listening: here.length > 0, ip: [...new Set(here.map(({ ip }) => ip))] },
      note: others.length === 0 ? 'nothing listens on any port' : `listened to are ${others.join(', ')}`,
    };
  },
};

/** `tcp   0: 0100007F:0035 00000000:0000 0A …` of /proc/net/tcp. */
function readSocket(line: string): Socket[] {
  const [, protocol = '', address = '', port = '', state] =
    /^(\w+)\s+\d+:\s+([\dA-F]+):([\dA-F]{4})\s+\S+\s+([\dA-F]{2})\s/.exec(line) ?? [];
  if (state === undefined || listening[protocol] !== state) return [];
  return [{ protocol, port: Number.parseInt(port, 16), ip: address.length === 8 ? ipv4(address) : ipv6(address) }];
}

/** The kernel prints the four bytes as one number of the machine's own byte order. */
function ipv4(hex: string): string {
  return bytes(hex).join('.');
}

function ipv6(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const all = words.flatMap(bytes).map((byte) => byte.toString(16).padStart(2, '0'));
  const groups = all.join('').match(/.{4}/g) ?? [];
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** The bytes of a number, in the order of the wire. Every machine that Node runs on here is little-endian. */
function bytes(word: string): number[] {
  return (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).toReversed();
}
