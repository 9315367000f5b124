import { UnreadableError } from '../../errors.ts';
import { type BsdDetails, readBsdLine } from './ifconfig_bsd.ts';
import { partsOf } from './reading.ts';
import type { Parser } from './types.ts';

interface Interface extends BsdDetails {
  name: string;
  flags: number | null;
  /** As in jc, `null` when there are no flags. */
  state: string[] | null;
  mtu: number | null;
  type: string | null;
  mac_addr: string | null;
  ipv4_addr: string | null;
  ipv4_mask: string | null;
  ipv4_bcast: string | null;
  ipv6_addr: string | null;
  ipv6_mask: number | null;
  ipv6_scope: string | null;
  ipv6_scope_id: string | null;
  ipv6_type: string | null;
  metric: number | null;
  rx_packets: number | null;
  rx_bytes: number | null;
  rx_errors: number | null;
  rx_dropped: number | null;
  rx_overruns: number | null;
  rx_frame: number | null;
  tx_packets: number | null;
  tx_bytes: number | null;
  tx_errors: number | null;
  tx_dropped: number | null;
  tx_overruns: number | null;
  tx_carrier: number | null;
  tx_collisions: number | null;
  status: string | null;
  media: string | null;
  ipv4: Ipv4[];
  ipv6: Ipv6[];
}

interface Ipv4 {
  readonly address: string;
  readonly mask: string | null;
  readonly broadcast: string | null;
}

interface Ipv6 {
  readonly address: string;
  readonly scope_id: string | null;
  readonly mask: number | null;
  readonly scope: string | null;
  readonly type: string | null;
}

const header = /^(\S+?):\s+flags=([\da-f]+)(?:,[\da-f]+)?<([^>]*)>(?:\s+metric (\d+))?(?:\s+mtu (\d+))?/;
const oldHeader = /^(\S+)\s+Link encap:(\S+(?: \S+)*)(?:\s+HWaddr (\S+))?$/;
const oldState = /^\s+((?:[A-Z\d]+ +)*|\[NO FLAGS\] +) ?MTU:(\d+)\s+Metric:(\d+)/;

/**
 * net-tools (both generations), BusyBox and BSD ifconfig. As in jc, the flat `ipv4_…` and `ipv6_…` fields hold the
 * last address of each family; `ipv4` and `ipv6` hold all. Indented lines that say something else are passed over.
 */
export const ifconfig: Parser = {
  kind: 'ifconfig',
  parse(text: string): readonly Interface[] {
    const interfaces: Interface[] = [];
    for (const [index, line] of text.split('\n').entries()) {
      if (line.trim() === '') continue;
      const current = interfaces.at(-1);
      if (/^\s/.test(line) && current) {
        readAddress(line, current);
        readCounters(line, current);
        readLink(line, current);
        readBsdLine(line, current);
        continue;
      }
      const next = readHeader(line);
      if (next === undefined) throw new UnreadableError('ifconfig', index + 1, line);
      interfaces.push(next);
    }
    if (interfaces.length === 0) throw new UnreadableError('ifconfig', 1, text);
    return interfaces;
  },
};

function readHeader(line: string): Interface | undefined {
  const [, name, flags = '', state = '', metric, mtu] = partsOf(header, line);
  if (name !== undefined) {
    const value = /^\d+$/.test(flags) ? Number(flags) : Number.parseInt(flags, 16);
    return {
      ...blank(name),
      flags: value,
      state: flagNames(state.split(',')),
      metric: number(metric),
      mtu: number(mtu),
    };
  }
  const [, oldName, type = null, mac = null] = partsOf(oldHeader, line.trimEnd());
  return oldName === undefined ? undefined : { ...blank(oldName), type, mac_addr: mac };
}

function flagNames(texts: readonly string[]): string[] | null {
  const names = texts.filter(Boolean);
  return names.length === 0 ? null : names;
}

function readAddress(line: string, to: Interface): void {
  const [, v4, length, rest = ''] = partsOf(/^\s+inet (?:addr:\s*)?(\d+\.\d+\.\d+\.\d+)(?:\/(\d+))?(.*)$/, line);
  if (v4 !== undefined) {
    const mask = length === undefined ? /(?:netmask |Mask:)(\S+)/.exec(rest)?.[1] : maskOf(Number(length));
    const broadcast = /(?:broadcast |Bcast:)(\S+)/.exec(rest)?.[1] ?? null;
    const address = { address: v4, mask: mask === undefined ? null : dotted(mask), broadcast };
    to.ipv4.push(address);
    Object.assign(to, { ipv4_addr: v4, ipv4_mask: address.mask, ipv4_bcast: broadcast });
  }
  const [, v6, zone = null, slash, more = ''] = partsOf(
    /^\s+inet6 (?:addr: ?)?([\da-fA-F:.]+)(?:%([^\s/]+))?(?:\/(\d+))?(.*)$/,
    line,
  );
  if (v6 !== undefined) {
    const mask = number(slash ?? /prefixlen (\d+)/.exec(more)?.[1]);
    const [, scope = null, type = null] = partsOf(/(?:scopeid |Scope:)([^\s<]+)(?:<([^>]*)>)?/, more);
    to.ipv6.push({ address: v6, scope_id: zone, mask, scope, type });
    Object.assign(to, { ipv6_addr: v6, ipv6_mask: mask, ipv6_scope: scope, ipv6_scope_id: zone, ipv6_type: type });
  }
}

function readCounters(line: string, to: Interface): void {
  const [, direction] = partsOf(/^\s+([RT]X) (?:packets|errors|bytes)/, line);
  const collisions = /collisions[: ](\d+)/.exec(line)?.[1];
  if (collisions !== undefined) to.tx_collisions = Number(collisions);
  if (direction === undefined) return;
  // The old form has both directions' bytes in one line.
  for (const part of line.split(/(?=\bTX bytes)/)) {
    const prefix = part.trimStart().slice(0, 2).toLowerCase();
    for (const [, field = '', value = ''] of part.matchAll(
      /\b(packets|bytes|errors|dropped|overruns|frame|carrier)[: ](\d+)/g,
    )) {
      Object.assign(to, { [`${prefix}_${field}`]: Number(value) });
    }
  }
}

function readLink(line: string, to: Interface): void {
  const [, state, mtu, metric] = partsOf(oldState, line);
  if (mtu !== undefined) {
    to.state = (state ?? '').includes('[') ? null : flagNames((state ?? '').split(/ +/));
    to.mtu = Number(mtu);
    to.metric = number(metric);
  }
  const queue = /^\s+(\S+)(?:\s+([\da-fA-F:-]+))?\s+txqueuelen \d+\s+\((.+)\)/.exec(line);
  if (queue) {
    to.mac_addr = queue[2] ?? null;
    to.type = queue[3] ?? null;
  }
  to.mac_addr =
    /^\s+(?:ether|lladdr|address:) ?([\da-fA-F]{1,2}(?::[\da-fA-F]{1,2}){5})\b/.exec(line)?.[1] ?? to.mac_addr;
  to.status = /^\s+status: (.+)$/.exec(line)?.[1] ?? to.status;
}

/** The mask of a network's length, as hexadecimal digits. */
function maskOf(length: number): string {
  const bits = length <= 0 ? 0 : (0xffffffff << (32 - Math.min(length, 32))) >>> 0;
  return `0x${bits.toString(16).padStart(8, '0')}`;
}

/** BSD writes masks as `0xffffff00`. */
function dotted(mask: string): string {
  if (!/^0x[\da-f]{8}$/i.test(mask)) return mask;
  return [2, 4, 6, 8].map((at) => Number.parseInt(mask.slice(at, at + 2), 16)).join('.');
}

function number(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}

function blank(name: string): Interface {
  return {
    name,
    flags: null,
    state: null,
    mtu: null,
    type: null,
    mac_addr: null,
    ipv4_addr: null,
    ipv4_mask: null,
    ipv4_bcast: null,
    ipv6_addr: null,
    ipv6_mask: null,
    ipv6_scope: null,
    ipv6_scope_id: null,
    ipv6_type: null,
    metric: null,
    rx_packets: null,
    rx_bytes: null,
    rx_errors: null,
    rx_dropped: null,
    rx_overruns: null,
    rx_frame: null,
    tx_packets: null,
    tx_bytes: null,
    tx_errors: null,
    tx_dropped: null,
    tx_overruns: null,
    tx_carrier: null,
    tx_collisions: null,
    status: null,
    media: null,
    ipv4: [],
    ipv6: [],
  };
}
