/** What a terminal does unless a program asks for something else: only the cursor is shown. */
const usuallyOn = new Set(['25']);

/** Follows which modes of a terminal (the other screen, bracketed paste, the mouse, …) programs have switched. */
export interface TerminalModes {
  see(bytes: Uint8Array): void;
  /** What brings them back to what they were. */
  restore(): string;
}

export function terminalModes(): TerminalModes {
  const switched = new Set<string>();
  let rest = '';
  return {
    see(bytes) {
      const text = rest + Buffer.from(bytes).toString('latin1');
      for (const [, modes = '', to] of text.matchAll(/\x1b\[\?([\d;]+)([hl])/g)) {
        for (const mode of modes.split(';')) {
          if ((to === 'h') === usuallyOn.has(mode)) switched.delete(mode);
          else switched.add(mode);
        }
      }
      // A sequence may be cut by the border of two chunks.
      rest = /\x1b[^a-zA-Z]{0,20}$/.exec(text)?.[0] ?? '';
    },
    restore() {
      const sequences = [...switched].map((mode) => `\x1b[?${mode}${usuallyOn.has(mode) ? 'h' : 'l'}`);
      switched.clear();
      return sequences.join('');
    },
  };
}
