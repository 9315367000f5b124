import type { ReportTarget } from './types.ts';

/** Ten times a second: seen as motion, and nothing to a terminal. */
const frameMs = 100;

const clearLine = '\r\u001b[2K';
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';

/** One line at the bottom of a terminal that is redrawn in place. Does nothing where there is no terminal. */
export interface LiveLine {
  /** From the next frame on, draws what `text` returns for that frame; it must fit the given columns. */
  show(text: (frame: number, columns: number) => string): void;
  /** Takes the line away and writes `text` in its place, in one go. */
  write(text: string): void;
  /** Takes the line away. */
  clear(): void;
}

/** A live line at the end of what is written to `target`; everything else must be written through it. */
export function createLiveLine(target: ReportTarget): LiveLine {
  let timer: NodeJS.Timeout | undefined;
  let drawn = false;
  let frame = 0;

  function stop(): string {
    clearInterval(timer);
    timer = undefined;
    const erase = drawn ? clearLine + showCursor : '';
    drawn = false;
    return erase;
  }

  return {
    show(text) {
      if (!target.isTerminal) return;
      clearInterval(timer);
      // Not drawn at once: a thousand quick steps would flicker, and cost a write each.
      timer = setInterval(() => {
        // One column is left free: a full line makes some terminals wrap.
        target.write((drawn ? clearLine : hideCursor) + text(frame, target.columns - 1));
        drawn = true;
        frame += 1;
      }, frameMs);
      timer.unref();
    },
    write(text) {
      target.write(stop() + text);
    },
    clear() {
      const erase = stop();
      if (erase !== '') target.write(erase);
    },
  };
}
