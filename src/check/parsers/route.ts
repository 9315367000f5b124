import { readRoute, readRouteColumns } from './linux_routes.ts';
import { readLines, stop } from './reading.ts';
import { flagNames } from './route_flags.ts';
import { looksLikeWindows, readWindowsRoutes } from './route_windows.ts';
import type { Parser } from './types.ts';

interface Route {
  readonly [column: string]: string | number | null | readonly string[];
  readonly flags_pretty: readonly string[];
}

/**
 * `route` of net-tools and BusyBox, with `-n`, `-e`, `-ee` and `-6`; in IPv6's table the gateway has jc's name `next_hop`,
 * too. `route print` of Windows is read, as well. A table without rows is an empty list; a text without
 * the table's header is unreadable.
 */
export const route: Parser = {
  kind: 'route',
  parse(text: string): readonly (Route | Record<string, unknown>)[] {
    const lines = readLines('route', text);
    if (looksLikeWindows(lines[0])) return readWindowsRoutes(lines);
    const routes: Route[] = [];
    let columns: readonly string[] | undefined;
    let isIpv6 = false;
    let last = { number: 1, text: '' };
    for (const line of lines) {
      last = line;
      if (/^Kernel IP(?:v6)? routing (?:table|cache)$/.test(line.text)) {
        columns = undefined;
        continue;
      }
      const header = readRouteColumns(line.text.replace(/^Source\s+/, ''));
      if (header) isIpv6 = /\bNext Hop\b/.test(line.text);
      if (header) columns = /^Source\s/.test(line.text) ? ['source', ...header] : header;
      else if (columns === undefined) stop('route', line);
      else {
        const row = readRoute('route', line, columns);
        const hop = isIpv6 ? { next_hop: row['gateway'] ?? null } : {};
        routes.push({ ...row, ...hop, flags_pretty: flagNames(String(row['flags']), 'linux') });
      }
    }
    if (columns === undefined) stop('route', last);
    return routes;
  },
};
