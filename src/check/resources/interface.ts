import type { Mapping } from '../comparison.ts';
import { isMapping } from '../comparison.ts';
import { CheckProblem } from '../problem.ts';
import { readJson } from './json.ts';
import { inNetworks, textOf } from './script.ts';
import type { Resource } from './types.ts';

/** goss's fields first, then those of iproute2's JSON. */
const own = ['ifindex', 'mtu', 'operstate', 'flags', 'link_type', 'address', 'master', 'qdisc', 'linkinfo'];

/** A network interface, as `ip -d addr` shows it. */
export const networkInterface: Resource = {
  key: 'interface',
  summary: 'a network interface: goss’s fields, and those of `ip -j -d addr`',
  fields: ['exists', 'addrs', ...own],
  options: inNetworks,
  request: () => 'ip -j -d addr show',
  read(answer, { name }) {
    const links = readJson('ip -j addr', textOf(answer)).filter(isMapping);
    const link = links.find(({ ifname }) => ifname === name);
    // Every network has its lo.
    if (links.length === 0) throw new CheckProblem('cannot be probed: ip shows no interfaces');
    const known = `there are ${links.map(({ ifname }) => ifname).join(', ')}`;
    if (!link) return { fields: { exists: false }, note: `no interface ${name}; ${known}` };
    return {
      fields: {
        ...Object.fromEntries(own.map((key) => [key, link[key] ?? null])),
        exists: true,
        addrs: addresses(link),
      },
    };
  },
};

/** `10.0.0.1/24`, as goss and `ip` write them. */
function addresses({ addr_info: info }: Mapping): string[] {
  return (Array.isArray(info) ? info : []).filter(isMapping).map(({ local, prefixlen }) => `${local}/${prefixlen}`);
}
