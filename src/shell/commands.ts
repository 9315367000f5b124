import { closeSync, constants, openSync, unlinkSync, writeSync } from 'node:fs';

/**
 * The writing end of the FIFO from which a session's bash reads what it executes. It reads byte by byte, and a byte of a
 * FIFO costs it half of what one of a socket does; this process writes to it without a stream in between.
 */
export interface Commands {
  /** Never waits: what does not fit now is written a little later, in order. */
  write(text: string): void;
  close(): void;
}

/** Opens it and takes its name away. Somebody must have it open for reading. */
export function openCommands(path: string): Commands {
  const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  unlinkSync(path);
  let waiting: Buffer | undefined;
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    try {
      while (waiting) {
        const length = writeSync(fd, waiting);
        waiting = length < waiting.length ? waiting.subarray(length) : undefined;
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') timer = setTimeout(flush, 1);
      // A shell that has just ended no longer reads; that it ended is told by its exit.
      else if (code === 'EPIPE') waiting = undefined;
      else throw error;
    }
  };
  return {
    write(text) {
      const busy = waiting !== undefined;
      waiting = waiting ? Buffer.concat([waiting, Buffer.from(text)]) : Buffer.from(text);
      if (!busy) flush();
    },
    close() {
      clearTimeout(timer);
      waiting = undefined;
      closeSync(fd);
    },
  };
}
