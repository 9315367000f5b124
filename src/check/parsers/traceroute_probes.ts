import { isIP } from 'node:net';
import { type Line, stop } from './reading.ts';

export interface Probe {
  /** `!H`, `!N`, `!X` and the like. */
  annotation: string | null;
  readonly asn: number | null;
  readonly ip: string | null;
  readonly name: string | null;
  /** In milliseconds. */
  readonly rtt: number;
}

/**
 * The probes of one hop that were answered, as in jc. One that tells only a time is of the host that answered before it in
 * the same hop.
 */
export function readProbes(line: Line, text: string): readonly Probe[] {
  const probes: Probe[] = [];
  let unanswered = 0;
  const words = text.split(/\s+/).filter((word) => word !== '');
  let host: Pick<Probe, 'ip' | 'name' | 'asn'> = { ip: null, name: null, asn: null };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const next = words[at + 1] ?? '';
    const inParentheses = /^\(([^()]+)\)$/.exec(next)?.[1];
    const asn = /^\[(?:AS(\d+)\S*|\*|[^\s\]]*)\]$/.exec(word);
    const last = probes.at(-1);
    if (word === '*') unanswered += 1;
    // With -v, how long the answer was and to which address it came.
    else if (next === 'bytes' && words[at + 2] === 'to') at += 3;
    else if (/^\d+(?:\.\d+)?$/.test(word) && /^ms$/.test(next)) {
      probes.push({ annotation: null, ...host, rtt: Number(word) });
      at += 1;
    } else if (/^\d+(?:\.\d+)?ms$/.test(word)) probes.push({ annotation: null, ...host, rtt: Number.parseFloat(word) });
    else if (word.startsWith('!') && last) last.annotation = word;
    else if (asn) host = { ...host, asn: asn[1] === undefined ? null : Number(asn[1]) };
    else if (inParentheses !== undefined && isIP(withoutZone(inParentheses)) !== 0) {
      // BSD tells the system's number before the host, and Linux behind it.
      host = { ip: inParentheses, name: word, asn: /^\[/.test(words[at - 1] ?? '') ? host.asn : null };
      at += 1;
    } else if (inParentheses === word) {
      // Not an address: somebody made the host unrecognizable.
      host = { ip: null, name: null, asn: null };
      at += 1;
    } else if (isIP(withoutZone(word)) !== 0) {
      // inetutils writes the name behind the address.
      const name = inParentheses === undefined || /^\d+$/.test(inParentheses) ? null : inParentheses;
      if (name !== null) at += 1;
      host = { ip: word, name, asn: /^\[/.test(words[at - (name === null ? 1 : 2)] ?? '') ? host.asn : null };
    } else if (!/^(?:\(\d+\)|\(TOS=\S+\)|<\S+>|'[\d+-]*'|\d+!|F=\d+)$/.test(word)) stop('traceroute', line);
  }
  if (probes.length + unanswered === 0) stop('traceroute', line);
  return probes;
}

function withoutZone(address: string): string {
  return address.replace(/%[\w.-]+$/, '');
}
