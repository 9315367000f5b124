import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import headless from '@xterm/headless';

/** A program in a real terminal, its screen drawn by the terminal emulator of VS Code. */
export interface TestTerminal extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Presses keys; `\r` is Enter. */
  type(keys: string): void;
  /** What the screen shows, line by line, trailing blanks and empty lines at the end removed. */
  screen(): string;
  /** Everything that was ever written, control sequences included. */
  raw(): string;
  /** Resolves to the screen once it shows that; rejects with the screen when it does not in time. */
  waitFor(what: string | RegExp, ms?: number): Promise<string>;
  resize(rows: number, columns: number): void;
  readonly emulator: headless.Terminal;
  /** Resolves to its status once the screen shows all that it wrote. */
  readonly ended: Promise<number | null>;
}

export interface TestTerminalOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly rows?: number;
  readonly columns?: number;
}

/** Starts a command line (of POSIX sh) in a terminal that `script` makes. */
export async function openTerminal(command: string, options: TestTerminalOptions = {}): Promise<TestTerminal> {
  const { rows = 24, columns = 80 } = options;
  const folder = mkdtempSync(join(tmpdir(), 'netlab-terminal-'));
  const name = join(folder, 'tty');
  const start = `stty rows ${rows} cols ${columns}; tty >${name}.new; mv ${name}.new ${name}; ${command}`;
  const child = spawn('script', ['-q', '-e', '-f', '-E', 'always', '-c', start, '/dev/null'], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      ...options.env,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const emulator = new headless.Terminal({ rows, cols: columns, allowProposedApi: true });
  let raw = '';
  child.stdout.on('data', (chunk: Buffer) => {
    raw += chunk.toString();
    emulator.write(chunk);
  });
  // Not at its exit: what it wrote last may not have been read then, nor drawn.
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (status) => emulator.write('', () => resolve(status)));
  });
  while (!existsSync(name)) await sleep(10);
  const tty = readFileSync(name, 'utf8').trim();
  const screen = (): string => {
    const { active } = emulator.buffer;
    const lines = Array.from(
      { length: emulator.rows },
      (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '',
    );
    return lines.join('\n').trimEnd();
  };
  return {
    child,
    emulator,
    ended,
    type: (keys) => void child.stdin.write(keys),
    screen,
    raw: () => raw,
    async waitFor(what, ms = 10_000) {
      const deadline = performance.now() + ms;
      const found = (): boolean => (typeof what === 'string' ? screen().includes(what) : what.test(screen()));
      while (!found()) {
        if (performance.now() > deadline) throw new Error(`no ${what} within ${ms} ms on the screen:\n${screen()}`);
        await sleep(10);
      }
      return screen();
    },
    resize(newRows, newColumns) {
      emulator.resize(newColumns, newRows);
      execFileSync('stty', ['-F', tty, 'rows', String(newRows), 'cols', String(newColumns)]);
    },
    async [Symbol.asyncDispose]() {
      // As when its window is closed: the kernel tells the program in it.
      child.kill('SIGKILL');
      await ended;
      emulator.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
