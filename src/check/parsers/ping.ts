import { isIP } from 'node:net';
import { UnreadableError } from '../../errors.ts';
import { number, type Response, readQuoted, readResponse } from './ping_response.ts';
import { partsOf } from './reading.ts';
import type { Parser } from './types.ts';

interface Ping {
  destination_ip: string | null;
  /** As it was written; a name can be empty. */
  destination: string | null;
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

const sizes = /(\d+)(?:\(\d+\))? (?:data bytes|bytes of data)/;
const transmitted = /^\d+ packets transmitted, /;
const roundTrip = /^(?:rtt|round-trip) min\/avg\/max(?:\/(?:mdev|stddev|std-dev))? = ([\d.,/]+|nan\S*) ms/;
/** A route or times that were recorded (`-R`, `-T`), a packet's bytes, what it says when asked for its state so far. */
const recorded =
  /^(?:(?:RR|TS): ?\t|\t+(?:\S+ \()?[\da-fA-F(]|Unrecorded hops: \d|Wrong timestamp \d|icmp_[ort]time = |IP Hdr Dump:|(?: [\da-f]{4})+$|ICMP6?: type|\r?\d+\/\d+ packets, \d+% loss)/;
/** A flood prints a dot for each packet and takes it back with its answer; an `E` stands for an error. */
const flood = /^(?:\^C|[.E \b]*)$/;
const quotedHeader = /^Vr HL TOS\s+Len\s+ID\s+Flg\s+off\s+TTL\s+Pro\s+cks\s+Src\s+Dst/;

/**
 * iputils, inetutils, BusyBox and BSD/macOS ping. Lines before `PING` are others' output, and so are those between that
 * do not begin like one of ping's. Without a summary the text is unreadable.
 */
export const ping: Parser = {
  kind: 'ping',
  parse(text: string): Ping {
    // A terminal shows the key that ended it where the cursor was, and a flood's dots stand in a line that is not over.
    const lines = text.split('\n').map((line) => line.trimEnd().replace(/^(?:\^C|[.E\b ]+)(?=--- )/, ''));
    const stop = (index: number): never => {
      throw new UnreadableError('ping', index + 1, lines[index] ?? '');
    };
    const firstText = Math.max(
      0,
      lines.findIndex((line) => line !== ''),
    );
    const start = lines.findIndex((line) => /^PING6?[ (]/.test(line));
    if (start === -1) stop(firstText);
    const summary = lines.findIndex((line, index) => index > start && /^--- .* ping6? statistics ---$/.test(line));
    if (summary === -1) stop(lastText(lines));
    const result = readHeader(lines[start] ?? '');
    const pattern = lines.slice(0, start).find((line) => line.startsWith('PATTERN: '));
    result.pattern = pattern?.slice('PATTERN: '.length) ?? null;
    result.destination = /^--- (.+) ping6? statistics ---$/.exec(lines[summary] ?? '')?.[1] ?? null;
    for (let index = start + 1; index < summary; index += 1) {
      const line = lines[index] ?? '';
      if (/^PING6?[ (]/.test(line)) stop(index);
      if (flood.test(line) || recorded.test(line)) continue;
      if (quotedHeader.test(line)) {
        index += 1;
        readQuoted(lines[index] ?? '', result.responses.at(-1));
      } else {
        const response = readResponse(line);
        if (response) result.responses.push(response);
      }
    }
    for (let index = summary + 1; index < lines.length; index += 1) {
      const line = lines[index] ?? '';
      if (transmitted.test(line)) readSummary(line, result);
      else if (roundTrip.test(line)) readRoundTrip(line, result);
      else if (line !== '' && !/^(?:pipe \d+|, ?pipe.*|ipg\/ewma .*)$/.test(line)) stop(index);
    }
    markDuplicates(result);
    if (result.packets_transmitted === null || result.packets_received === null) stop(lastText(lines));
    return result;
  },
};

/** macOS counts the answers of further hosts as duplicates, but does not mark them. */
function markDuplicates({ duplicates, responses }: Ping): void {
  if (duplicates === 0 || responses.some(({ duplicate }) => duplicate)) return;
  const seen = new Set<number>();
  for (const response of responses) {
    if (response.type !== 'reply' || response.icmp_seq === null) continue;
    response.duplicate = seen.has(response.icmp_seq);
    seen.add(response.icmp_seq);
  }
}

function lastText(lines: readonly string[]): number {
  return Math.max(
    0,
    lines.findLastIndex((line) => line !== ''),
  );
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
    destination: null,
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

function readSummary(line: string, result: Ping): void {
  for (const part of line.split(/,(?!\d) ?/)) {
    const [, amount, what = ''] = partsOf(/^\+?(\d+(?:[.,]\d+)?)(?:e[+-]\d+)?(.*)$/, part);
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
