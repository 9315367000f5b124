import { isMapping } from '../comparison.ts';
import { CheckProblem } from '../problem.ts';
import { readJson } from './json.ts';
import { inNetworks, quote, textOf } from './script.ts';
import type { Resource, State } from './types.ts';

/** A bridge of Linux or of Open vSwitch: its ports, and what it has learnt of where addresses are. */
export const bridge: Resource = {
  key: 'bridge',
  summary: 'a bridge of Linux or of Open vSwitch; the forwarding table with the names of `bridge -j fdb`',
  fields: ['exists', 'ports', 'fdb'],
  options: inNetworks,
  wrongName: (name) => (/^[^\s/]{1,15}$/.test(name) ? undefined : 'the name of an interface'),
  request({ name }) {
    const word = quote(name);
    return [
      `if ip -o link show type bridge | grep -qF ": ${name.replace(/[^\w.@-]/g, '')}: "; then`,
      `  echo linux; ip -j link show master ${word} && echo && bridge -j fdb show br ${word}`,
      `elif command -v ovs-vsctl >/dev/null && ovs-vsctl --timeout=3 br-exists ${word} 2>/dev/null; then`,
      `  echo ovs; ovs-vsctl --timeout=3 --format=json --columns=name,ofport list interface && ovs-vsctl --timeout=3 list-ports ${word} && echo && ovs-appctl -T 3 fdb/show ${word}`,
      'else',
      '  echo none; ip -o link show type bridge && (! command -v ovs-vsctl >/dev/null || ovs-vsctl --timeout=3 list-br 2>/dev/null || true)',
      'fi',
    ].join('\n');
  },
  read(answer, { name }) {
    const [kind, ...lines] = textOf(answer).split('\n');
    if (kind === 'linux') return linuxBridge(lines);
    if (kind === 'ovs') return openvswitchBridge(lines);
    const others = lines.flatMap((line) => /^\d+: ([^:@]+)/.exec(line)?.[1] ?? (line.trim() || []));
    return { fields: { exists: false }, note: `no bridge ${name}; there are ${others.join(', ') || 'none'}` };
  },
};

function linuxBridge(lines: readonly string[]): State {
  const gap = lines.indexOf('');
  const links = readJson('ip -j link', lines.slice(0, gap).join('\n')).filter(isMapping);
  const fdb = readJson('bridge -j fdb', lines.slice(gap + 1).join('\n'));
  return { fields: { exists: true, ports: links.map(({ ifname }) => ifname), fdb } };
}

/** Open vSwitch numbers its ports; the forwarding table is told with the names that they have. */
function openvswitchBridge([interfaces = '', ...lines]: readonly string[]): State {
  const gap = lines.indexOf('');
  const names = new Map(rowsOf(interfaces).map(([name, number]) => [String(number), name]));
  const fdb = lines.slice(gap + 1).flatMap((line) => {
    const [port, vlan, mac] = line.trim().split(/\s+/);
    if (mac === undefined || !/^[\da-f:]{17}$/.test(mac)) return [];
    return [{ mac, ifname: port === 'LOCAL' ? 'LOCAL' : (names.get(port ?? '') ?? port), vlan: Number(vlan) }];
  });
  return { fields: { exists: true, ports: lines.slice(0, gap), fdb } };
}

/** The rows of `ovs-vsctl --format=json`. */
function rowsOf(text: string): readonly (readonly unknown[])[] {
  try {
    const table: unknown = JSON.parse(text);
    if (isMapping(table) && Array.isArray(table['data'])) return table['data'];
  } catch {
    // Told below.
  }
  throw new CheckProblem(`ovs-vsctl did not print a table in JSON: ${JSON.stringify(text.slice(0, 80))}`);
}
