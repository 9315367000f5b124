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
    /^(default|[\da-fA-F.:]+(\/\d+)?)$/.test(name) ? undefined : 'default, an address or a network',
  request({ name, options }) {
    const table = options['table'] === undefined ? '' : ` table ${quote(String(options['table']))}`;
    return `${inEnglish}ip -j${name.includes(':') ? ' -6' : ''} route show${table}`;
  },
  read(answer, { name }) {
    const all = readJson('ip -j route', textOf(answer)).filter(isMapping);
    const wanted = name.replace(/^(0\.0\.0\.0|::)\/0$/, 'default').replace(/\/(32|128)$/, '');
    const metric = (route: Mapping): number => Number(route['metric'] ?? 0);
    // Of several the kernel takes the one with the lowest metric.
    const [route] = all.filter(({ dst }) => dst === wanted).toSorted((a, b) => metric(a) - metric(b));
    const known = `there are ${all.map(({ dst }) => dst).join(', ') || 'none'}`;
    if (!route) return { fields: { exists: false }, note: `no route to ${name}; ${known}` };
    return { fields: { ...Object.fromEntries(own.map((key) => [key, route[key] ?? null])), exists: true } };
  },
};
