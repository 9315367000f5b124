import { readAddress, readLifetime } from './ip_address_line.ts';
import { readBrief } from './ip_brief.ts';
import { type Interface, linkOf } from './ip_interface.ts';
import { readKind } from './ip_kind.ts';
import { readStatistics } from './ip_statistics.ts';
import { looksLikeJson, readObjects } from './json_text.ts';
import { type Line, partsOf, readLines, stop, toNumber, words } from './reading.ts';

const header = /^(\d+): ([^\s:@]\S*?)(?:@(\S+?))?: <([^>]*)>(.*)$/;
const oneAddress = /^(\d+): (\S+)\s+(inet6? .*)$/;

/** Keywords of the first two lines of an interface, and their names in JSON. */
const fields: Readonly<Record<string, string>> = {
  mtu: 'mtu',
  qdisc: 'qdisc',
  master: 'master',
  state: 'operstate',
  mode: 'linkmode',
  group: 'group',
  qlen: 'txqlen',
  'link-netnsid': 'link_netnsid',
  'link-netns': 'link_netns',
  promiscuity: 'promiscuity',
  allmulti: 'allmulti',
  minmtu: 'min_mtu',
  maxmtu: 'max_mtu',
  addrgenmode: 'inet6_addr_gen_mode',
  numtxqueues: 'num_tx_queues',
  numrxqueues: 'num_rx_queues',
  gso_max_size: 'gso_max_size',
  gso_max_segs: 'gso_max_segs',
  tso_max_size: 'tso_max_size',
  tso_max_segs: 'tso_max_segs',
  gro_max_size: 'gro_max_size',
  gso_ipv4_max_size: 'gso_ipv4_max_size',
  gro_ipv4_max_size: 'gro_ipv4_max_size',
  portname: 'phys_port_name',
  portid: 'phys_port_id',
  switchid: 'phys_switch_id',
  parentbus: 'parentbus',
  parentdev: 'parentdev',
  permaddr: 'permaddr',
  vrf: 'vrf',
};
const texts = new Set(['qdisc', 'master', 'group', 'link_netns', 'phys_port_name', 'phys_port_id', 'parentdev', 'vrf']);

/**
 * `ip addr` and `ip link`, also with `-d`, `-s`, `-o` and `-br`, of iproute2 and BusyBox; `-j` as it is, but for the empty
 * objects that old versions leave where a filter left an interface out. An empty text is unreadable.
 */
export function readInterfaces(kind: string, text: string): readonly Interface[] {
  if (looksLikeJson(text)) return fromJson(kind, text);
  const [first, ...rest] = readLines(kind, text);
  if (!/^\d+:\s/.test(first.text)) return [first, ...rest].map((line) => readBrief(kind, line));
  const interfaces: Interface[] = [];
  /** The heading of an interface about which nothing more was said yet: the text may end there. */
  let bare: Line | undefined;
  let statistics: Line | undefined;
  for (const whole of [first, ...rest]) {
    // With -o an interface is one line, in which a backslash stands for each line's end.
    for (const text of whole.text.split('\\')) {
      const line = { number: whole.number, text: text.trimEnd() };
      const current = interfaces.at(-1);
      if (line.text === '') continue;
      if (statistics && current) {
        readStatistics(kind, statistics, line, current);
        statistics = undefined;
      } else if (/^\s+[RT]X(?::| errors:)/.test(line.text) && current) statistics = line;
      else if (/^\s/.test(line.text) && current) {
        readDetail(kind, line, current);
        bare = undefined;
      } else {
        if (bare) stop(kind, bare);
        bare = readHeading(kind, line, interfaces) ? line : undefined;
      }
    }
  }
  const cut = bare ?? statistics;
  if (cut) stop(kind, cut);
  return interfaces;
}

function fromJson(kind: string, text: string): readonly Interface[] {
  return readObjects(kind, text)
    .filter((item) => Object.keys(item).length > 0)
    .map((item) => {
      const { ifname } = item;
      if (typeof ifname !== 'string') return stop(kind, { number: 1, text: text.trim().split('\n', 1)[0] ?? '' });
      return { ...item, ifname };
    });
}

/** Adds the interface that a line begins; `false` when the line is an address of one, as `ip -o addr` prints. */
function readHeading(kind: string, line: Line, interfaces: Interface[]): boolean {
  const [, index = '', name = '', link, flags = '', rest = ''] = partsOf(header, line.text);
  if (name !== '') {
    const item: Interface = {
      ifindex: Number(index),
      ...linkOf(link),
      ifname: name,
      flags: flags.split(',').filter(Boolean),
    };
    readFields(words(rest), item);
    if (item['mtu'] === undefined) stop(kind, line);
    interfaces.push(item);
    return true;
  }
  const [, ofIndex = '', ofName = '', address = ''] = partsOf(oneAddress, line.text);
  if (ofName === '') stop(kind, line);
  const current = interfaces.at(-1);
  const same = current?.ifindex === Number(ofIndex) ? current : undefined;
  const item: Interface = same ?? { ifindex: Number(ofIndex), ifname: ofName };
  if (same === undefined) interfaces.push(item);
  readAddress(kind, { number: line.number, text: address }, item);
  return false;
}

function readFields(tokens: readonly string[], to: Interface): void {
  for (const [at, token] of tokens.entries()) {
    const field = Object.hasOwn(fields, token) ? fields[token] : undefined;
    const value = tokens[at + 1];
    if (field === undefined || value === undefined) continue;
    to[field] = texts.has(field) ? value : (toNumber(value) ?? value);
  }
}

function readDetail(kind: string, line: Line, to: Interface): void {
  const tokens = words(line.text);
  const [first = '', second] = tokens;
  if (first.startsWith('link/')) readLink(tokens, to);
  else if (first === 'inet' || first === 'inet6') readAddress(kind, line, to);
  else if (first === 'valid_lft') readLifetime(kind, line, to);
  else if (first === 'alias') to['ifalias'] = line.text.trim().slice('alias '.length);
  else if (first === 'altname') to['altnames'] = [...((to['altnames'] as string[] | undefined) ?? []), second ?? ''];
  // Of virtual functions and programs there is nothing in this structure.
  else if (first !== 'vf' && !first.startsWith('prog/')) {
    if (!/^[a-z][\w.-]*$/.test(first)) stop(kind, line);
    // The interface's own settings go on behind those of its kind, some of whose words are the same.
    const own = tokens.findIndex((token) =>
      /^(?:addrgenmode|numtxqueues|portname|portid|switchid|parentbus)$/.test(token),
    );
    readKind(own === -1 ? tokens : tokens.slice(0, own), to);
    if (own !== -1) readFields(tokens.slice(own), to);
  }
}

function readLink([first = '', ...rest]: readonly string[], to: Interface): void {
  to['link_type'] = first.slice('link/'.length);
  const [address, relation, other] = rest;
  // A link without addresses goes on with its settings.
  if (address !== undefined && !Object.hasOwn(fields, address)) {
    to['address'] = address;
    if (relation === 'peer') to['link_pointtopoint'] = true;
    if ((relation === 'brd' || relation === 'peer') && other !== undefined) to['broadcast'] = other;
  }
  readFields(rest, to);
}
