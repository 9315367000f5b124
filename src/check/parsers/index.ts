import type { Parser } from './types.ts';

/** Every parser, loaded when it is first asked for. */
const parsers: Readonly<Record<string, () => Promise<Parser>>> = {
  arp: async () => (await import('./arp.ts')).arp,
  dig: async () => (await import('./dig.ts')).dig,
  docker_inspect: async () => (await import('./docker_inspect.ts')).dockerInspect,
  docker_network_ls: async () => (await import('./docker_network_ls.ts')).dockerNetworkLs,
  docker_ps: async () => (await import('./docker_ps.ts')).dockerPs,
  hostname: async () => (await import('./hostname.ts')).hostname,
  hosts: async () => (await import('./hosts.ts')).hosts,
  ifconfig: async () => (await import('./ifconfig.ts')).ifconfig,
  ip_addr: async () => (await import('./ip_addr.ts')).ipAddr,
  ip_link: async () => (await import('./ip_link.ts')).ipLink,
  ip_route: async () => (await import('./ip_route.ts')).ipRoute,
  iptables: async () => (await import('./iptables.ts')).iptables,
  json: async () => (await import('./json.ts')).json,
  lsns: async () => (await import('./lsns.ts')).lsns,
  netstat: async () => (await import('./netstat.ts')).netstat,
  nslookup: async () => (await import('./nslookup.ts')).nslookup,
  ovs_vsctl: async () => (await import('./ovs_vsctl.ts')).ovsVsctl,
  ping: async () => (await import('./ping.ts')).ping,
  resolv_conf: async () => (await import('./resolv_conf.ts')).resolvConf,
  route: async () => (await import('./route.ts')).route,
  ss: async () => (await import('./ss.ts')).ss,
  traceroute: async () => (await import('./traceroute.ts')).traceroute,
};

/** The kinds that `loadParser` knows, in alphabetical order. */
export const parserKinds: readonly string[] = Object.keys(parsers);

/** The parser of that kind; `undefined` when there is none. */
export async function loadParser(kind: string): Promise<Parser | undefined> {
  return Object.hasOwn(parsers, kind) ? parsers[kind]?.() : undefined;
}
