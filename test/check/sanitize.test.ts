import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sanitize } from '../../src/check/sanitize.ts';
import { processorTime } from '../processor-time.ts';

test.each([
  ['a line end of a terminal', 'one\r\ntwo\r\r\n', 'one\ntwo\n'],
  ['a redrawn line', '10%\r 50%\r100%\n', '100%\n'],
  ['a shorter redrawn line keeps what it does not cover', 'loading\rok\n', 'okading\n'],
  ['erasing to the end of the line', 'loading\r\u001b[Kok\n', 'ok\n'],
  ['erasing the whole line', 'loading\u001b[2K\rok\n', 'ok\n'],
  ['a carriage return at the very end', 'done\r', 'done'],
  ['backspaces', 'abd\bc\n', 'abc\n'],
  ['bold by overstriking', 'N\bNA\bAME\bE', 'NAME'],
  ['a backspace at column 0', '\b\bx', 'x'],
  ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
  ['colon parameters', '\u001b[38:2::1:2:3mx', 'x'],
  ['private modes', '\u001b[?2004h$ \u001b[?25l', '$ '],
  ['a title ended by BEL', '\u001b]0;title\u0007text', 'text'],
  ['a link ended by ST', '\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\', 'link'],
  ['a title that never ends', '\u001b]0;title\nFAILED', '0;title\nFAILED'],
  ['a device control string', 'a\u001bP1$r0m\u001b\\b', 'ab'],
  ['an application command', 'a\u001b_Gi=1;AAAA\u001b\\b', 'ab'],
  ['two bytes', '\u001b7\u001b8\u001b=\u001b>\u001bMx', 'x'],
  ['a character set', '\u001b(B\u001b)0x', 'x'],
  ['eight-bit sequences', '\u009b31mx\u009d0;t\u009cy', 'xy'],
  ['an unfinished sequence', 'x\u001b[12', 'x'],
  ['a lone escape', 'x\u001b', 'x'],
  ['other controls', 'a\u0000b\u0007c\u000bd\u007fe\u0085f', 'abcdef'],
  ['tabs and accents stay', 'a\tb é 日本 🐳', 'a\tb é 日本 🐳'],
  ['moving right', '\u001b[3Gx', '  x'],
  ['moving left', 'abc\u001b[2DX', 'aXc'],
  ['a character outside the basic plane, overwritten', '🐳🐳\rx', 'x🐳'],
])('%s', (_, text, shown) => {
  expect(sanitize(text)).toBe(shown);
});

const noisy = fc.string({
  unit: fc.constantFrom(
    'a',
    'b',
    ' ',
    '\n',
    '\r',
    '\b',
    '\t',
    '\u001b',
    '[',
    ']',
    'K',
    'D',
    '2',
    ';',
    'm',
    '\u0007',
    '\\',
    'P',
    '\u009b',
    '\u009c',
    '\u009d',
    '\u007f',
    '(',
  ),
});

test('nothing that a terminal would obey is left', () => {
  fc.assert(
    fc.property(noisy, (text) => {
      expect(sanitize(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    }),
  );
});

test('sanitizing again changes nothing', () => {
  fc.assert(
    fc.property(noisy, (text) => {
      expect(sanitize(sanitize(text))).toBe(sanitize(text));
    }),
  );
});

test.each([
  '\u001b]',
  '\u009d',
  '\u001bP',
  '\u0090',
  '\u001b[',
  '\u001b[1',
  '\r',
  'x\u001b[2K',
  '\u001b[512C',
  '\b',
  'x\r\u001b[K',
])('a megabyte of %j takes no time', async (part) => {
  const seconds = await processorTime(() => {
    expect(sanitize(part.repeat(1_000_000 / part.length)).length).toBeLessThan(3_000_000);
  });
  expect(seconds).toBeLessThan(3);
});
