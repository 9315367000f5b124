import { UnreadableError } from '../../errors.ts';
import { partsOf } from './reading.ts';
import type { Parser } from './types.ts';

interface Answer {
  readonly name: string;
  readonly type: string;
  readonly data: string;
}

interface Nslookup {
  server: string | null;
  address: string | null;
  port: number | null;
  /** `null` when there is no answer that could be. */
  authoritative: boolean | null;
  /** As dig's: `NOERROR`, `NXDOMAIN`, …; `TIMEOUT` when no server answered. */
  status: string;
  /** `null` when no server answered: nobody knows then what the answers are. */
  answers: Answer[] | null;
}

const records: readonly (readonly [RegExp, string])[] = [
  [/^(\S+)\s+canonical name = (.+)$/, 'CNAME'],
  [/^(\S+)\s+mail exchanger = (.+)$/, 'MX'],
  [/^(\S+)\s+nameserver = (.+)$/, 'NS'],
  [/^(\S+)\s+name = (.+)$/, 'PTR'],
  [/^(\S+)\s+text = (.+)$/, 'TXT'],
  [/^(\S+)\s+service = (.+)$/, 'SRV'],
  [/^(\S+)\s+has AAAA address (.+)$/, 'AAAA'],
];

/**
 * nslookup of BIND and BusyBox, also before 1.28. What the two questions (A and AAAA) both say is kept once; names
 * have no dot at their end; the authority section is left out.
 */
export const nslookup: Parser = {
  kind: 'nslookup',
  parse(text: string): Nslookup {
    const lines = text.split('\n').map((line) => line.trimEnd());
    const timedOut = lines.findIndex((line) => /^;; (?:connection timed out|no servers could be reached)/.test(line));
    const result: Nslookup = {
      server: null,
      address: null,
      port: null,
      authoritative: null,
      status: 'NOERROR',
      answers: [],
    };
    if (timedOut !== -1) return { ...result, status: 'TIMEOUT', answers: null };
    readLines(lines, result);
    if (result.answers?.length) {
      result.authoritative ??= true;
      // One of the two questions was answered: the name is there.
      result.status = 'NOERROR';
    }
    return result;
  },
};

function readLines(lines: readonly string[], result: Nslookup): void {
  const stop = (index: number): never => {
    throw new UnreadableError('nslookup', index + 1, lines[index] ?? '');
  };
  let name: string | undefined;
  let soa: string | undefined;
  let says = 0;
  /** With -debug the messages are shown, too, each between two lines. */
  let isMessage = false;
  let isAnswered = false;
  for (const [index, line] of lines.entries()) {
    if (/^Authoritative answers can be found from:/.test(line)) break;
    if (/^-{12}$/.test(line)) isMessage = !isMessage;
    if (line === '' || isMessage || /^(?:;; |-{12}$|Query #\d+ completed in \d+ms:$)/.test(line)) continue;
    says = index;
    const failure = /^\*\* server can't find .+: ([A-Z]+|\d+)$/.exec(line);
    const record = records.map(([pattern, type]) => ({ type, match: pattern.exec(line) })).find(({ match }) => match);
    const address = /^Address(?:es)?(?: \d+)?:\s*(\S+)/.exec(line)?.[1];
    if (/^Server:\s*\S/.test(line)) result.server = line.replace(/^Server:\s*/, '');
    else if (failure) {
      result.status = failure[1] ?? '';
      isAnswered = true;
    } else if (/^\*\*\* Can't find .+: No answer$/.test(line)) isAnswered = true;
    else if (/^Non-authoritative answer:$/.test(line)) result.authoritative = false;
    else if (/^authoritative answer:$/.test(line)) result.authoritative ??= true;
    else if (record?.match) add(result, record.match[1] ?? '', record.type, record.match[2] ?? '');
    else if (/^Name:\s*\S/.test(line)) name = line.replace(/^Name:\s*/, '');
    else if (address !== undefined && name !== undefined)
      add(result, name, address.includes(':') ? 'AAAA' : 'A', address);
    else if (address !== undefined && result.server !== null) {
      readServer(result, address);
      // BusyBox tells the server once it has answered, and nothing more if there is no such record.
      isAnswered ||= /^(?:\[.+\]|[\d.]+):\d+$/.test(address);
    } else if (/^\S+$/.test(line) && /^\s+origin = /.test(lines[index + 1] ?? '')) soa = line;
    else if (soa !== undefined && /^\s+(?:origin|mail addr|serial|refresh|retry|expire|minimum) = /.test(line)) {
      if (/^\s+origin/.test(line)) add(result, soa, 'SOA', readSoa(lines, index));
    } else stop(index);
  }
  // The server alone is where a text was cut. BIND does not tell it when it is asked for the name of an address.
  if (!isAnswered && !result.answers?.length) stop(says);
}

/** dig's way: the seven values of the record in one line. */
function readSoa(lines: readonly string[], from: number): string {
  return lines
    .slice(from, from + 7)
    .map((line) => hostName(line.replace(/^.* = /, '')))
    .join(' ');
}

/** BIND writes `address#port`, BusyBox `address:port` with brackets around IPv6. */
function readServer(result: Nslookup, text: string): void {
  const [, bracketed, v4, other, port] = partsOf(/^(?:\[(.+)\]:|([\d.]+):|(.+)#)(\d+)$/, text);
  result.address = bracketed ?? v4 ?? other ?? text;
  result.port = port === undefined ? null : Number(port);
}

function hostName(text: string): string {
  return text.length > 1 && !text.startsWith('"') ? text.replace(/\.$/, '') : text;
}

function add(result: Nslookup, owner: string, type: string, text: string): void {
  const name = hostName(owner);
  const data = hostName(text);
  const known = result.answers?.some((answer) => answer.name === name && answer.type === type && answer.data === data);
  if (!known) result.answers?.push({ name, type, data });
}
