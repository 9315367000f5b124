import { type Line, partsOf, readLines, stop, toNumber, words } from './reading.ts';
import type { Parser } from './types.ts';

type Entry = Record<string, string | number | boolean | null>;

const header = /^Address\s+HWtype\s+HWaddress\s+Flags Mask\s+Iface$/;
const incomplete = /^[(<]incomplete[)>]$/;
const sentence = /^(\S+) \(([^()\s]+)\) at (\S+)(?: (.*))?$/;
/** Said of a table that was read: what was asked for is not in it. */
const nothing = /^(?:arp: in \d+ entries no match found\.|\S+ \(\S+\) -- no entry(?: on \S+)?)$/;

/**
 * `arp`, `arp -a`, `arp -v` of net-tools and BusyBox, `arp -a` of BSD and macOS. "No entry" is an empty list. Nothing at
 * all is unreadable: that is what an empty table prints, but also what a broken command does.
 */
export const arp: Parser = {
  kind: 'arp',
  parse(text: string): readonly Entry[] {
    const [first, ...rest] = readLines('arp', text);
    const isTable = header.test(first.text);
    const rows = (isTable ? rest : [first, ...rest]).filter(
      ({ text: row }) =>
        !/^Entries: \d+\s+Skipped: \d+\s+Found: \d+$/.test(row) && !nothing.test(row) && !aix.test(row),
    );
    const told = [first, ...rest].find((line) => count.test(line.text));
    // AIX does not count addresses that are not known yet.
    if (told && rows.length < Number(count.exec(told.text)?.slice(1).join(''))) stop('arp', told);
    return rows.map((row) => (isTable ? readTableRow(row) : readSentence(row)));
  },
};

/** AIX's lines between the entries. */
const aix = /^(?:bucket:\s|There are \d+ entries in the arp table)/;
/** How many there are, in the words of AIX and of `-v`. */
const count = /^There are (\d+) entries|^Entries: .*\bFound: (\d+)$/;

function readTableRow(line: Line): Entry {
  const cells = words(line.text);
  const [address = '', second = ''] = cells;
  const entry = { address, hwtype: null, hwaddress: null, flags_mask: null };
  if (incomplete.test(second) && cells.length === 3) return { ...entry, iface: cells[2] ?? null };
  const [, hwtype = '', hwaddress = '', flags = '', ...others] = cells;
  const iface = others.at(-1);
  if (iface === undefined || others.length > 2 || !/^[A-Z!]+$/.test(flags)) stop('arp', line);
  // A published entry can have a mask beside its flags.
  return { ...entry, hwtype, hwaddress, flags_mask: [flags, ...others.slice(0, -1)].join(' '), iface };
}

function readSentence(line: Line): Entry {
  const [, name, address = '', hwaddress = '', said = ''] = partsOf(sentence, line.text.trimStart());
  if (name === undefined) stop('arp', line);
  const entry = { name: name === '?' ? null : name, address };
  const hwtype = /\[(\w+)\]/.exec(said)?.[1] ?? null;
  const iface = /(?:^| )on (\S+)/.exec(said)?.[1] ?? null;
  const expires = /(?:^| )expires in (\d+) seconds/.exec(said)?.[1];
  const permanent = /(?:^| )(?:permanent|PERM)(?: |$)/.test(said);
  // AIX has no interfaces; it says where in its table an entry is, and nothing about one that is not known yet.
  const isAix = / stored in bucket \d+/.test(` ${said}`) || (said === '' && incomplete.test(hwaddress));
  if (iface === null && !isAix && !permanent) stop('arp', line);
  // BSD ends with the type of the link, and keeps its own word for an address that is not known.
  if (said.endsWith(']') && iface !== null && !said.startsWith('[')) {
    const end = expires === undefined ? {} : { expires: toNumber(expires) };
    return { ...entry, hwtype, hwaddress, iface, permanent, ...end };
  }
  const known = !incomplete.test(hwaddress);
  return { ...entry, hwtype: known ? hwtype : null, hwaddress: known ? hwaddress : null, iface, permanent };
}
