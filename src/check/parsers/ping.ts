import { isIP } from 'node:net';
import { UnreadableError } from '../../errors.ts';
import type { Parser } from './types.ts';

interface Ping {
  destination_ip: string | null;
  destination: string;
  source_ip: string | null;
  data_bytes: number | null;
  pattern: string | null;
  packets_transmitted: number | null;
  packets_received: number | null;
  packet_loss_percent: number | null;
  duplicates: number;
  errors: number;
  corrupted: number;
  time_ms: number | null;
  round_trip_ms_min: number | null;
  round_trip_ms_avg: number | null;
  round_trip_ms_max: number | null;
  round_trip_ms_stddev: number | null;
  responses: Response[];
}

interface Response {
  type: string;
  timestamp: number | null;
  bytes: number | null;
  response_ip: string | null;
  icmp_seq: number | null;
  ttl: number | null;
  time_ms: number | null;
  duplicate: boolean;
  [field: string]: unknown;
}

const stamp = /^\[(\d+(?:\.\d+)?)\] /;
const sizes = /(\d+)(?:\(\d+\))? (?:data bytes|bytes of data)/;
const reply =
  /^(\d+) bytes from (.+?)[:,] (?:(?:icmp_)?seq|icmp_req)=(\d+)(?: identifier=\d+)?(?:,? (?:ttl|hlim)=(\d+))?(?:,? time[=<](\d+(?:[.,]\d+)?) ?ms)?(.*)$/;
const unanswered = /^(?:no answer yet for icmp_seq=|Request timeout for icmp_seq )(\d+)$/;
const iputilsError = /^From (.+?):? icmp_seq=(\d+) (.+)$/;
const bsdError = /^(\d+) bytes from (.+?): ([A-Z].+)$/;
const transmitted = /^\d+ packets transmitted, /;
const roundTrip = /^(?:rtt|round-trip) min\/avg\/max(?:\/(?:mdev|stddev|std-dev))? = ([\d.,/]+|nan\S*) ms/;
const quotedHeader = /^Vr HL TOS +Len +ID +Flg +off +TTL +Pro +cks +Src +Dst/;
const quotedFields = ['vr', 'hl', 'tos', 'len', 'id', 'flg', 'off', 'ttl', 'pro', 'cks'];

/**
 * iputils, BusyBox and BSD/macOS ping. Lines before `PING` are others' output; a line between that is none of ping's
 * own is a response of type `unparsable_line`, as in jc. Without a summary the text is unreadable.
 */
export const ping: Parser = {
  kind: 'ping',
  parse(text: string): Ping {
    // A terminal shows the key that ended it where the cursor was.
    const lines = text.split('\n').map((line) => line.trimEnd().replace(/^\^C(?=---)/, ''));
    const stop = (index: number): never => {
      throw new UnreadableError('ping', index + 1, lines[index] ?? '');
    };
    const firstText = Math.max(
      0,
      lines.findIndex((line) => line !== ''),
    );
    const start = lines.findIndex((line) => /^PING6?[ (]/.test(line));
    if (start === -1) stop(firstText);
    const summary = lines.findIndex((line, index) => index > start && /^--- .+ ping6? statistics ---$/.test(line));
    if (summary === -1) stop(lastText(lines));
    const result = readHeader(lines[start] ?? '');
    const pattern = lines.slice(0, start).find((line) => line.startsWith('PATTERN: '));
    result.pattern = pattern?.slice('PATTERN: '.length) ?? null;
    result.destination = /^--- (.+) ping6? statistics ---$/.exec(lines[summary] ?? '')?.[1] ?? '';
    for (let index = start + 1; index < summary; index += 1) {
      const line = lines[index] ?? '';
      if (/^PING6?[ (]/.test(line)) stop(index);
      // A flood prints a dot for each packet that was not answered.
      if (/^(?:\^C|\.+)?$/.test(line)) continue;
      if (quotedHeader.test(line)) {
        index += 1;
        readQuoted(lines[index] ?? '', result.responses.at(-1));
      } else result.responses.push(readResponse(line));
    }
    for (let index = summary + 1; index < lines.length; index += 1) {
      const line = lines[index] ?? '';
      if (transmitted.test(line)) readSummary(line, result);
      else if (roundTrip.test(line)) readRoundTrip(line, result);
      else if (line !== '' && !/^(?:pipe \d+|, ?pipe.*|ipg\/ewma .*)$/.test(line)) stop(index);
    }
    if (result.packets_transmitted === null || result.packets_received === null) stop(lastText(lines));
    return result;
  },
};

function lastText(lines: readonly string[]): number {
  return Math.max(
    0,
    lines.findLastIndex((line) => line !== ''),
  );
}

/** Some languages write a comma where others write the decimal point. */
function number(text: string | undefined): number | null {
  const value = Number(text?.replace(',', '.'));
  return text === undefined || text === '' || Number.isNaN(value) ? null : value;
}

function isAddress(text: string): boolean {
  return isIP(text) !== 0;
}

function readHeader(line: string): Ping {
  const bsd6 = /^PING6?\((\d+)=[\d+]+ bytes\) (\S+) --> (\S+)/.exec(line);
  const addresses = [...line.matchAll(/\(([^()\s]+)\)/g)].map((match) => match[1] ?? '').filter(isAddress);
  const source = / from (\S+?):? (?:\S+: )?\d+(?:\(\d+\))? (?:data bytes|bytes of data)/.exec(line)?.[1];
  return {
    destination_ip: bsd6?.[3] ?? addresses.at(-1) ?? null,
    destination: '',
    source_ip: bsd6?.[2] ?? source ?? null,
    data_bytes: number(bsd6?.[1] ?? sizes.exec(line)?.[1]),
    pattern: null,
    packets_transmitted: null,
    packets_received: null,
    packet_loss_percent: null,
    duplicates: 0,
    errors: 0,
    corrupted: 0,
    time_ms: null,
    round_trip_ms_min: null,
    round_trip_ms_avg: null,
    round_trip_ms_max: null,
    round_trip_ms_stddev: null,
    responses: [],
  };
}

function readResponse(whole: string): Response {
  const line = whole.replace(stamp, '');
  const base: Response = {
    type: 'unparsable_line',
    timestamp: number(stamp.exec(whole)?.[1]),
    bytes: null,
    response_ip: null,
    icmp_seq: null,
    ttl: null,
    time_ms: null,
    duplicate: false,
  };
  const [, bytes, from, seq, ttl, time, rest = ''] = reply.exec(line) ?? [];
  if (from !== undefined) {
    return {
      ...base,
      type: 'reply',
      bytes: number(bytes),
      response_ip: responder(from),
      icmp_seq: number(seq),
      ttl: number(ttl),
      time_ms: number(time),
      duplicate: rest.includes('DUP!'),
    };
  }
  const timeout = unanswered.exec(line);
  if (timeout) return { ...base, type: 'timeout', icmp_seq: number(timeout[1]) };
  const error = iputilsError.exec(line);
  if (error) {
    const [, host = '', icmpSeq, message = ''] = error;
    return { ...base, type: errorType(message), response_ip: responder(host), icmp_seq: number(icmpSeq) };
  }
  const bsd = bsdError.exec(line);
  if (bsd)
    return { ...base, type: errorType(bsd[3] ?? ''), bytes: number(bsd[1]), response_ip: responder(bsd[2] ?? '') };
  return { ...base, unparsed_line: whole };
}

/** `name (address)` or the address alone. */
function responder(text: string): string {
  return /\(([^()]+)\)$/.exec(text)?.[1] ?? text;
}

/** jc's names: the message in snake case, what a redirect says about its next hop left out. */
function errorType(message: string): string {
  return message
    .replace(/\(.*/, '')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '_')
    .replace(/^_|_$/g, '');
}

/** BSD shows the header of the packet that an error is about: hexadecimal but for the addresses. */
function readQuoted(line: string, response: Response | undefined): void {
  const values = line.trim().split(/\s+/);
  if (response === undefined || values.length < quotedFields.length) return;
  for (const [index, field] of quotedFields.entries()) response[field] = Number.parseInt(values[index] ?? '', 16);
  response['src'] = values[10] ?? null;
  response['dst'] = values[11] ?? null;
}

function readSummary(line: string, result: Ping): void {
  for (const part of line.split(/,(?!\d) ?/)) {
    const [, amount, what = ''] = /^\+?(\d+(?:[.,]\d+)?)(?:e[+-]\d+)?(.*)$/.exec(part) ?? [];
    const value = number(amount);
    if (/^ packets transmitted$/.test(what)) result.packets_transmitted = value;
    else if (/^ (?:packets )?received$/.test(what)) result.packets_received = value;
    else if (what.startsWith('% packet loss')) result.packet_loss_percent = value;
    else if (what === ' duplicates') result.duplicates = value ?? 0;
    else if (what === ' errors') result.errors = value ?? 0;
    else if (what === ' corrupted') result.corrupted = value ?? 0;
    else if (/^time \d+ms$/.test(part)) result.time_ms = number(part.slice(5, -2));
  }
}

function readRoundTrip(line: string, result: Ping): void {
  const [min, avg, max, deviation] = (roundTrip.exec(line)?.[1] ?? '').split('/');
  result.round_trip_ms_min = number(min);
  result.round_trip_ms_avg = number(avg);
  result.round_trip_ms_max = number(max);
  result.round_trip_ms_stddev = number(deviation);
}
