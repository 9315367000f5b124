import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadParser, parserKinds } from '../../../src/check/parsers/index.ts';
import { UnreadableError } from '../../../src/errors.ts';
import { processorTime } from '../../processor-time.ts';

const fixtures = new URL('../fixtures/', import.meta.url);

/** A text of which nothing can be a structure, for a parser that does not read any text whatever. */
const broken = [
  'sh: 1: nosuch: not found\n',
  'bash: nosuch: command not found\n',
  'Usage: nosuch [OPTIONS] FILE\n\n  -h, --help   show this\n',
  'Error: permission denied (you must be root)\n',
  'Segmentation fault\n',
  '\n\n',
];
/** An empty table of routes prints nothing, an empty file has no entries. */
const mayBeBlank = new Set(['ip_route', 'hosts', 'resolv_conf']);

/** Parses, with what is no `UnreadableError` thrown on; whether it could be read. */
function read(parser: { parse(text: string): unknown } | undefined, text: string): boolean {
  try {
    parser?.parse(text);
    return true;
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    expect(error.line).toBeGreaterThanOrEqual(1);
    expect(error.line).toBeLessThanOrEqual(text.split('\n').length);
    return false;
  }
}

function textsOf(kind: string): readonly string[] {
  const folder = new URL(`${kind}/`, fixtures);
  const names = readdirSync(folder).filter((name) => name.endsWith('.txt') && !name.startsWith('unreadable'));
  return names.map((name) => readFileSync(new URL(name, folder), 'utf8'));
}

/** Where a line stands for more than itself: it goes on in the next one, or any words are one. */
const ofSeveralLines: Record<string, RegExp> = {
  dig: /\)|^\t+\S+ ; /,
  iptables: /./,
  netstat: /Link#|^1 +9|^k(?:evt|ctl)/,
  ping: /^ 4 /,
};
/** Numbers that a parser compares with the lines that there are. */
const counted: Record<string, RegExp> = {
  arp: /entries|Entries/,
  dig: /QUERY:|ANSWER:|XFR size/,
  traceroute: /^ *\d+ {2}/,
};

/** Each line of each text, one at a time, in its text with something else in its place. */
function* linesOf(kind: string): Generator<{ readonly line: string; readonly put: (other: string) => string }> {
  for (const text of textsOf(kind)) {
    const lines = text.split('\n');
    for (const [index, line] of lines.entries()) {
      if (line.trim() !== '') yield { line, put: (other) => lines.with(index, other).join('\n') };
    }
  }
}

/** Parsers of tables whose columns are told apart by blanks. */
test.each(['hosts', 'ip_route', 'json', 'resolv_conf', 'docker_inspect'])(
  '%s reads words with more blanks between them',
  async (kind) => {
    const parser = await loadParser(kind);
    const told = (text: string): string => JSON.stringify(parser?.parse(text));
    for (const { line, put } of linesOf(kind)) {
      if (/"/.test(line)) continue;
      expect(told(put(line.replaceAll(/(?<=\S)( +)(?=\S)/g, '$1 '))), line).toBe(told(put(line)));
    }
  },
);

/** Parsers that read each line to its end. */
test.each(['docker_network_ls', 'docker_ps', 'hostname', 'json', 'lsns', 'docker_inspect'])(
  '%s loses nothing that stands at the end of a line',
  async (kind) => {
    const parser = await loadParser(kind);
    for (const { line, put } of linesOf(kind)) {
      const longer = put(`${line} @@`);
      if (read(parser, longer)) expect(JSON.stringify(parser?.parse(longer)), line).toContain('@@');
    }
  },
);

describe.each(parserKinds)('%s', (kind) => {
  test('knows a line by its begin: behind something else it is as strange as any other', async () => {
    const parser = await loadParser(kind);
    const told = (text: string): string => {
      try {
        return JSON.stringify(parser?.parse(text)).replaceAll(/"[^"]*@@[^"]*"/g, '"@@"');
      } catch {
        return 'unreadable';
      }
    };
    for (const { line, put } of linesOf(kind)) {
      if (!ofSeveralLines[kind]?.test(line)) expect(told(put(`@@ ${line}`)), line).toBe(told(put('@@ zzz')));
    }
  });

  test('reads numbers of any length', async () => {
    const parser = await loadParser(kind);
    for (const { line, put } of linesOf(kind)) {
      if (counted[kind]?.test(line)) continue;
      for (const { index } of line.matchAll(/(?<=[ =])\d(?=[ ,]|$)/g)) {
        const longer = `${line.slice(0, index)}10${line.slice(index + 1)}`;
        expect(read(parser, put(longer)), longer).toBe(true);
      }
    }
  });

  test('does not take a broken command for an answer', async () => {
    const parser = await loadParser(kind);
    for (const text of broken) {
      if (text.trim() === '' && mayBeBlank.has(kind)) continue;
      expect(read(parser, text), JSON.stringify(text)).toBe(false);
    }
  });

  test('reads or refuses any text, and nothing else', async () => {
    const parser = await loadParser(kind);
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...' \n\t:/.,*#()[]{}<>="\'|-+0123456789abcdefXUG'), maxLength: 400 }),
        (text) => {
          read(parser, text);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('reads or refuses any change of a text that it reads', async () => {
    const parser = await loadParser(kind);
    const texts = textsOf(kind);
    const change = fc.record({
      text: fc.constantFrom(...texts),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat({ max: 60 }),
      put: fc.string({ unit: fc.constantFrom(...' \n\t:/*()0a-'), maxLength: 20 }),
    });
    fc.assert(
      fc.property(change, ({ text, at, length, put }) => {
        const from = Math.floor(at * text.length);
        read(parser, text.slice(0, from) + put + text.slice(from + length));
      }),
      { numRuns: 300 },
    );
  });

  test('reads or refuses a text whose lines were cut, lost, doubled or swapped', async () => {
    const parser = await loadParser(kind);
    const change = fc.record({
      text: fc.constantFrom(...textsOf(kind)),
      edits: fc.array(
        fc.record({
          how: fc.constantFrom('cut', 'lose', 'double', 'swap', 'end'),
          at: fc.double({ min: 0, max: 1, noNaN: true }),
          length: fc.nat({ max: 80 }),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    });
    fc.assert(
      fc.property(change, ({ text, edits }) => {
        const lines = text.split('\n');
        for (const { how, at, length } of edits) {
          const index = Math.min(lines.length - 1, Math.floor(at * lines.length));
          const line = lines[index] ?? '';
          if (how === 'cut') lines[index] = line.slice(0, length);
          else if (how === 'lose') lines.splice(index, 1);
          else if (how === 'double') lines.splice(index, 0, line);
          else if (how === 'swap') lines.splice(index, 2, lines[index + 1] ?? '', line);
          else lines.splice(index + 1);
        }
        read(parser, lines.join('\n'));
      }),
      { numRuns: 400 },
    );
  });

  test('reads a mebibyte in time that grows with its length', async () => {
    const parser = await loadParser(kind);
    const texts = textsOf(kind)
      .filter((text) => text.trim() !== '')
      .toSorted((a, b) => b.length - a.length);
    for (const text of texts.slice(0, 2)) {
      const lines = text.split('\n');
      const middle = lines.slice(lines.length / 2).find((line) => line.trim() !== '') ?? ' ';
      const many = `${middle}\n`.repeat(2 ** 20 / (middle.length + 1));
      const half = lines.slice(0, lines.length / 2).join('\n');
      const other = lines.slice(lines.length / 2).join('\n');
      for (const whole of [
        `${half}\n${many}${other}`,
        middle.repeat(2 ** 20 / middle.length),
        `${middle}${' a'.repeat(2 ** 19)}`,
        text.repeat(Math.ceil(2 ** 20 / text.length)),
      ]) {
        const seconds = await processorTime(() => read(parser, whole));
        expect(seconds, `${whole.length} characters like ${JSON.stringify(middle)}`).toBeLessThan(3);
      }
    }
  });

  test('takes no longer than a text is long', async () => {
    const parser = await loadParser(kind);
    const [first = ''] = textsOf(kind);
    const line = first.split('\n').find((each) => each.trim() !== '') ?? '';
    const hostile = [
      ' '.repeat(500_000),
      '('.repeat(500_000),
      '"'.repeat(500_000),
      `${line}${' '.repeat(60_000)}x\n`,
      `${line}${' a'.repeat(30_000)}\n`,
      `${line} ${'('.repeat(60_000)}\n`,
      `${line} ${'1:'.repeat(30_000)}\n`,
      first.repeat(Math.ceil(300_000 / Math.max(1, first.length))),
      `${first}${'   '.repeat(20_000)}|\n`,
    ];
    for (const text of hostile) {
      const seconds = await processorTime(() => read(parser, text));
      expect(seconds, JSON.stringify(text.slice(0, 80))).toBeLessThan(1.5);
    }
  });
});
