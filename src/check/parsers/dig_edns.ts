import { partsOf, toNumber } from './reading.ts';

type Section = Record<string, unknown>;

/** One line of the pseudosection: `; EDNS: version: 0, flags: do; udp: 1232`, `; COOKIE: …`, `; NSID: …`. */
export function readPseudosection(line: string, before: unknown): Section {
  const section = (before ?? {}) as Section;
  const [, version, flags = '', udp] = partsOf(/^; EDNS: version: (\d+), flags:([^;]*);.* udp: (\d+)/, line);
  if (version !== undefined) {
    const edns = { version: toNumber(version), flags: flags.split(' ').filter(Boolean), udp: toNumber(udp) };
    return { ...section, edns };
  }
  const [, name, value = ''] = partsOf(/^; ([A-Za-z][\w -]*):\s*(.*)$/, line);
  if (name === undefined) return section;
  const key = name.toLowerCase().replace(/[ -]/g, '_');
  // An NSID's bytes come before their text; behind a cookie stands whether it is the right one.
  const id = /\("(.*)"\)$/.exec(value)?.[1];
  const text = key === 'nsid' ? (id ?? value) : key === 'cookie' ? value.replace(/ .*/, '') : value;
  return { ...section, [key]: text };
}
