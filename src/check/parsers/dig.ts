import { readPseudosection } from './dig_edns.ts';
import { joinRecords, type Record as Resource, readRecord } from './dig_record.ts';
import { type Line, partsOf, readLines, stop, toNumber } from './reading.ts';
import type { Parser } from './types.ts';

/** One answer of a server; of `+noall +answer` there is `answer` only, of a transfer `axfr` and what is said at its end. */
interface Answer {
  [field: string]: unknown;
}

interface Section {
  readonly name: string;
  readonly line: Line;
}

const heading = /^;; (QUESTION|ANSWER|AUTHORITY|ADDITIONAL) SECTION:$/;
const header = /^;; ->>HEADER<<- opcode: (\S+), status: (\S+), id: (\d+)$/;
const counts = /^;; flags:(.*?); (?:MBZ: \S+; )?QUERY: (\d+), ANSWER: (\d+), AUTHORITY: (\d+), ADDITIONAL: (\d+)$/;

/**
 * `dig`, with several questions, transfers, and `+noall +answer`. A section that was printed must have as many records
 * as the header tells, or more. Without any record or header (a time-out, `+short`) the text is unreadable.
 */
export const dig: Parser = {
  kind: 'dig',
  parse(text: string): readonly Answer[] {
    const lines = joinRecords('dig', readLines('dig', text));
    const answers: Answer[] = [];
    const isTransfer = lines.some(({ text: line }) => /^; <<>> DiG .*\b[ai]xfr\b/i.test(line));
    let section: Section | undefined;
    let current: Answer | undefined;
    const close = (line: Line): void => {
      if (current) checkCounts(current, section?.line ?? line);
    };
    for (const line of lines) {
      const [, opcode, status, id] = partsOf(header, line.text);
      if (opcode !== undefined) {
        close(line);
        current = newAnswer(opcode, status, Number(id));
        answers.push(current);
        section = undefined;
      } else if (counts.test(line.text)) readCounts(line, current);
      else if (/^; <<>> DiG /.test(line.text)) section = undefined;
      else if (/^;; OPT PSEUDOSECTION:$/.test(line.text)) section = { name: 'opt', line };
      else if (heading.test(line.text)) {
        section = { name: (heading.exec(line.text)?.[1] ?? '').toLowerCase(), line };
        if (current && section.name !== 'question') current[section.name] ??= [];
      } else if (line.text.startsWith(';;')) {
        section = undefined;
        readStatistic(line, current ?? answers.at(-1));
      } else if (line.text.startsWith(';')) readComment(line, section, current);
      else {
        if (current === undefined || (isTransfer && current['id'] === undefined)) {
          current = answers.at(-1) ?? {};
          if (answers.length === 0) answers.push(current);
        }
        addRecord(current, section?.name ?? (isTransfer ? 'axfr' : 'answer'), readRecord('dig', line, isTransfer));
      }
    }
    const last = lines.at(-1) ?? { number: 1, text: '' };
    close(last);
    if (answers.length === 0) stop('dig', last);
    return answers;
  },
};

function newAnswer(opcode: string, status: string | undefined, id: number): Answer {
  const sections = { opt_pseudosection: null, question: null, answer: null, authority: null, additional: null };
  const numbers = { flags: null, query_num: null, answer_num: null, authority_num: null, additional_num: null };
  const end = { query_time: null, server: null, when: null, rcvd: null };
  return { id, opcode, status, ...numbers, ...sections, ...end };
}

function readCounts(line: Line, to: Answer | undefined): void {
  const [, flags = '', ...numbers] = partsOf(counts, line.text);
  const [query_num, answer_num, authority_num, additional_num] = numbers.map(Number);
  if (to === undefined) stop('dig', line);
  Object.assign(to, { flags: flags.split(' ').filter(Boolean), query_num, answer_num, authority_num, additional_num });
}

/** What the server is said to have answered must be there: a text that was cut is none. */
function checkCounts(answer: Answer, line: Line): void {
  if (answer['id'] === undefined) return;
  if (answer['flags'] === null) stop('dig', line);
  // EDNS is counted, too, but has a section of its own.
  const edns = answer['opt_pseudosection'] === null ? 0 : 1;
  for (const [name, more] of [
    ['answer', 0],
    ['authority', 0],
    ['additional', edns],
  ] as const) {
    const records = answer[name];
    if (Array.isArray(records) && records.length + more < Number(answer[`${name}_num`])) stop('dig', line);
  }
}

function readComment(line: Line, section: Section | undefined, to: Answer | undefined): void {
  if (/^;\s*(?:Transfer failed|Couldn't)/.test(line.text)) stop('dig', line);
  if (to === undefined || section === undefined) return;
  if (section.name === 'opt') to['opt_pseudosection'] = readPseudosection(line.text, to['opt_pseudosection']);
  const [, name, rest = ''] = partsOf(/^;(\S+)\s+(\S.*)$/, line.text);
  const [type = '', group] = rest.split(/\s+/).reverse();
  if (section.name === 'question' && name !== undefined) to['question'] ??= { name, class: group ?? null, type };
}

function addRecord(to: Answer, section: string, record: Resource): void {
  const records = to[section];
  if (Array.isArray(records)) records.push(record);
  else to[section] = [record];
}

/** The lines after the sections; others that begin with two semicolons are dig's own remarks. */
function readStatistic(line: Line, to: Answer | undefined): void {
  const [, name = '', value = ''] = partsOf(/^;; ([A-Za-z]+(?: [A-Za-z]+)?):\s+(.*)$/, line.text);
  if (to === undefined) return;
  const [, received] = partsOf(/^;; MSG SIZE .*\brcvd: (\d+)/, line.text);
  if (received !== undefined) to['rcvd'] = Number(received);
  const [amount, unit] = value.split(' ');
  const time = toNumber(amount);
  if (name === 'Query time') to['query_time'] = time !== null && unit === 'usec' ? time / 1000 : time;
  else if (name === 'SERVER') to['server'] = value;
  else if (name === 'WHEN') Object.assign(to, { when: value, ...readTime(value) });
  else if (name === 'QUERY SIZE') to['query_size'] = toNumber(value);
  else if (name === 'XFR size') to['size'] = value;
}

/**
 * `Wed Oct 30 03:11:21 UTC 2019` in seconds. The names of other time zones do not tell when it was: as in jc, `when_epoch`
 * is the time of the clock where the text is read.
 */
function readTime(when: string): Record<'when_epoch' | 'when_epoch_utc', number | null> {
  const [, rest, zone, year] = partsOf(/^\w{3} (\w{3} +\d+ \d\d:\d\d:\d\d)(?: ([A-Z]+|[-+]\d+))? (\d{4})$/, when);
  const seconds = (text: string): number | null => {
    const time = rest === undefined ? Number.NaN : Date.parse(text);
    return Number.isNaN(time) ? null : time / 1000;
  };
  const utc = zone === 'UTC' ? seconds(`${rest} ${year} UTC`) : null;
  return { when_epoch: seconds(`${rest} ${year}`), when_epoch_utc: utc };
}
