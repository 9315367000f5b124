import { UsageError } from '../errors.ts';
import { learn } from '../learn/learn.ts';
import type { LearnTerminal } from '../learn/terminal.ts';
import { createPalette } from '../report/palette.ts';
import { streamTarget } from '../report/target.ts';

interface LearnCommandOptions {
  readonly plain?: boolean;
  readonly restart?: boolean;
}

/** `netlab learn`: 0 when every task of the exercise is done, 1 when some are left. */
export async function learnCommand(
  path: string,
  { plain = false, restart = false }: LearnCommandOptions,
): Promise<number> {
  const terminal = ownTerminal();
  if (!terminal.isTerminal && !plain) {
    throw new UsageError('netlab learn needs a terminal, and this is a pipe or a file', {
      hint: 'start it in a terminal, or with --plain, which goes line by line',
    });
  }
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  const term = process.env['TERM'] ?? 'xterm';
  const look = { ...createPalette(terminal), unicode: terminal.unicode };
  const report = await learn({ path, terminal, look, term, plain, restart, signal: stop.signal });
  return report.solved === report.tasks.length ? 0 : 1;
}

/** This process's own terminal. */
function ownTerminal(): LearnTerminal {
  const { stdin, stdout } = process;
  const { colour, unicode, isTerminal } = streamTarget(stdout, process.env);
  return {
    isTerminal: isTerminal && stdin.isTTY,
    colour,
    unicode,
    get rows() {
      return stdout.rows || 24;
    },
    get columns() {
      return stdout.columns || 80;
    },
    write: (text) => void stdout.write(text),
    listen(input, resized) {
      const onData = (bytes: Buffer): void => input(bytes);
      const onEnd = (): void => input(undefined);
      // Every key is the shell's, Ctrl-C included.
      if (stdin.isTTY) stdin.setRawMode(true);
      stdin.on('data', onData).once('end', onEnd).on('error', onEnd);
      stdout.on('resize', resized);
      return () => {
        stdin.off('data', onData).off('end', onEnd).pause();
        try {
          if (stdin.isTTY) stdin.setRawMode(false);
        } catch {
          // A terminal that was closed has no modes.
        }
        stdout.off('resize', resized);
      };
    },
  };
}
