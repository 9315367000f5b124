import { isIPv4, isIPv6 } from 'node:net';

/** A kind of value that `{{name:type}}` matches. */
export interface ValueType {
  /** Sticky: the longest run of characters that could belong to such a value. */
  readonly run: RegExp;
  /** Whether a part of the run is such a value; absent: every part is. */
  readonly accepts?: (text: string) => boolean;
  /** Sticky: what may not follow when a wildcard does, so that `10.0.0.25` is not found inside `10.0.0.256`. */
  readonly after?: RegExp;
  /** What may not end the text before when a wildcard does. */
  readonly before?: RegExp;
}

const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*';
const weekday = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?';
const dayNumber = '(?:0?[1-9]|[12]\\d|3[01])';
const isoDate = `\\d{4}([-/])(?:0[1-9]|1[0-2])\\1(?:0[1-9]|[12]\\d|3[01])`;
const slashDate = `\\d{1,2}/\\d{1,2}/(?:\\d{4}|\\d{2})`;
const wordDate = `(?:${weekday} +)?(?:${month} +${dayNumber}(?:,? +\\d{4})?|${dayNumber}[ -]${month}(?:[ -]\\d{4})?)`;
const clock = '(?:[01]?\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d|:60)?(?:[.,]\\d+)?(?: ?[AaPp][Mm])?';
const zone = '(?: ?(?:Z|[+-]\\d{2}:?\\d{2}(?: [A-Z]{2,5})?|[A-Z]{2,5}))?';
const date = `(?:${isoDate}|${slashDate}|${wordDate})`;
const dateCommand = `(?:${weekday} +)?(?:${month} +${dayNumber}|${dayNumber} ${month}) +${clock}${zone} +\\d{4}`;
const timeUnit = '(?:ns|us|µs|ms|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|weeks?|months?|years?)';
const amount = '\\d+(?:\\.\\d+)?';
const dockerAge = 'Less than a second|About a minute|About an hour';

const wordEdges = { after: /\w|[.:]\w/y, before: /\w$|\w[.:]$/ };
const numberEdges = { after: /\d|\.\d/y, before: /\d$|\d\.$/ };
const clockEdges = { after: /[\w]|[:.]\d/y, before: /[\w]$|\d[:.]$/ };

function whole(source: string): (text: string) => boolean {
  const pattern = new RegExp(`^(?:${source})$`);
  return (text) => pattern.test(text);
}

function isCidr(text: string): boolean {
  const [address = '', length = ''] = text.split('/');
  if (length === '') return false;
  return isIPv4(address) ? Number(length) <= 32 : isIPv6(address) && Number(length) <= 128;
}

/** The types of FORMAT.md. A value never spans lines, and is never empty. */
export const valueTypes: Readonly<Record<string, ValueType>> = {
  ipv4: { run: /[\d.]{7,15}/y, accepts: isIPv4, ...wordEdges },
  ipv6: { run: /[\da-fA-F:.]{2,45}(?:%[\w.-]{1,15})?/y, accepts: isIPv6, ...wordEdges },
  ip: { run: /[\da-fA-F:.]{2,45}(?:%[\w.-]{1,15})?/y, accepts: (text) => isIPv4(text) || isIPv6(text), ...wordEdges },
  cidr: { run: /[\da-fA-F:.]{2,45}\/\d{1,3}/y, accepts: isCidr, ...wordEdges },
  mac: {
    run: /[\da-fA-F:-]{17}/y,
    accepts: whole('[\\da-fA-F]{2}([:-])(?:[\\da-fA-F]{2}\\1){4}[\\da-fA-F]{2}'),
    after: /\w|[:-]\w/y,
    before: /\w$|\w[:-]$/,
  },
  int: { run: /[+-]?\d{1,64}/y, accepts: whole('[+-]?\\d+'), ...numberEdges },
  number: {
    run: /[+-]?[\d.]{1,64}(?:[eE][+-]?\d{1,4})?/y,
    accepts: whole(`[+-]?${amount}(?:[eE][+-]?\\d+)?`),
    ...numberEdges,
  },
  hex: { run: /(?:0x)?[\da-fA-F]{1,256}/y, accepts: whole('(?:0x)?[\\da-fA-F]+'), after: /\w/y, before: /\w$/ },
  id: {
    run: /(?:sha256:)?[\da-f]{12,64}/y,
    accepts: whole('(?:sha256:)?[\\da-f]{12,64}'),
    after: /\w/y,
    before: /\w$/,
  },
  uuid: {
    run: /[\da-fA-F-]{36}/y,
    accepts: whole('[\\da-fA-F]{8}-(?:[\\da-fA-F]{4}-){3}[\\da-fA-F]{12}'),
    after: /[\w-]/y,
    before: /[\w-]$/,
  },
  duration: {
    run: /[\w.µ ]{2,40}/y,
    accepts: whole(`${dockerAge}|${amount} ?${timeUnit}(?: ?${amount} ?${timeUnit})*`),
    after: /\w/y,
    before: /\w$|\d\.$/,
  },
  bytes: {
    run: /[\d.]{1,64} ?[A-Za-z]{0,5}/y,
    accepts: whole(`${amount}(?: ?[kKMGTPE]?i?B|[kKMGTPE]i?| ?bytes?)?`),
    after: /\w|\.\d/y,
    before: /\w$|\d\.$/,
  },
  date: { run: /[\w/, -]{6,40}/y, accepts: whole(date), after: /\w/y, before: /\w$/ },
  time: { run: /[\w:., +-]{4,30}/y, accepts: whole(`${clock}${zone}`), ...clockEdges },
  datetime: {
    run: /[\w/:.,+ -]{8,60}/y,
    accepts: whole(`${date}(?:[T_]| +)${clock}${zone}|${dateCommand}`),
    ...clockEdges,
  },
  word: { run: /\S+/y },
  path: { run: /\S{1,4096}/y, accepts: (text) => text.includes('/') && !text.includes('//') },
  any: { run: /.+/y },
};

/** One `{{…}}` of a pattern, not yet known to be right. */
export interface Placeholder {
  readonly name: string;
  /** `undefined`: `{{name}}`, which is a capture's name or a type. */
  readonly type: string | undefined;
}

// Anything else between braces, `{{.Names}}` or `{{json .}}`, is text: Go templates are at home in these documents.
export const placeholder: RegExp = /\{\{\s*([\w-]+)\s*(?::\s*([\w-]+|(?=\}\}))\s*)?\}\}/;

/** Says what is wrong with a placeholder; `known` are the names captured before it. */
export function checkPlaceholder(
  { name, type }: Placeholder,
  known: Pick<ReadonlySet<string>, 'has'>,
): string | undefined {
  if (type === undefined) {
    if (known.has(name) || Object.hasOwn(valueTypes, name)) return undefined;
    return `{{${name}}} is neither captured before nor a type; capture it first as {{${name}:TYPE}}, or use one of: ${typeNames()} (a line that ends in " (eq)" is compared as it stands)`;
  }
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    return `{{${name}:${type}}}: the name also becomes a shell variable; write it with letters, digits and _`;
  }
  if (Object.hasOwn(valueTypes, type)) return undefined;
  return `{{${name}:${type}}}: there is no type ${JSON.stringify(type)}; the types are: ${typeNames()}`;
}

function typeNames(): string {
  return Object.keys(valueTypes).join(' ');
}
