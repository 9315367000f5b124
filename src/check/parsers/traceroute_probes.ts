import { isIP } from 'node:net';
import { type Line, stop } from './reading.ts';

export interface Probe {
  /** `!H`, `!N`, `!X` and the like. */
  annotation: string | null;
  readonly asn: number | null;
  readonly ip: string | null;
  readonly name: string | null;
  /** In milliseconds; `null` when nothing came in time. */
  readonly rtt: number | null;
}

/**
 * The probes of one hop. As in jc, one that got no answer has the host that answered before it in the same hop; so has
 * one that tells only a time.
 */
export function readProbes(line: Line, text: string): readonly Probe[] {
  const probes: Probe[] = [];
  const words = text.split(/\s+/).filter((word) => word !== '');
  let host: Pick<Probe, 'ip' | 'name' | 'asn'> = { ip: null, name: null, asn: null };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const next = words[at + 1] ?? '';
    const inParentheses = /^\(([^()]+)\)$/.exec(next)?.[1];
    const asn = /^\[(?:AS(\d+)\S*|\*|[^\s\]]*)\]$/.exec(word);
    const last = probes.at(-1);
    if (word === '*') probes.push({ annotation: null, ...host, rtt: null });
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
    } else if (isIP(withoutZone(word)) !== 0) {
      host = { ip: word, name: null, asn: /^\[/.test(words[at - 1] ?? '') ? host.asn : null };
    } else if (!/^(?:\(\d+\)|\(TOS=\S+\)|<\S+>|'[\d+-]*'|\d+!)$/.test(word)) stop('traceroute', line);
  }
  if (probes.length === 0) stop('traceroute', line);
  return probes;
}

function withoutZone(address: string): string {
  return address.replace(/%[\w.-]+$/, '');
}
