import { isMapping } from '../comparison.ts';
import { ping } from '../parsers/ping.ts';
import { CheckProblem } from '../problem.ts';
import { inEnglish, inNetworks, lastLine, quote } from './script.ts';
import type { Resource } from './types.ts';

/** How long a reply is waited for, in milliseconds. */
const defaultMs = 1000;

/** What comes of an address that no packet can be sent to. */
const refusals = /(?:Network is unreachable|No route to host|Cannot assign requested address)$/;

const counted = [
  'packets_transmitted',
  'packets_received',
  'packet_loss_percent',
  'round_trip_ms_min',
  'round_trip_ms_avg',
  'round_trip_ms_max',
  'responses',
];

/** A host that answers ICMP echo requests. */
export const reach: Resource = {
  key: 'reach',
  summary: 'a host that answers `ping`; besides `reachable`, the fields of the parser `ping`',
  fields: ['reachable', ...counted],
  options: { timeout: 'ms', count: 'number', size: 'number', 'local-address': 'text', ...inNetworks },
  wrongName: (name) => (/^[\da-zA-Z:][\w.:%-]*$/.test(name) ? undefined : 'an address or a name'),
  request({ name, options }) {
    const ms = Number(options['timeout'] ?? defaultMs);
    const count = Math.max(1, Number(options['count'] ?? 1));
    const size = options['size'] === undefined ? '' : ` -M do -s ${options['size']}`;
    const from = options['local-address'] === undefined ? '' : ` -I ${quote(String(options['local-address']))}`;
    const script = `${inEnglish}exec ping -c ${count} -i 0.2 -W ${ms / 1000}${size}${from} ${quote(name)}`;
    return { script, timeoutMs: count * 200 + ms + 5000 };
  },
  read({ stdout, stderr, exit }) {
    const reason = lastLine(stderr) ?? '';
    const told = /^From .*?: (?:icmp_seq=\d+ )?(.+)$|(?:icmp_seq=\d+ )(Destination .+|Packet .+|Frag.+)$/m.exec(stdout);
    if (exit === 2 && refusals.test(reason)) return { fields: { reachable: false, packets_received: 0 }, note: reason };
    if (exit !== 0 && exit !== 1) throw new CheckProblem(`cannot be probed: ${reason || `status ${exit}`}`);
    const read = ping.parse(stdout);
    const seen = isMapping(read) ? read : {};
    const fields = Object.fromEntries(counted.map((key) => [key, seen[key] ?? null]));
    // A host that itself says "unreachable" sends an error, not a reply: only replies are received.
    const reachable = Number(seen['packets_received'] ?? 0) > 0;
    const why = told?.[1] ?? told?.[2] ?? (reason || 'no reply');
    return { fields: { reachable, ...fields }, note: reachable ? undefined : why };
  },
};
