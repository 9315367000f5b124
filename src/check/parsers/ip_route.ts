import { isIP } from 'node:net';
import { looksLikeJson, readObjects } from './json_text.ts';
import { type Line, stop, toNumber, words } from './reading.ts';
import type { Parser } from './types.ts';

/** jc's names; `type`, `table` and `nexthops` for what jc does not read. */
interface IpRoute {
  ip: string;
  via: string | null;
  dev: string | null;
  metric: number | null;
  proto: string | null;
  scope: string | null;
  src: string | null;
  /** `linkdown`, when it is. */
  status: string | null;
  /** `unicast` when the text does not say. */
  type: string;
  table: string | null;
  nexthops: Hop[];
}

interface Hop {
  readonly via: string | null;
  readonly dev: string | null;
  readonly weight: number | null;
}

const types = new Set(
  'unicast local broadcast multicast throw unreachable prohibit blackhole nat anycast xresolve'.split(' '),
);
/** Types of routes that lead nowhere, so that they need neither a gateway nor a device. */
const nowhere = new Set(['throw', 'unreachable', 'prohibit', 'blackhole']);

/**
 * `ip route`, `ip -6 route`, `ip -d route`, `ip -o route`, `ip route get`, of iproute2 and BusyBox; `ip -j route` becomes
 * the same structure. An empty text is an empty list: an empty table prints nothing.
 */
export const ipRoute: Parser = {
  kind: 'ip_route',
  parse(text: string): readonly IpRoute[] {
    if (looksLikeJson(text)) return readObjects('ip_route', text).map((item) => fromJson(item, text));
    const routes: IpRoute[] = [];
    /** A route with several gateways, until the first of them is seen. */
    let pending: Line | undefined;
    for (const [index, whole] of text.split('\n').entries()) {
      // With -o a route is one line, in which a backslash stands for each line's end.
      for (const part of whole.split('\\')) {
        const line = { number: index + 1, text: part.trimEnd() };
        if (line.text === '') continue;
        const current = routes.at(-1);
        if (/^\s/.test(line.text) && current) readMore(line, current);
        else {
          if (pending) stop('ip_route', pending);
          routes.push(readRoute(line));
        }
        const last = routes.at(-1);
        pending = last && leadsNowhere(last) ? line : undefined;
      }
    }
    if (pending) stop('ip_route', pending);
    return routes;
  },
};

function readRoute(line: Line): IpRoute {
  const [first = '', ...others] = words(line.text);
  const type = types.has(first) ? first : 'unicast';
  const [ip = '', ...rest] = types.has(first) ? others : [first, ...others];
  const [address = '', length] = ip.split('/');
  const isNetwork = ip === 'default' || (isIP(address) !== 0 && (length === undefined || /^\d+$/.test(length)));
  const value = valuesOf(rest);
  if (!isNetwork || rest.some((word) => /[^:]:$/.test(word))) stop('ip_route', line);
  return {
    ip,
    via: value('via'),
    dev: value('dev'),
    metric: toNumber(value('metric') ?? undefined),
    proto: value('proto'),
    scope: value('scope'),
    src: value('src'),
    status: rest.includes('linkdown') ? 'linkdown' : null,
    type,
    table: value('table'),
    nexthops: [],
  };
}

/** BusyBox does not show the gateways of a route that has several, but only its network. */
function leadsNowhere({ ip, via, dev, type, nexthops, proto, scope, src, metric }: IpRoute): boolean {
  if (via !== null || dev !== null || nexthops.length > 0 || nowhere.has(type)) return false;
  const isBare = proto === null && scope === null && src === null && metric === null;
  return !(isBare && ip.includes('/'));
}

/** Lines below a route: one for each next hop; `cache` of a route that was asked for. */
function readMore(line: Line, route: IpRoute): void {
  const [first, ...rest] = words(line.text);
  // A next hop that is an object of its own is told once more with -d.
  if (first === 'cache' || first === 'nh_info') return;
  if (first !== 'nexthop') stop('ip_route', line);
  const value = valuesOf(rest);
  route.nexthops.push({ via: value('via'), dev: value('dev'), weight: toNumber(value('weight') ?? undefined) });
}

/** The word after a keyword; a gateway of the other family has the family between. */
function valuesOf(line: readonly string[]): (keyword: string) => string | null {
  return (keyword) => {
    const at = line.indexOf(keyword);
    if (at === -1) return null;
    return line[at + 1] === 'inet6' || line[at + 1] === 'inet' ? (line[at + 2] ?? null) : (line[at + 1] ?? null);
  };
}

function fromJson(item: Readonly<Record<string, unknown>>, text: string): IpRoute {
  const string = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const via = (hop: Readonly<Record<string, unknown>>): string | null => {
    const other = hop['via'];
    const host = typeof other === 'object' && other !== null && 'host' in other ? other.host : undefined;
    return string(hop['gateway']) ?? string(host);
  };
  const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
  const ip = string(item['dst']);
  if (ip === null) stop('ip_route', { number: 1, text: text.trim().split('\n', 1)[0] ?? '' });
  const flags: readonly unknown[] = Array.isArray(item['flags']) ? item['flags'] : [];
  const hops: readonly unknown[] = Array.isArray(item['nexthops']) ? item['nexthops'] : [];
  return {
    ip,
    via: via(item),
    dev: string(item['dev']),
    metric: number(item['metric']),
    proto: string(item['protocol']),
    scope: string(item['scope']),
    src: string(item['prefsrc']),
    status: flags.includes('linkdown') ? 'linkdown' : null,
    type: string(item['type']) ?? 'unicast',
    table: string(item['table']),
    nexthops: hops
      .filter((hop): hop is Record<string, unknown> => typeof hop === 'object' && hop !== null)
      .map((hop) => ({ via: via(hop), dev: string(hop['dev']), weight: number(hop['weight']) })),
  };
}
