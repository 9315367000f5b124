import { type Line, partsOf, stop, toNumber, words } from './reading.ts';

type Item = Record<string, unknown>;

const rule = /^=+$/;
const adapter = /^\s*(\d+) ?\.{3}((?:[\da-f]{2} ){5}[\da-f]{2})?[ .]*(\S.*)$/i;

/** What the lines below a heading are. */
type Section = 'adapters' | 'ipv4' | 'ipv4-persistent' | 'ipv6' | 'ipv6-persistent' | undefined;

const headings: readonly (readonly [RegExp, Section])[] = [
  [/^Interface List$/, 'adapters'],
  [/^Network Destination\s+Netmask\s+Gateway\s+Interface\s+Metric$/, 'ipv4'],
  [/^\s+Network Address\s+Netmask\s+Gateway Address\s+Metric$/, 'ipv4-persistent'],
  [/^\s*If\s+Metric\s+Network Destination\s+Gateway$/, 'ipv6'],
];

/** Whether it is Windows that prints this: a rule, or the name of a part. */
export function looksLikeWindows(first: Line): boolean {
  return rule.test(first.text) || /^(?:Interface List|(?:IPv[46] Route Table|Active Routes:))$/.test(first.text);
}

/** `route print` of Windows: as in jc, its adapters are the first item; a route that outlives a restart says so. */
export function readWindowsRoutes(lines: readonly [Line, ...Line[]]): readonly Item[] {
  const items: Item[] = [];
  const adapters: Item[] = [];
  let section: Section;
  let isPersistent = false;
  let cut: Line | undefined;
  for (const line of lines) {
    const [, next] = headings.find(([heading]) => heading.test(line.text)) ?? [];
    if (next) section = next === 'ipv6' && isPersistent ? 'ipv6-persistent' : next;
    else if (rule.test(line.text) || /^(?:IPv[46] Route Table|Active Routes:|Persistent Routes:)$/.test(line.text)) {
      section = undefined;
      isPersistent = line.text === 'Persistent Routes:';
    } else if (section === 'adapters') adapters.push(readAdapter(line));
    else if (cut !== undefined && /^\s+\S+$/.test(line.text))
      Object.assign(items.at(-1) ?? {}, { gateway: line.text.trim() });
    else if (!(isPersistent && line.text.trim() === 'None')) items.push(readRow(line, section));
    const last = items.at(-1);
    // A long destination has its gateway in the next line.
    const isCut = last !== undefined && last['gateway'] === undefined;
    if (isCut && cut !== undefined) stop('route', cut);
    cut = isCut ? line : undefined;
  }
  if (cut) stop('route', cut);
  if (items.length === 0) stop('route', lines.at(-1) ?? lines[0]);
  return adapters.length === 0 ? items : [{ interfaces: adapters }, ...items];
}

function readAdapter(line: Line): Item {
  const [, id, mac = '', name] = partsOf(adapter, line.text);
  if (id === undefined) stop('route', line);
  return { id, mac: mac.replaceAll(' ', ':'), name };
}

function readRow(line: Line, section: Section): Item {
  const cells = words(line.text);
  const [first, second, third, fourth, fifth] = cells;
  if (section === 'ipv4' && cells.length === 5 && toNumber(fifth) !== null)
    return { destination: first, genmask: second, gateway: third, iface: fourth, metric: toNumber(fifth) };
  if (section === 'ipv4-persistent' && cells.length === 4)
    return { destination: first, genmask: second, gateway: third, metric: toNumber(fourth), persistent: true };
  const isIpv6 = section === 'ipv6' || section === 'ipv6-persistent';
  if (!isIpv6 || cells.length < 3 || cells.length > 4 || toNumber(second) === null) stop('route', line);
  const gateway = fourth === undefined ? {} : { gateway: fourth };
  const persistent = section === 'ipv6-persistent' ? { persistent: true } : {};
  return { iface: first, metric: toNumber(second), destination: third, ...gateway, ...persistent };
}
