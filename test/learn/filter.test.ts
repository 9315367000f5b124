import { array, constantFrom, integer, property, string, assert as verify } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outputFilter } from '../../src/learn/filter.ts';

function filtered(...chunks: readonly string[]): { readonly text: string; readonly wiped: boolean } {
  const filter = outputFilter(() => 20);
  const text = chunks.map((chunk) => filter.push(Buffer.from(chunk)).toString('latin1')).join('');
  return { text: Buffer.from(text, 'latin1').toString(), wiped: filter.takeWiped() };
}

describe('what a shell prints', () => {
  it.each([
    ['hello\r\n', 'hello\r\n', false],
    ['\x1b[31mred\x1b[0m\x1b[K', '\x1b[31mred\x1b[0m\x1b[K', false],
    // Scroll regions stay within the shell's rows.
    ['\x1b[r', '\x1b[1;20r', false],
    ['\x1b[3;24r', '\x1b[3;20r', false],
    ['\x1b[3;10r', '\x1b[3;10r', false],
    ['\x1b[?1r', '\x1b[?1r', false],
    // So does the cursor.
    ['\x1b[999;999H\x1b[6n', '\x1b[20;999H\x1b[6n', false],
    ['\x1b[20;1H\x1b[H\x1b[21;1f\x1b[24d', '\x1b[20;1H\x1b[H\x1b[20;1f\x1b[20d', false],
    // Erasing below the cursor, or everything, takes the panel away; erasing above does not.
    ['\x1b[H\x1b[2J', '\x1b[H\x1b[2J', true],
    ['\x1b[J', '\x1b[J', true],
    ['\x1b[1J', '\x1b[1J', false],
    ['\x1b[?1049h', '\x1b[?1049h\x1b7\x1b[1;20r\x1b8', true],
    ['\x1b[?25l', '\x1b[?25l', false],
    ['\x1bc', '\x1bc\x1b[1;20r', true],
    ['\x1b[!p', '\x1b[!p\x1b7\x1b[1;20r\x1b8', true],
  ])('%j goes through as %j', (given, text, wiped) => {
    expect(filtered(given)).toEqual({ text, wiped });
  });

  it('is kept back while a character or a sequence is not complete', () => {
    const filter = outputFilter(() => 20);
    const bytes = Buffer.from('é✓\x1b[2J');
    const pieces = [...bytes].map((byte) => filter.push(Buffer.from([byte])).toString());
    expect(pieces.filter((piece) => piece !== '')).toEqual(['é', '✓', '\x1b[2J']);
  });

  it('is the same however it is cut', () => {
    const part = constantFrom(
      '\x1b[r',
      '\x1b[2J',
      '\x1b]0;title\x07',
      '\x1b[?1049l',
      '✓',
      'a',
      '\x1b',
      '[',
      '5;24r',
      '中',
    );
    verify(
      property(array(part), integer({ min: 1, max: 5 }), (parts, size) => {
        const bytes = Buffer.from(`${parts.join('')} `);
        const filter = outputFilter(() => 20);
        const cut: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += size) cut.push(filter.push(bytes.subarray(at, at + size)));
        return Buffer.concat(cut).equals(outputFilter(() => 20).push(bytes));
      }),
    );
    verify(property(string(), (text) => filtered(`${text} `).text.length >= text.length));
  });
});
