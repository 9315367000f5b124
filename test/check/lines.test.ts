import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileLines, matchLines, toLines } from '../../src/check/lines.ts';
import { capturedNames, checkPattern, escapeLine } from '../../src/check/pattern.ts';
import { createTester } from '../../src/check/tester.ts';
import { processorTime } from '../processor-time.ts';

type Mode = 'exact' | 'contains' | 'unordered';

function match(expected: string, actual: string, mode: Mode = 'exact', given: Record<string, string> = {}) {
  const captures = new Map(Object.entries(given));
  const patterns = compileLines(expected.split('\n'), captures.keys());
  if ('message' in patterns) throw new Error(patterns.message);
  const lines = toLines(actual);
  const found = matchLines(patterns, lines, createTester(patterns, lines, actual.endsWith('\n')), mode, captures);
  return found && Object.fromEntries(found);
}

describe('one line', () => {
  test.each([
    ['same', 'same'],
    ['trailing blanks  \t', 'trailing blanks'],
    ['trailing blanks', 'trailing blanks \t '],
    ['a [..] z', 'a b c z'],
    ['a[..]', 'a'],
    ['[..]', 'anything'],
    ['[..]ab', 'aab'],
    ['{{ipv4}}', '10.0.0.255'],
    ['[..]{{ipv4}}[..]', 'from 10.0.0.1: ok'],
    ['[..]{{ipv4}}[..]', 'connected to 10.0.0.1.'],
    ['{{ipv6}}', 'fe80::1'],
    ['{{ipv6}}', 'fe80::1%eth0'],
    ['{{ip}} {{ip}}', '::1 127.0.0.1'],
    ['{{cidr}}', '10.0.0.0/8'],
    ['{{cidr}}', '2001:db8::/32'],
    ['{{mac}}', '02:42:ac:11:00:02'],
    ['{{int}}', '-12'],
    ['{{number}} ms', '0.176 ms'],
    ['{{number}}', '1e-7'],
    ['{{hex}}', '0xff'],
    ['{{id}}', '4d7f3c6e2a10'],
    ['{{id}}', `sha256:${'a'.repeat(64)}`],
    ['{{uuid}}', '123e4567-e89b-12d3-a456-426614174000'],
    ['{{duration}}', '1.5s'],
    ['{{duration}}', '1h2m3s'],
    ['Up {{duration}}', 'Up About a minute'],
    ['{{duration}} ago', '2 weeks ago'],
    ['{{bytes}}', '77.8MB'],
    ['{{bytes}}', '4.0K'],
    ['{{bytes}}', '355.8 MiB'],
    ['{{date}}', '2024-02-29'],
    ['{{date}}', 'Mon, 02 Jan 2006'],
    ['{{date}}', '1/2/06'],
    ['{{time}}', '23:59:59.999'],
    ['{{time}}', '3:04 PM'],
    ['{{datetime}}', '2024-01-02T03:04:05.678Z'],
    ['{{datetime}}', '2024-01-02 03:04:05 +0000 UTC'],
    ['{{datetime}}', 'Mon Jan  2 15:04:05 UTC 2006'],
    ['{{datetime}}', 'Jan  2 15:04:05'],
    ['{{word}}: x', 'eth0: x'],
    ['{{path}}', '/etc/resolv.conf'],
    ['{{path}}', './a'],
    ['{{any}}', 'a b'],
    ['{{a:int}} {{a}}', '5 5'],
    ['{{a:int}} {{a:int}}', '5 5'],
    ['{{a:word}} {{b:word}} {{a}}', 'x y x'],
    ['a.*c (re)', 'abbc'],
    ['(?P<n>a+) (re)', 'aaa'],
    ['a*c? (glob)', 'abbcd'],
    ['a\\*c (glob)', 'a*c'],
    ['a\\tb (esc)', 'a\tb'],
    ['\\x1b[1mbold\\x1b[0m (esc)', 'bold'],
    ['... (eq)', '...'],
    ['[..] (eq)', '[..]'],
    ['x (re) (eq)', 'x (re)'],
    ['? (10.0.0.1) at x', '? (10.0.0.1) at x'],
    ['{{.Names}} {{json .}}', '{{.Names}} {{json .}}'],
    ['(re)', '(re)'],
  ])('%j matches %j', (expected, actual) => {
    expect(match(expected, actual)).toBeDefined();
  });

  test.each([
    ['same', 'Same'],
    ['a [..] z', 'a z'],
    ['{{ipv4}}', '10.0.0.256'],
    ['{{ipv4}}[..]', '10.0.0.256'],
    ['[..]{{ipv4}}', '1192.168.0.1'],
    ['[..]{{ipv4}}[..]', 'version 1.2.3.4.5'],
    ['[..]{{int}} packets[..]', 'lost packets'],
    ['[..]{{mac}}[..]', '02:42:ac:11:00:02:03'],
    ['{{ipv6}}', '10.0.0.1'],
    ['{{cidr}}', '10.0.0.0/33'],
    ['{{cidr}}', '10.0.0.0'],
    ['{{int}}', '1.5'],
    ['{{int}}[..]', '1.5'],
    ['{{mac}}', '02:42:ac:11:00'],
    ['{{id}}', 'web'],
    ['{{uuid}}', '123e4567-e89b-12d3-a456-42661417400'],
    ['{{date}}', '2024-13-01'],
    ['{{time}}', '25:00'],
    ['{{duration}}', '15'],
    ['{{word}}', 'two words'],
    ['{{any}}', ''],
    ['{{path}}', 'name'],
    ['{{a:int}} {{a}}', '5 6'],
    ['{{a:int}} {{a:int}}', '5 6'],
    ['b (re)', 'abc'],
    ['a? (glob)', 'a'],
    ['0 received', '10 received'],
  ])('%j does not match %j', (expected, actual) => {
    expect(match(expected, actual)).toBeUndefined();
  });
});

describe('several lines', () => {
  test.each([
    ['a\n...\nz', 'a\nz'],
    ['a\n...\nz', 'a\nz\nb\nz'],
    ['...', ''],
    ['...\n...', 'x'],
    ['...\nb\n...\nb\n...', 'a\nb\nc\nb'],
    ['a\n\nb', 'a\n\nb\n\n\n'],
    ['a\n\n', 'a'],
    ['a\n\n...', 'a'],
    ['\n...\n\n...', ''],
    ['a (?)\nb', 'b'],
    ['a (?)\nb', 'a\nb'],
    ['a (*)\nb', 'a\na\nb'],
    ['a (+)\na', 'a\na\na'],
    ['a.* (re*)\nb', 'a1\na2\nb'],
    ['a* (glob+)', 'a\nab'],
    ['a (no-eol)', 'a'],
    ['{{ip:ipv4}}\n...\n{{ip}}', '10.0.0.1\nx\n10.0.0.1'],
    ['...\n{{n:int}}\n{{n}}\n...', '1\n2\n3\n3\n4'],
    ['{{n:int}} (*)\nend', '5\n5\nend'],
  ])('%j matches %j', (expected, actual) => {
    expect(match(expected, actual)).toBeDefined();
  });

  test.each([
    ['a', 'a\nb'],
    ['a\nb', 'a'],
    ['a\n...', 'b\na'],
    ['...\nz', 'z\na'],
    ['a (+)\nb', 'b'],
    ['a (?)\nb', 'a\na\nb'],
    ['a (no-eol)', 'a\n'],
    ['a (no-eol)\nb', 'a\nb'],
    ['{{ip:ipv4}}\n{{ip}}', '10.0.0.1\n10.0.0.2'],
    ['...\n{{n:int}}\n{{n}}\n...', '1\n2\n3'],
    ['', 'x'],
    [' a', 'a'],
  ])('%j does not match %j', (expected, actual) => {
    expect(match(expected, actual)).toBeUndefined();
  });

  test.each<[Mode, string, string, boolean]>([
    ['contains', 'b\nc', 'a\nb\nc\nd', true],
    ['contains', 'b\nc', 'a\nb\nx\nc', false],
    ['contains', 'b\n...\nd', 'a\nb\nc\nd\ne', true],
    ['contains', '{{x:int}}\n{{x}}', '1\n2\n2', true],
    ['contains', 'b', 'abc', false],
    ['unordered', 'a\nb', 'b\na', true],
    ['unordered', 'a\nb', 'b\na\nc', false],
    ['unordered', 'a\nb\n...', 'c\nb\na', true],
    ['unordered', 'a\na', 'a', false],
    ['unordered', 'a\na', 'a\nb', false],
    ['unordered', '[..]\na', 'a\nb', true],
    ['unordered', '{{x:int}} first\n{{x}} second', '7 second\n3 first\n', false],
    ['unordered', '{{x:int}} first\n{{x}} second', '7 second\n7 first\n', true],
    ['unordered', 'a (*)\nb', 'a\nb\na', true],
    ['unordered', 'a (?)\nb', 'b', true],
  ])('%s: %j with %j is %s', (mode, expected, actual, ok) => {
    expect(match(expected, actual, mode) !== undefined).toBe(ok);
  });
});

describe('captures', () => {
  test('are returned with those that were given', () => {
    expect(match('{{dns:ipv4}} {{n:int}}', '10.0.0.1 5', 'exact', { a: 'x' })).toEqual({
      a: 'x',
      dns: '10.0.0.1',
      n: '5',
    });
  });

  test('of earlier steps must be equal', () => {
    expect(match('{{ip}}', '10.0.0.1', 'exact', { ip: '10.0.0.1' })).toEqual({ ip: '10.0.0.1' });
    expect(match('{{ip}}', '10.0.0.2', 'exact', { ip: '10.0.0.1' })).toBeUndefined();
    expect(match('{{ip:ipv4}}', '10.0.0.2', 'exact', { ip: '10.0.0.1' })).toBeUndefined();
  });

  test('a name that is a type is the type until it is captured', () => {
    expect(match('{{ip}}\n{{ip:ipv4}}\n{{ip}}', '::1\n10.0.0.1\n10.0.0.1')).toEqual({ ip: '10.0.0.1' });
    expect(match('{{ip}}\n{{ip:ipv4}}\n{{ip}}', '::1\n10.0.0.1\n10.0.0.2')).toBeUndefined();
  });

  test('are named in order', () => {
    expect(capturedNames('{{b:int}} {{a:word}} {{int}}')).toEqual(['b', 'a']);
    expect(capturedNames('{{b:nope}}')).toEqual([]);
  });
});

describe('wrong patterns', () => {
  test.each([
    ['{{x:ipv5}}', 'there is no type "ipv5"; the types are: ipv4 ipv6'],
    ['{{x:}}', 'there is no type ""'],
    ['{{nobody}}', 'capture it first as {{nobody:TYPE}}'],
    ['{{a-b:int}}', 'the name also becomes a shell variable'],
    ['{{constructor}}', 'neither captured before nor a type'],
    ['( (re)', 'Unterminated group'],
  ])('%j: %s', (line, problem) => {
    expect(checkPattern(line)).toContain(problem);
  });

  test('a name captured before is right', () => {
    expect(checkPattern('{{nobody}}', new Set(['nobody']))).toBeUndefined();
  });

  test('say which line they are in', () => {
    expect(compileLines(['a', '{{x:int}}', '{{x}}', '{{y}}'], [])).toMatchObject({ index: 3 });
  });
});

describe('no expectation hangs the engine', () => {
  const timed = async (run: () => unknown) => {
    const seconds = await processorTime(() => expect(run()).toBeUndefined());
    expect(seconds).toBeLessThan(5);
  };

  test('a regular expression that backtracks for ever is stopped and told', () => {
    expect(() => match('(a+)+b (re)', 'a'.repeat(60))).toThrow(/took longer than/);
  });

  test('many wildcards in a long line', async () => {
    await timed(() => match('[..]a[..]a[..]a[..]a[..]a[..]b', 'a'.repeat(20_000)));
  });

  test('many values in a long line', async () => {
    await timed(() => match('{{word}}{{word}}{{word}}{{word}}!', 'a'.repeat(2_000)));
  });

  test('many `...` in a long output', async () => {
    await timed(() => match('...\na\n...\na\n...\na\n...\nb', 'a\n'.repeat(20_000)));
  });

  test('repeats of repeats', async () => {
    await timed(() => match(`${'a (*)\n'.repeat(12)}b`, 'a\n'.repeat(400)));
  });

  test('a long run under `...`', async () => {
    await timed(() => match('...\na (*)\nb', 'a\n'.repeat(100_000)));
  });

  test('a regular expression under `...` in a long output', async () => {
    await timed(() => match('...\nb+ (re)', 'a\n'.repeat(100_000)));
  });

  test('many unordered lines', async () => {
    const numbers = Array.from({ length: 5_000 }, (_, index) => `line ${index}`);
    await timed(() => match(numbers.join('\n'), [...numbers.slice(1).reverse(), 'x'].join('\n'), 'unordered'));
  });

  test('many unordered wildcards', async () => {
    await timed(() => match('[..]x\n'.repeat(25), `${'ax\n'.repeat(24)}b`, 'unordered'));
  });
});

const line = fc.string({
  unit: fc.constantFrom(
    'a',
    'b',
    '1',
    '.',
    ' ',
    '[',
    ']',
    '{',
    '}',
    ':',
    '(',
    ')',
    '*',
    '?',
    'r',
    'e',
    '\\',
    'é',
    '\t',
  ),
  maxLength: 20,
});

test('where the last line is missing, no place of the `...` before it is tried twice', async () => {
  const lines = Array.from({ length: 100_000 }, (_, index) => `line ${index}`);
  const expected = Array.from({ length: 1000 }, (_, index) => ['line [..]', '...', index < 999 ? 'line [..]' : 'none']);
  const seconds = await processorTime(async () => {
    expect(match(expected.flat().join('\n'), lines.join('\n'))).toBeUndefined();
    expect(match(expected.flat().join('\n'), lines.join('\n'), 'contains')).toBeUndefined();
  });
  expect(seconds).toBeLessThan(5);
});

test('any text, escaped, matches itself', () => {
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const text = lines.join('\n');
      expect(match(lines.map(escapeLine).join('\n'), text)).toEqual({});
    }),
    { numRuns: 500 },
  );
});

test('any text, escaped, matches nothing else', () => {
  fc.assert(
    fc.property(line, line, (expected, actual) => {
      fc.pre(expected.trimEnd() !== actual.trimEnd());
      expect(match(escapeLine(expected), actual)).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

test('a changed line without placeholders never matches', () => {
  const plain = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' ', '1', '.'), minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(plain, fc.nat(), fc.constantFrom('a', 'x', '', ' y'), (text, at, change) => {
      fc.pre(text.trimEnd() !== '...');
      const place = at % text.length;
      const mutant = text.slice(0, place) + change + text.slice(place + 1);
      fc.pre(mutant.trimEnd() !== text.trimEnd());
      expect(match(text, mutant)).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

test('lines taken out of an output are matched by `...`', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), fc.nat(), fc.nat(), (lines, from, count) => {
      const start = from % lines.length;
      const expected = lines.map(escapeLine);
      expected.splice(start, count % (lines.length - start + 1), '...');
      expect(match(expected.join('\n'), lines.join('\n'))).toEqual({});
    }),
  );
});
