import { type Line, partsOf, readLines, stop, toNumber } from './reading.ts';
import type { Parser } from './types.ts';

interface Switch {
  readonly uuid: string;
  readonly bridges: Item[];
  ovs_version: string | null;
}

type Item = Record<string, unknown> & { readonly name: string };

/** The lists that an item of a tree has, by the word that begins an item of them. */
const lists: Readonly<Record<string, string>> = { Bridge: 'bridges', Port: 'ports', Interface: 'interfaces' };
const below: Readonly<Record<string, string>> = { Bridge: 'Port', Port: 'Interface' };

/** `ovs-vsctl show`: a switch, its bridges, their ports, their interfaces, each with the settings that are shown. */
export const ovsVsctl: Parser = {
  kind: 'ovs_vsctl',
  parse(text: string): Switch {
    const [first, ...rest] = readLines('ovs_vsctl', text);
    if (!/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(first.text)) stop('ovs_vsctl', first);
    const root: Switch = { uuid: first.text, bridges: [], ovs_version: null };
    const open: Item[] = [];
    /** Where a manager or controller stands; what is further in than that is about it. */
    let aside = Number.POSITIVE_INFINITY;
    for (const line of rest) {
      const indent = line.text.search(/\S/);
      if (indent > aside) continue;
      aside = /^\s+(?:Manager|Controller) \S/.test(line.text) ? indent : Number.POSITIVE_INFINITY;
      if (indent === aside) continue;
      const [, word = '', quoted = ''] = partsOf(/^\s+(Bridge|Port|Interface) (\S.*)$/, line.text);
      if (word === '') {
        readSetting(line, root, open.at(-1));
        continue;
      }
      const depth = Object.keys(lists).indexOf(word);
      if (depth > open.length) stop('ovs_vsctl', line);
      open.length = depth;
      const item: Item = { name: unquote(quoted), ...(below[word] ? { [lists[below[word]] ?? '']: [] } : {}) };
      if (word === 'Port') Object.assign(item, { tag: null, interfaces: [] });
      if (word === 'Interface') Object.assign(item, { type: null, options: {} });
      const parent = open.at(-1);
      const list = parent === undefined ? root.bridges : parent[lists[word] ?? ''];
      if (Array.isArray(list)) list.push(item);
      open.push(item);
    }
    return root;
  },
};

function readSetting(line: Line, root: Switch, item: Item | undefined): void {
  const [, key = '', value = ''] = partsOf(/^\s+(\w+): (.+)$/, line.text);
  if (key === 'ovs_version') root.ovs_version = unquote(value);
  else if (key === '' || item === undefined) stop('ovs_vsctl', line);
  else item[key] = readValue(value);
}

function readValue(text: string): unknown {
  const map = /^\{(.*)\}$/.exec(text)?.[1];
  if (map !== undefined) return readMap(map);
  const list = /^\[(.*)\]$/.exec(text)?.[1];
  if (list !== undefined) return list === '' ? [] : list.split(/, ?/).map((item) => readValue(item));
  return text === 'true' ? true : text === 'false' ? false : (toNumber(text) ?? unquote(text));
}

/** `{key=flow, remote_ip="10.0.0.2"}`: a quoted value may hold commas. Values are texts, as in the database. */
function readMap(text: string): Record<string, string> {
  const pairs = text.matchAll(/([^\s=,]+)=("(?:[^"\\]|\\.)*"|[^,]*)/g);
  return Object.fromEntries([...pairs].map(([, key = '', value = '']) => [key, unquote(value)]));
}

function unquote(text: string): string {
  return /^".*"$/.test(text) ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}
