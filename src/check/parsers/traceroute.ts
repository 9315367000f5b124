import { type Line, partsOf, readLines, stop, toNumber } from './reading.ts';
import { type Probe, readProbes } from './traceroute_probes.ts';
import type { Parser } from './types.ts';

interface Traceroute {
  destination_ip: string | null;
  destination_name: string | null;
  max_hops: number | null;
  data_bytes: number | null;
  readonly hops: Hop[];
}

interface Hop {
  readonly hop: number;
  readonly probes: Probe[];
}

const header = /^(?:traceroute6? to|Tracing the path to) (\S+) +\(([^()\s]+)\)(.*)$/;
const remark = /^(?:traceroute6?: (?:Warning: |.* has multiple addresses)|Selected device \S+, address )/;

/**
 * traceroute of Linux, BSD, macOS, inetutils and BusyBox, and tcptraceroute. Its first line goes to standard error on some systems; without it the
 * destination is `null`. As in jc, `probes` are those that were answered; a hop of which nothing is said is where a text
 * was cut.
 */
export const traceroute: Parser = {
  kind: 'traceroute',
  parse(text: string): Traceroute {
    const result: Traceroute = {
      destination_ip: null,
      destination_name: null,
      max_hops: null,
      data_bytes: null,
      hops: [],
    };
    const lines = readLines('traceroute', text);
    for (const line of lines) {
      const [, name, ip, rest = ''] = partsOf(header, line.text);
      if (name !== undefined) {
        if (result.destination_name !== null || result.hops.length > 0) stop('traceroute', line);
        Object.assign(result, { destination_ip: ip, destination_name: name, ...readLimits(rest) });
      } else if (!remark.test(line.text)) readHop(line, result.hops);
    }
    if (result.hops.length === 0) stop('traceroute', lines.at(-1) ?? lines[0]);
    return result;
  },
};

function readLimits(text: string): Pick<Traceroute, 'max_hops' | 'data_bytes'> {
  return {
    max_hops: toNumber(/(\d+) hops max/.exec(text)?.[1]),
    data_bytes: toNumber(/(\d+) byte packets/.exec(text)?.[1]),
  };
}

/** A hop, or more of the one before: BSD begins a new line for each host that answers at one distance. */
function readHop(line: Line, hops: Hop[]): void {
  const [, number, rest = line.text] = partsOf(/^\s*(\d+)\s+(?!ms\b)(\S.*)$/, line.text);
  const current = hops.at(-1);
  if (number === undefined) {
    if (current === undefined || !/^\s/.test(line.text)) stop('traceroute', line);
    // Labels of MPLS stand below the hop that they are about.
    if (!/^\s+(?:\[?(?:MPLS|Label)\b)/.test(line.text)) current.probes.push(...readProbes(line, rest));
    return;
  }
  const hop = Number(number);
  if (current !== undefined && hop <= current.hop) stop('traceroute', line);
  hops.push({ hop, probes: [...readProbes(line, rest)] });
}
