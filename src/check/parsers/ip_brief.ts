import { readNetwork } from './ip_address_line.ts';
import { type Address, type Interface, linkOf } from './ip_interface.ts';
import { type Line, stop, words } from './reading.ts';

const states = /^(?:UNKNOWN|NOTPRESENT|DOWN|LOWERLAYERDOWN|TESTING|DORMANT|UP)$/;

/** One interface as `ip -br addr` and `ip -br link` print it. */
export function readBrief(kind: string, line: Line): Interface {
  const [name = '', state = '', ...rest] = words(line.text);
  const [ifname = '', link] = name.split('@');
  if (!states.test(state)) stop(kind, line);
  const item: Interface = { ...linkOf(link), ifname, operstate: state };
  const flags = /^<([^<>]*)>$/.exec(rest.at(-1) ?? '')?.[1];
  if (flags !== undefined) {
    const [address] = rest;
    return { ...item, ...(rest.length > 1 ? { address } : {}), flags: flags.split(',').filter(Boolean) };
  }
  const addresses: Address[] = [];
  for (let index = 0; index < rest.length; index += 1) {
    const own = rest[index] ?? '';
    if (own === 'metric') {
      const last = addresses.at(-1);
      if (last) last['metric'] = Number(rest[index + 1]);
      index += 1;
      continue;
    }
    const hasPeer = rest[index + 1] === 'peer';
    addresses.push(readNetwork(kind, line, own, hasPeer ? rest[index + 2] : undefined));
    if (hasPeer) index += 2;
  }
  return { ...item, addr_info: addresses };
}
