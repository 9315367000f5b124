import type { Token } from './tokens.ts';

const day = 86_400_000;
const label = /(?:\btime|\btook|\belapsed|\bUp|\buptime)[ =:]*$/i;
const unit = /^(?:\/[\d.]+)*[ ]?(?:ns|us|µs|ms|s|nsec|usec|msec|secs?|seconds?)\b/;

/** Processes are numbered by who came before. */
const processId = /\bpid[ =:]*$/i;
/** What interfaces have counted: they talk before anybody asks them to. */
const counted = /\b[RT]X[ :](?:.*[ :])?(?:packets|bytes)[ :]$|\b(?:packets|bytes)[ :]\d+ \($/;

/**
 * Whether a token will be another one next time, although two runs, one right after the other, may well agree in it: it
 * tells the time (a date of these days, the hour that it is, how long something took), or it counts traffic.
 */
export function isVolatile(tokens: readonly Token[], index: number, now: Date): boolean {
  const { kind, text } = tokens[index] ?? { kind: 'blank', text: '' };
  if (kind === 'date' || kind === 'datetime') return isRecent(text, now);
  if (kind === 'time') return isThisHour(text, now);
  if (kind !== 'int' && kind !== 'number' && kind !== 'duration' && kind !== 'bytes') return false;
  const before = textOf(tokens.slice(Math.max(0, index - 12), index));
  const after = textOf(tokens.slice(index + 1, index + 10));
  if (counted.test(before) || (kind === 'int' && processId.test(before))) return true;
  if (kind === 'bytes') return false;
  if (kind === 'duration') return text.includes('.') || label.test(before) || /^ ago\b/.test(after);
  return unit.test(after) && (text.includes('.') || label.test(before));
}

function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ text }) => text).join('');
}

/** Any of the ways to write yesterday, today or tomorrow. */
function isRecent(text: string, now: Date): boolean {
  return [-day, 0, day].some((shift) => {
    const date = new Date(now.getTime() + shift);
    const [year, month, dayOfMonth] = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
    const name = date.toLocaleString('en', { month: 'short' });
    const forms = [
      `${year}([-/])0?${month}\\1[0]?${dayOfMonth}\\b`,
      `\\b0?${month}/0?${dayOfMonth}/(?:${year}|${year % 100})\\b`,
      `\\b0?${dayOfMonth}/0?${month}/(?:${year}|${year % 100})\\b`,
      `\\b${name}[a-z]* +0?${dayOfMonth}\\b`,
      `\\b0?${dayOfMonth}[ -]${name}`,
    ];
    return forms.some((form) => new RegExp(form).test(text)) && !namesAnotherYear(text, date);
  });
}

function namesAnotherYear(text: string, date: Date): boolean {
  const [year] = /\b(?:19|20)\d{2}\b/.exec(text) ?? [];
  return year !== undefined && year !== String(date.getFullYear());
}

/** Within an hour of now, here or in Greenwich, on a clock of twelve or twenty-four hours. */
function isThisHour(text: string, now: Date): boolean {
  const [, hours = '', minutes = ''] = /^(\d{1,2}):(\d{2})/.exec(text) ?? [];
  const shown = Number(hours) * 60 + Number(minutes);
  const clocks = [now.getHours() * 60 + now.getMinutes(), now.getUTCHours() * 60 + now.getUTCMinutes()];
  return clocks.some((clock) => {
    const apart = Math.abs(clock - shown) % 720;
    return Math.min(apart, 720 - apart) <= 60;
  });
}
