import type { OwnTerminal } from '../run/own-terminal.ts';
import { outputFilter } from './filter.ts';

/** The upper part of a terminal for a shell, and a panel below it that stays in view. In plain mode there is no panel. */
export interface Screen {
  /** What the shell may take. */
  readonly rows: number;
  readonly columns: number;
  /** What the shell prints. */
  write(bytes: Buffer): void;
  /** Lines of the tutor's own, among those of the shell. */
  say(text: string): void;
  /** Shows the panel; each line must fit. The number of lines may change. True when the shell's rows changed by it. */
  show(lines: readonly string[]): boolean;
  /** After the terminal has another size. */
  resized(): void;
  /** Gives the whole terminal back. */
  close(): void;
}

/** A quiet moment in the shell's output, in milliseconds: not between the halves of what a program draws. */
const quietMs = 20;
/** The panel waits for one no longer than this. */
const patienceMs = 200;

/** A screen in the whole terminal, lines being told one after the other. */
export function plainScreen(terminal: OwnTerminal): Screen {
  return {
    get rows() {
      return terminal.rows;
    },
    get columns() {
      return terminal.columns;
    },
    write: (bytes) => terminal.write(bytes),
    say: (text) => terminal.write(text.replace(/\n/g, '\r\n')),
    show: () => false,
    resized: () => {},
    close: () => {},
  };
}

/** A screen with a panel. The terminal scrolls only the rows above it (DECSTBM); programs are told that these are all. */
export function panelScreen(terminal: OwnTerminal): Screen {
  let panel: readonly string[] = [];
  let pending: { readonly since: number; readonly timer: NodeJS.Timeout } | undefined;
  const rows = (): number => Math.max(2, terminal.rows - panel.length);
  const filter = outputFilter(rows);
  const draw = (): void => {
    clearTimeout(pending?.timer);
    pending = undefined;
    const lines = panel.map((line, index) => `\x1b[${rows() + 1 + index};1H\x1b[0m\x1b[K${line}`);
    terminal.write(`\x1b7\x1b[1;${rows()}r${lines.join('')}\x1b[0m\x1b8`);
  };
  const drawSoon = (): void => {
    const now = performance.now();
    const since = pending?.since ?? now;
    clearTimeout(pending?.timer);
    pending = { since, timer: setTimeout(draw, Math.max(0, Math.min(quietMs, since + patienceMs - now))) };
  };
  /** Scrolls up what stands where the panel will be; the cursor stays with its text. */
  const makeRoom = (): void => {
    const count = panel.length;
    terminal.write(`\x1b7\x1b[r\x1b8\x1b[J${'\n'.repeat(count)}${count > 0 ? `\x1b[${count}A` : ''}`);
    draw();
  };
  return {
    get rows() {
      return rows();
    },
    get columns() {
      return terminal.columns;
    },
    write(bytes) {
      terminal.write(filter.push(bytes));
      if (filter.takeWiped() || pending) drawSoon();
    },
    say: (text) => terminal.write(text.replace(/\n/g, '\r\n')),
    show(lines) {
      const grows = lines.length !== panel.length;
      if (!grows && lines.every((line, index) => line === panel[index])) return false;
      panel = lines;
      if (grows) makeRoom();
      else drawSoon();
      return grows;
    },
    resized: makeRoom,
    close() {
      clearTimeout(pending?.timer);
      terminal.write('\x1b7\x1b[r\x1b8\x1b[J\x1b[0m');
    },
  };
}
