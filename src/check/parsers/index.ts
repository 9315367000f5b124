import type { Parser } from './types.ts';

/** Every parser, loaded when it is first asked for. */
const parsers: Readonly<Record<string, () => Promise<Parser>>> = {
  hostname: async () => (await import('./hostname.ts')).hostname,
  hosts: async () => (await import('./hosts.ts')).hosts,
  ifconfig: async () => (await import('./ifconfig.ts')).ifconfig,
  nslookup: async () => (await import('./nslookup.ts')).nslookup,
  ping: async () => (await import('./ping.ts')).ping,
  resolv_conf: async () => (await import('./resolv_conf.ts')).resolvConf,
};

/** The kinds that `loadParser` knows, in alphabetical order. */
export const parserKinds: readonly string[] = Object.keys(parsers);

/** The parser of that kind; `undefined` when there is none. */
export async function loadParser(kind: string): Promise<Parser | undefined> {
  return Object.hasOwn(parsers, kind) ? parsers[kind]?.() : undefined;
}
