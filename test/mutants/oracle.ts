import type { Captures } from '../../src/check/types.ts';
import type { Step } from '../../src/runbook/types.ts';

/**
 * A second opinion on whether a document allows an output: its expected lines as one regular expression, written from
 * docs/format.md alone and sharing no code with the engine. Where both say yes, a wrong world that the document does not
 * rule out (`...`, `[..]`, `{{int}}`) is no false pass.
 */
export function allows(step: Step, actual: string, captures: Captures): boolean {
  const expected = withoutEmptyEnd(step.expected?.lines ?? []);
  const opens = step.nextDepth > step.depth;
  const lines = withoutEmptyEnd((opens ? withoutGreeting(actual) : actual).split('\n'));
  if (step.match === 'unordered') {
    const left = [...lines];
    const found = expected
      .filter((line) => line !== '...')
      .every((line) => {
        const at = left.findIndex((each) => new RegExp(`^${lineSource(line, captures)}$`).test(`${each}\n`));
        if (at >= 0) left.splice(at, 1);
        return at >= 0;
      });
    return found && (left.length === 0 || expected.includes('...'));
  }
  const source = expected.map((line) => lineSource(line, captures)).join('');
  const text = lines.map((line) => `${line}\n`).join('');
  return new RegExp(step.match === 'contains' ? `(?:^|\\n)${source}` : `^${source}$`).test(text);
}

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';

const types: Readonly<Record<string, string>> = {
  ipv4: `(?:${octet}\\.){3}${octet}(?!\\d)`,
  ipv6: '[\\da-fA-F]*:[\\da-fA-F:.]*',
  ip: '[\\da-fA-F:.]{2,}',
  cidr: '[\\da-fA-F:.]+/\\d{1,3}',
  mac: '(?:[\\da-fA-F]{2}[:-]){5}[\\da-fA-F]{2}',
  int: '[+-]?\\d+(?![\\d])',
  number: '[+-]?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?',
  hex: '(?:0x)?[\\da-fA-F]+',
  id: '(?:sha256:)?[\\da-f]{12,64}',
  uuid: '[\\da-fA-F]{8}(?:-[\\da-fA-F]{4}){3}-[\\da-fA-F]{12}',
  bytes: '\\d+(?:\\.\\d+)? ?[kKMGTPE]?i?B?',
  duration: '(?:\\d[^\\n]*?|Less than a second|About an? (?:minute|hour))',
  date: '[^\\n]*?\\d[^\\n]*?',
  time: '\\d?\\d:\\d\\d[^\\n]*?',
  datetime: '[^\\n]*?\\d:\\d\\d[^\\n]*?',
  word: '[^\\s]+',
  path: '[^\\n]*?/[^\\n]*?',
  any: '[^\\n]+?',
};

/** One expected line, its line break included. */
function lineSource(line: string, captures: Captures): string {
  if (line === '...') return '(?:[^\\n]*\\n)*?';
  const [, body = line, kind = '', repeat = ''] =
    /^(.*) \((re|regex|glob|gl|esc|escaped|eq|equal|no-eol)?([?*+]?)\)$/.exec(line) ?? [];
  const plain = kind === '' && repeat === '';
  const whole = `(?:${plain ? textSource(line, captures) : bodySource(body, kind, captures)}\\n)`;
  return whole + repeat;
}

function bodySource(body: string, kind: string, captures: Captures): string {
  if (kind.startsWith('re')) return `(?:${body})`;
  if (kind.startsWith('eq')) return literal(body);
  if (kind.startsWith('esc')) throw new Error(`the oracle does not read (esc): ${body}`);
  if (kind.startsWith('gl')) return literal(body).replaceAll('\\*', '[^\\n]*').replaceAll('\\?', '[^\\n]');
  return textSource(body, captures);
}

function textSource(text: string, captures: Captures): string {
  return text
    .split(/(\[\.\.\]|\{\{\s*[\w-]+\s*(?::\s*[\w-]*\s*)?\}\})/)
    .map((part) => {
      if (part === '[..]') return '[^\\n]*?';
      const [, name = '', type] = /^\{\{\s*([\w-]+)\s*(?::\s*([\w-]*)\s*)?\}\}$/.exec(part) ?? [];
      if (name === '') return literal(part);
      const known = captures.get(name);
      if (type === undefined && known !== undefined) return literal(known);
      const group = `n_${name.replaceAll('-', '_')}`;
      if (type === undefined) return types[name] === undefined ? `\\k<${group}>` : `(?:${types[name]})`;
      return `(?<${group}>${types[type] ?? '[^\\n]+?'})`;
    })
    .join('');
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

/** What BusyBox says to whoever opens a shell is no part of the output (docs/format.md, "Nested shells"). */
function withoutGreeting(text: string): string {
  const at = text.indexOf('BusyBox v');
  return at < 0 ? text : text.slice(0, at).trimEnd();
}

function withoutEmptyEnd(lines: readonly string[]): readonly string[] {
  const trimmed = lines.map((line) => line.trimEnd());
  while (trimmed.at(-1) === '') trimmed.pop();
  return trimmed;
}

/** A second opinion on a typed check: whether what was parsed holds everything that is asked, scalars read as texts. */
export function holds(expected: unknown, actual: unknown): boolean {
  if (Array.isArray(expected))
    return Array.isArray(actual) && expected.every((item) => actual.some((each) => holds(item, each)));
  if (typeof expected === 'object' && expected !== null) {
    return Object.entries(expected).every(([key, value]) => holds(value, (actual as Record<string, unknown>)?.[key]));
  }
  const text = String(expected);
  return text.startsWith('!') ? text.slice(1) !== String(actual) : text === String(actual);
}
