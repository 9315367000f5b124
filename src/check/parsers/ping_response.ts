import { errorType } from './ping_errors.ts';
import { partsOf } from './reading.ts';

/** One line between the header and the summary; jc's names. */
export interface Response {
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
const reply =
  /^(\d+) bytes from (.+?)[:,] (?:(?:icmp_)?seq|icmp_req)=(\d+)(?: ident(?:ifier)?=\d+)?(?:,? (?:ttl|hlim)=(\d+))?(?:,? time[=<](\d+(?:[.,]\d+)?) ?ms)?(.*)$/;
const unanswered = /^(?:no answer yet for icmp_seq=|Request timeout for icmp_seq )(\d+)$/;
const iputilsError = /^From (.+?):? icmp_seq=(\d+) (.+)$/;
const bsdError = /^(\d+) bytes from (.+?): ([A-Za-z].+)$/;
const quotedFields = ['vr', 'hl', 'tos', 'len', 'id', 'flg', 'off', 'ttl', 'pro', 'cks'];

/** Some languages write a comma where others write the decimal point. */
export function number(text: string | undefined): number | null {
  const value = Number(text?.replace(',', '.'));
  return text === undefined || text === '' || Number.isNaN(value) ? null : value;
}

/** Lines of ping's own, whatever they say. */
const own = /^(?:\d+ bytes from |From .+ icmp_seq=\d|ping6?: )/;

/**
 * Reads a line that is an answer, an error or a time-out. As in jc, one that begins like these and says something else is
 * of type `unparsable_line`, and what others printed is passed over.
 */
export function readResponse(whole: string): Response | undefined {
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
  const [, bytes, from, seq, ttl, time, rest = ''] = partsOf(reply, line);
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
  const type = errorType(error?.[3] ?? '');
  if (error && type !== undefined) {
    const [, host = '', icmpSeq] = error;
    return { ...base, type, response_ip: responder(host), icmp_seq: number(icmpSeq) };
  }
  const local = errorType(/^ping6?: local error: (.+)$/.exec(line)?.[1] ?? '');
  if (local !== undefined) return { ...base, type: local };
  const bsd = bsdError.exec(line);
  const bsdType = errorType(bsd?.[3] ?? '');
  if (bsd && bsdType !== undefined)
    return { ...base, type: bsdType, bytes: number(bsd[1]), response_ip: responder(bsd[2] ?? '') };
  return own.test(line) ? { ...base, unparsed_line: whole } : undefined;
}

/** `name (address)` or the address alone. */
function responder(text: string): string {
  return /\(([^()]+)\)$/.exec(text)?.[1] ?? text;
}

/** BSD shows the header of the packet that an error is about: hexadecimal but for the addresses. */
export function readQuoted(line: string, response: Response | undefined): void {
  const values = line.trim().split(/\s+/);
  if (response === undefined || response.type === 'unparsable_line' || values.length < quotedFields.length) return;
  for (const [index, field] of quotedFields.entries()) response[field] = Number.parseInt(values[index] ?? '', 16);
  response['src'] = values[10] ?? null;
  response['dst'] = values[11] ?? null;
}
