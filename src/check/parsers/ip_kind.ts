import type { Interface } from './ip_interface.ts';
import { toNumber } from './reading.ts';

/** What of a kind's settings is read: the word in `ip -d`, and the name in JSON. Kinds that are not here have none. */
const settings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  vlan: { protocol: 'protocol', id: 'id' },
  vxlan: { id: 'id', remote: 'remote', local: 'local', group: 'group', dev: 'link', dstport: 'port', ageing: 'ageing' },
  macvlan: { mode: 'mode', bcqueuelen: 'bcqueuelen', usedbcqueuelen: 'usedbcqueuelen' },
  macvtap: { mode: 'mode' },
  ipvlan: { mode: 'mode' },
  vrf: { table: 'table' },
  bond: { mode: 'mode', miimon: 'miimon', updelay: 'updelay', downdelay: 'downdelay' },
  tun: { type: 'type', pi: 'pi', vnet_hdr: 'vnet_hdr', persist: 'persist', user: 'user', group: 'group' },
  gre: { remote: 'remote', local: 'local', dev: 'link' },
  gretap: { remote: 'remote', local: 'local', dev: 'link' },
  ipip: { remote: 'remote', local: 'local', dev: 'link' },
  sit: { remote: 'remote', local: 'local', dev: 'link' },
  bridge: {
    forward_delay: 'forward_delay',
    hello_time: 'hello_time',
    max_age: 'max_age',
    ageing_time: 'ageing_time',
    stp_state: 'stp_state',
    priority: 'priority',
    vlan_filtering: 'vlan_filtering',
    bridge_id: 'bridge_id',
    designated_root: 'root_id',
    root_port: 'root_port',
    root_path_cost: 'root_path_cost',
    mcast_snooping: 'mcast_snooping',
  },
};
const bridgeSlave = {
  state: 'state',
  priority: 'priority',
  cost: 'cost',
  hairpin: 'hairpin',
  guard: 'guard',
  learning: 'learning',
  flood: 'flood',
  isolated: 'isolated',
};

/** The line of `ip -d` about what kind of interface it is, `vxlan id 42 …`, or what it is of its master's. */
export function readKind([kind = '', ...rest]: readonly string[], to: Interface): void {
  const info = (to['linkinfo'] ?? {}) as Record<string, unknown>;
  if (kind.endsWith('_slave')) {
    const data = kind === 'bridge_slave' ? { info_slave_data: valuesOf(bridgeSlave, rest) } : {};
    to['linkinfo'] = { ...info, info_slave_kind: kind.slice(0, -'_slave'.length), ...data };
    return;
  }
  const data = valuesOf(Object.hasOwn(settings, kind) ? (settings[kind] ?? {}) : {}, rest);
  to['linkinfo'] = { ...info, info_kind: kind, ...(Object.keys(data).length > 0 ? { info_data: data } : {}) };
}

function valuesOf(names: Readonly<Record<string, string>>, tokens: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([word, name]) => {
      const at = tokens.indexOf(word);
      const value = at === -1 ? undefined : tokens[at + 1];
      return value === undefined ? [] : [[name, readValue(value)]];
    }),
  );
}

function readValue(text: string): unknown {
  if (text === 'on' || text === 'off') return text === 'on';
  return toNumber(text) ?? text;
}
