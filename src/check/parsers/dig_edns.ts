import { toNumber } from './reading.ts';

type Section = Record<string, unknown>;

/** One line of the pseudosection: `; EDNS: version: 0, flags: do; udp: 1232`, `; COOKIE: …`, `; NSID: …`. */
export function readPseudosection(line: string, before: unknown): Section {
  const section = (before ?? {}) as Section;
  const [, version, flags = '', udp] = /^; EDNS: version: (\d+), flags:([^;]*);.* udp: (\d+)/.exec(line) ?? [];
  if (version !== undefined) {
    const edns = { version: toNumber(version), flags: flags.split(' ').filter(Boolean), udp: toNumber(udp) };
    return { ...section, edns };
  }
  const [, name, value = ''] = /^; ([A-Za-z][\w -]*):\s*(.*)$/.exec(line) ?? [];
  if (name === undefined) return section;
  const key = name.toLowerCase().replace(/[ -]/g, '_');
  // Its bytes come before their text.
  const text = key === 'nsid' ? (/\("(.*)"\)$/.exec(value)?.[1] ?? value) : value;
  return { ...section, [key]: text };
}
