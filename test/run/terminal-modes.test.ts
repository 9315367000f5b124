import { describe, expect, it } from 'vitest';
import { terminalModes } from '../../src/run/terminal-modes.ts';

const after = (...chunks: readonly string[]): string => {
  const modes = terminalModes();
  for (const chunk of chunks) modes.see(Buffer.from(chunk));
  return modes.restore();
};

describe('terminalModes', () => {
  it.each([
    ['nothing switched', ['text \x1b[31mred\x1b[0m \x1b[2J'], ''],
    ['all of it switched back', ['\x1b[?2004h$ \x1b[?2004l', '\x1b[?25l\x1b[?25h'], ''],
    ['the other screen, and no cursor', ['\x1b[?1049h\x1b[?25l'], '\x1b[?1049l\x1b[?25h'],
    ['several at once', ['\x1b[?1006;1000h', '\x1b[?1006l'], '\x1b[?1000l'],
    ['a sequence that is cut', ['text\x1b[?20', '04h more'], '\x1b[?2004l'],
    ['a sequence that is cut twice', ['text\x1b', '[?2004', 'h'], '\x1b[?2004l'],
  ])('brings back what was switched: %s', (_, chunks, restored) => {
    expect(after(...chunks)).toBe(restored);
  });
});
