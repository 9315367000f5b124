import { describe, expect, test } from 'vitest';
import { evaluate } from '../../src/check/evaluate.ts';
import { compileLines, matchLines, toLines } from '../../src/check/lines.ts';
import { capturedNames, checkPattern, escapeLine } from '../../src/check/pattern.ts';
import { checkRegex, parseRegex } from '../../src/check/regex.ts';
import { sanitize } from '../../src/check/sanitize.ts';
import { createTester } from '../../src/check/tester.ts';
import type { Output } from '../../src/shell/types.ts';
import { output, step } from './example.ts';

function matches(expected: string, actual: string, mode: 'exact' | 'contains' | 'unordered' = 'exact'): boolean {
  const patterns = compileLines(expected.split('\n'), []);
  if ('message' in patterns) throw new Error(patterns.message);
  const lines = toLines(actual);
  return (
    matchLines(patterns, lines, createTester(patterns, lines, actual.endsWith('\n')), mode, new Map()) !== undefined
  );
}

const uuid = '123e4567-e89b-12d3-a456-426614174000';
const mac = '02:42:ac:11:00:02';

describe('a value between wildcards', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    [
      'ipv4',
      ['a 10.0.0.1 b', '10.0.0.1.', '::10.0.0.1', '(10.0.0.1)', '10.0.0.1: x'],
      ['x10.0.0.1', '10.0.0.1x', '10.0.0.1.5', 'v:10.0.0.1', 'v.10.0.0.1', '10.0.0.1:80', '1110.0.0.1'],
    ],
    ['ipv6', ['at fe80::1%eth0.100 x', '[::1]', 'fe80::1.'], ['xfe80::1', 'fe80::1x', 'fe80::1:x']],
    [
      'cidr',
      ['a 10.0.0.0/32, b', '::/128', '10.0.0.0/8 '],
      ['10.0.0.0/33', '::/129', '10.0.0.0/8x', 'x10.0.0.0/8', '10.0.0.0/'],
    ],
    ['int', ['x5y', 'a 15', '1.x', '.5', '-5', '+5'], ['1.5', 'x', '']],
    ['number', ['a1.5b', '1.5.', '1e-12 x', '15'], ['1.5.2', 'x']],
    [
      'mac',
      [mac, `(${mac})`, `:${mac}`, '02-42-ac-11-00-02-', `${mac}:`],
      [`x${mac}`, `${mac}x`, `${mac}:03`, `3:${mac}`, '02:42-ac:11:00:02'],
    ],
    ['hex', [' ff ', '(0xff)', 'ff.'], ['xff', 'ffx', 'ff_', '']],
    ['id', ['(4d7f3c6e2a10)', 'sha256:4d7f3c6e2a10.'], ['x4d7f3c6e2a10', '4d7f3c6e2a10x', '4d7f3c6e2a1']],
    ['uuid', [uuid, `(${uuid})`], [`-${uuid}`, `${uuid}-`, `x${uuid}`, `${uuid}x`]],
    ['duration', ['(5s)', '5s.', '1.5s', '.5s', 'a 5 min b'], ['x5s', '5sx', '1.x5s', '5']],
    ['bytes', ['(5MB)', '5MB.', '5.', '5.5', 'a 5 kiB'], ['x5MB', '5MBx', '1.5.5MB', '_5']],
    ['date', ['(2024-01-02)', '2024-01-02.', '2 Jan 2006'], ['x2024-01-02', '2024-01-02x', '2024-13-02']],
    [
      'time',
      ['(12:00)', '12:00:', '12:00.x', '-12:00', '5:12:00'],
      ['x12:00', '12:00x', '12:00:5', '99:12:00', '12:60'],
    ],
    [
      'datetime',
      ['(2024-01-02 12:00)', 'at 2024-01-02T12:00:00Z.'],
      ['x2024-01-02 12:00', '2024-01-02 12:00x', '9:2024-01-02 12:00'],
    ],
  ])('{{%s}}', (type, right, wrong) => {
    const pattern = `[..]{{${type}}}[..]`;
    expect(right.filter((line) => !matches(pattern, line))).toEqual([]);
    expect(wrong.filter((line) => matches(pattern, line))).toEqual([]);
  });

  test.each([
    ['{{cidr}}', '10.0.0.0/32', true],
    ['{{cidr}}', '10.0.0.0/33', false],
    ['{{cidr}}', '::/128', true],
    ['{{cidr}}', '::/129', false],
    ['{{cidr}}/', '10.0.0.0/', false],
    ['{{cidr}}8', '10.0.0.0/8', false],
    ['{{cidr}}8', '10.0.0.0/88', true],
    ['{{cidr}}/8', '10.0.0.0/8/8', true],
    ['{{ipv6}}', '::ffff:10.0.0.1', true],
    ['{{number}}', '-1.5e+12', true],
    ['{{ip:ipv4}}', '10.0.0.1', true],
    ['{{ ip : ipv4 }}', '10.0.0.1', true],
    ['{{ int }}', '5', true],
    ['{{a.b}}', '{{a.b}}', true],
  ])('%s and %s: %s', (pattern, line, found) => expect(matches(pattern, line)).toBe(found));
});

describe('a line with a suffix', () => {
  test.each<[string, string, boolean]>([
    ['\\u{1F600} (esc)', '\u{1f600}', true],
    ['\\u{e9} (esc)', 'é', true],
    ['\\u00e9 (esc)', 'é', true],
    ['\\u{110000} (esc)', '\\u{110000}', true],
    ['\\u{10ffff} (esc)', '\u{10ffff}', true],
    ['\\xe9 (esc)', 'é', false],
    ['caf\\xc3\\xa9 \\303\\251 (esc)', 'café é', true],
    ['\\xff (esc)', '\ufffd', false],
    ['\\ud800 (esc)', '\\ud800', true],
    ['\\101 (esc)', 'A', true],
    ['\\q\\\\ (esc)', '\\q\\', true],
    ['a\\n (escaped)', 'a', true],
    ['x (re) y', 'x (re) y', true],
    ['(re)', '(re)', true],
    ['a|b (regex)', 'b', true],
    ['a|b (re)', 'ax', false],
    ['a* (gl)', 'abc', true],
    ['a\\?c (glob)', 'a?c', true],
    ['a\\?c (glob)', 'abc', false],
    ['a\\\\* (glob)', 'a\\b', true],
    ['\\* (glob)', '*', true],
    ['x\\*y (glob)', 'x*y', true],
    ['\\x (glob)', '\\x', true],
    ['? (glob)', '\u{1f600}', true],
    ['a[..] (glob)', 'abc', true],
    ['a* {{int}} (glob)', 'ab 5', true],
    ['{{int}} (equal)', '{{int}}', true],
    ['{{int}} (eq)', '5', false],
    ['a* (eq)', 'ab', false],
    ['a*', 'ab', false],
    ['a*', 'a*', true],
    ['a? (no-eol)', 'ab', false],
    ['a (no-eol)', 'a', true],
    ['a (no-eol)', 'a\n', false],
    ['a (no-eol)\nb', 'a\nb', false],
    ['a[..] (?)\nb', 'b', true],
    ['a[..] (?)\nb', 'ax\nb', true],
    ['a[..] (?)\nb', 'ax\nay\nb', false],
    ['a (re*)\nb', 'a\na\nb', true],
    ['a (re+)\nb', 'b', false],
    ['a* (glob+)\nb', 'ax\nay\nb', true],
    ['a (esc?)\nb', 'b', true],
    ['a (eq*)\nb', 'b', true],
  ])('%j and %j: %s', (expected, actual, found) => expect(matches(expected, actual)).toBe(found));

  test.each<[string, string, boolean]>([
    ['[..] (?)\n{{int}}', '5', true],
    ['{{int}} (?)\n[..]', 'x\n5', true],
    ['{{int}} (?)\n[..]', 'x\ny', false],
    ['{{n:int}} (?)\n{{m:word}}', '5', true],
    ['{{n:word}}\n{{n}} (?)', 'a', true],
    ['{{n:word}}\n{{n}}!', 'a!\na', true],
    ['{{n:word}}\n{{n}}!', 'a!\nb', false],
    ['a (+)\nb', 'a\nb\na', true],
    ['a\na', 'a', false],
    ['a\n...', 'x\na', true],
  ])('in any order: %j and %j: %s', (expected, actual, found) => {
    expect(matches(expected, actual, 'unordered')).toBe(found);
  });

  test('is checked, and its names are known', () => {
    expect(checkPattern('{{x:int}} (?)')).toBeUndefined();
    expect(checkPattern('{{x}}', new Set(['x']))).toBeUndefined();
    expect(checkPattern('{{x}}')).toContain('neither captured before nor a type');
    expect(checkPattern('( (re)')).toContain('Invalid regular expression');
    expect(capturedNames('{{x:int}} {{int}} {{y:word}} {{x}}')).toEqual(['x', 'y']);
    expect(capturedNames('{{x:int}} {{z}}')).toEqual([]);
    expect(capturedNames('{{z}} {{x:int}}', new Set(['z']))).toEqual(['x']);
  });

  test.each([
    ['a', 'a'],
    ['a  ', 'a'],
    ['...', '... (eq)'],
    ['a (re)', 'a (re) (eq)'],
    ['a [..]', 'a [..] (eq)'],
    ['{{ x }}', '{{ x }} (eq)'],
    ['{{x:', '{{x: (eq)'],
    ['{{x :', '{{x : (eq)'],
    ['{{.x}}', '{{.x}}'],
  ])('%j stands for itself as %j', (text, line) => expect(escapeLine(text)).toBe(line));
});

describe('a regular expression', () => {
  test.each([
    ['/a/', 'a', ''],
    ['/a/b/i', 'a/b', 'i'],
    ['/a\nb/s', 'a\nb', 's'],
  ])('%j is one', (text, source, flags) => expect(parseRegex(text)).toEqual({ source, flags }));
  test.each(['a', '//', '/a', 'a/', 'x/a/', '/a/I', '/a/ x'])('%j is none', (text) =>
    expect(parseRegex(text)).toBeUndefined(),
  );

  test('has no flags that say where to begin', () => {
    expect(checkRegex('a', 'g')).toBe('/a/g: the flags g and y have no meaning here');
    expect(checkRegex('a', 'iy')).toBe('/a/iy: the flags g and y have no meaning here');
    expect(checkRegex('a', 'ims')).toBeUndefined();
    expect(checkRegex('a')).toBeUndefined();
  });
});

describe('what a terminal shows', () => {
  test.each([
    ['ab\u001b[1Dc', 'ac'],
    ['ab\u001b[Dc', 'ac'],
    ['abc\u001b[2Dx', 'axc'],
    ['abc\u001b[9Dx', 'xbc'],
    ['a\u001b[2Cb', 'a  b'],
    ['a\u001b[Cb', 'a b'],
    ['abc\u001b[1Gx', 'xbc'],
    ['abc\u001b[Gx', 'xbc'],
    ['abc\u001b[0Gx', 'xbc'],
    ['abc\u001b[5Gx', 'abc x'],
    ['abc\r\u001b[K', ''],
    ['abc\u001b[2G\u001b[K', 'a'],
    ['abc\u001b[2G\u001b[0K', 'a'],
    ['abc\u001b[2G\u001b[1K', 'abc'],
    ['abc\u001b[2Kx', '   x'],
    ['abc\r\u001b[J', ''],
    ['abc\r\u001b[0J', ''],
    ['abc\r\u001b[2J', 'abc'],
    ['abc\r\u001b[2Jx', 'xbc'],
    ['ab\bc', 'ac'],
    ['\b\bab', 'ab'],
    ['ab\rc', 'cb'],
    ['a\r\r\nb', 'a\nb'],
    ['a\u001b[999999Cb', `a${' '.repeat(511)}b`],
    ['\u001b[600Gb', `${' '.repeat(511)}b`],
    ['\u001b]0;title\u0007a', 'a'],
    ['\u001b]0;title\u001b\\a', 'a'],
    ['\u001b]0;never\na', '0;never\na'],
    ['\u001bPq\u001b\\a', 'a'],
    ['\u001b(Ba\u001b=b', 'ab'],
    ['\u001b[?25la\u001b[38;5;1mb\u009b0mc', 'abc'],
    ['a\u0000\u0007\u000bb', 'ab'],
    ['a\tb\u001b[1Dc', 'a\tc'],
    ['\u{1f600}x\u001b[1Dy', '\u{1f600}y'],
    ['a\u001b', 'a'],
    ['a\rb\u001b[1;2Cc', 'bc'],
    ['a\r\u0001b', 'b'],
  ])('%j is %j', (text, shown) => expect(sanitize(text)).toBe(shown));
});

describe('the message about an output', () => {
  const said = async (asked: Parameters<typeof step>[0], text: string, came: Partial<Output> = {}) => {
    const { checks } = await evaluate(step(asked), output(text, came), new Map());
    return checks.map(({ message }) => message);
  };

  test.each<[string, string, 'exact' | 'contains' | 'unordered', string]>([
    ['', '', 'exact', 'output: nothing, as expected'],
    ['...', 'a\n', 'exact', 'output: anything is accepted'],
    ['...\n...', '', 'exact', 'output: anything is accepted'],
    ['...\na', 'a\n', 'exact', 'output: 1 line, as expected'],
    ['a\nb', 'a\nb\n', 'exact', 'output: 2 lines, as expected'],
    ['a', 'b\na\n', 'contains', 'output: 2 lines, as expected (contains)'],
    ['a', 'a\n', 'unordered', 'output: 1 line, as expected (unordered)'],
    ['a\nb', 'x\na\nc\nd\n', 'contains', 'output: expected "b", which is not there (contains)'],
    ['a', 'a\nb\n', 'unordered', 'output: "b" is not expected (unordered)'],
    ['x'.repeat(160), 'y\n', 'exact', `output: expected "${'x'.repeat(160)}", got "y"`],
    ['x'.repeat(161), 'y\n', 'exact', `output: expected "${'x'.repeat(160)}…", got "y"`],
  ])('%j of %j (%s)', async (expected, text, match, message) => {
    expect((await said({ expected, match }, text)).at(-1)).toBe(message);
  });

  test('is about the line of the first difference', async () => {
    const lineOf = async (expected: string, text: string, match: 'contains' | 'exact') =>
      (await evaluate(step({ expected, match }), output(text), new Map())).checks[1]?.line;
    expect(await lineOf('a\nb\nc', 'x\na\nb\nd\n', 'contains')).toBe(13);
    expect(await lineOf('a\nb', 'x\n', 'contains')).toBe(11);
    expect(await lineOf('a', 'a\nb\nc\n', 'exact')).toBe(11);
  });

  test.each([
    [126, ' (found, but cannot be executed)'],
    [127, ' (command not found)'],
    [129, ' (SIGHUP)'],
    [130, ' (SIGINT)'],
    [134, ' (SIGABRT)'],
    [137, ' (SIGKILL)'],
    [139, ' (SIGSEGV)'],
    [141, ' (SIGPIPE)'],
    [143, ' (SIGTERM)'],
    [1, ''],
  ])('a status of %i%s', async (exit, meaning) => {
    expect((await said({ match: 'ignore' }, '', { exit }))[0]).toBe(`exit: expected status 0, got ${exit}${meaning}`);
  });

  test('keeps so much of what came and no more', async () => {
    const actual = async (length: number) =>
      (await evaluate(step({ expected: 'a' }), output('x'.repeat(length)), new Map())).checks[1]?.actual;
    expect(await actual(65_536)).toBe('x'.repeat(65_536));
    expect(String(await actual(65_537)).slice(65_536)).toMatch(/^.*1 more/s);
  });

  test('what BusyBox says to whoever opens a shell is the shell’s', async () => {
    const greeting =
      "\nBusyBox v1.35.0 (Debian) built-in shell (ash)\nEnter 'help' for a list of built-in commands.\n\n";
    const opened: Partial<Output> = { ending: 'opened', exit: null };
    expect(await said({}, greeting, opened)).toEqual(['output: nothing, as expected']);
    expect(await said({ expected: 'a' }, `a\n\n${greeting}`, opened)).toEqual(['output: 1 line, as expected']);
    expect(await said({}, greeting.slice(1), opened)).toEqual(['output: nothing, as expected']);
    expect(await said({}, `${greeting}x\n`, opened)).toEqual([expect.stringContaining('expected nothing')]);
    expect(await said({}, greeting)).toEqual([expect.anything(), expect.stringContaining('expected nothing')]);
    expect(await said({ expected: `...\nBusyBox v[..]\n...` }, greeting, opened)).toEqual([
      'output: 3 lines, as expected',
    ]);
  });
});
