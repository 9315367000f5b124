import { streamTarget } from '../report/target.ts';
import type { OwnTerminal } from '../run/own-terminal.ts';

/** This process's own terminal. */
export function ownTerminal(): OwnTerminal {
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
      stdin.on('data', onData).once('end', onEnd).on('error', onEnd).resume();
      stdout.on('resize', resized);
      return () => {
        stdin.off('data', onData).off('end', onEnd).off('error', onEnd).pause();
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
