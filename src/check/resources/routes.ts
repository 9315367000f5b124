import { isIP, isIPv4 } from 'node:net';
import { isMapping, type Mapping } from '../comparison.ts';
import { readJson } from './json.ts';
import { inEnglish, inNetworks, quote, textOf } from './script.ts';
import type { Resource } from './types.ts';

const own = ['gateway', 'dev', 'protocol', 'scope', 'prefsrc', 'metric', 'type', 'flags', 'nexthops'];

/** An entry of a routing table, as `ip -j route` has it. (`route` is the parser of what that command prints.) */
export const routes: Resource = {
  key: 'routes',
  summary: 'an entry of the routing table, by its destination: `default`, `10.0.0.0/24`',
  fields: ['exists', ...own],
  options: { table: 'text', ...inNetworks },
  wrongName: (name) =>
    destination(name) === undefined
      ? 'default, an address, or a network such as 10.0.0.0/24 (not 10.0.0.1/24)'
      : undefined,
  request({ name, options }) {
    const table = options['table'] === undefined ? '' : ` table ${quote(String(options['table']))}`;
    return `${inEnglish}ip -j${name.includes(':') ? ' -6' : ''} route show${table}`;
  },
  read(answer, { name }) {
    const all = readJson('ip -j route', textOf(answer)).filter(isMapping);
    const wanted = destination(name);
    const metric = (route: Mapping): number => Number(route['metric'] ?? 0);
    // Of several the kernel takes the one with the lowest metric.
    const [route] = all.filter(({ dst }) => dst === wanted).toSorted((a, b) => metric(a) - metric(b));
    const known = `there are ${all.map(({ dst }) => dst).join(', ') || 'none'}`;
    if (!route) return { fields: { exists: false }, note: `no route to ${name}; ${known}` };
    return { fields: { ...Object.fromEntries(own.map((key) => [key, route[key] ?? null])), exists: true } };
  },
};

/** As `ip route` writes it, which knows one spelling of each; `undefined` for what no route can lead to. */
function destination(name: string): string | undefined {
  if (name === 'default') return name;
  const [, address = '', digits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(name) ?? [];
  if (isIP(address) === 0 || address.includes('%')) return undefined;
  const bits = bitsOf(address);
  const length = Number(digits ?? bits.length);
  if (length > bits.length || bits.slice(length).includes('1')) return undefined;
  if (length === 0) return 'default';
  const plain = isIPv4(address) ? address : new URL(`http://[${address}]`).hostname.slice(1, -1);
  return length === bits.length ? plain : `${plain}/${length}`;
}

function bitsOf(address: string): string {
  if (isIPv4(address))
    return address
      .split('.')
      .map((octet) => binary(Number(octet), 8))
      .join('');
  const [left = [], right = []] = new URL(`http://[${address}]`).hostname
    .slice(1, -1)
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].map((group) => binary(Number.parseInt(group, 16), 16)).join('');
}

function binary(value: number, width: number): string {
  return value.toString(2).padStart(width, '0');
}
