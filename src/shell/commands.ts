import { closeSync, constants, openSync, readSync, unlinkSync, writeSync } from 'node:fs';

/**
 * The writing end of the FIFO from which a session's bash reads what it executes. It reads byte by byte, and a byte of a
 * FIFO costs it half of what one of a socket does; this process writes to it without a stream in between.
 */
export interface Commands {
  /** Never waits: what does not fit now is written a little later, in order. */
  write(text: string): void;
  /** Once the shell has ended: how much of what was written it has not read, in bytes. Asked once. */
  unread(): number;
  close(): void;
}

/** Opens it and takes its name away. Somebody must have it open for reading. */
export function openCommands(path: string): Commands {
  const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  unlinkSync(path);
  let waiting: Buffer | undefined;
  let timer: NodeJS.Timeout | undefined;
  let refused = 0;
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
      else if (code === 'EPIPE') {
        refused += waiting?.length ?? 0;
        waiting = undefined;
      } else throw error;
    }
  };
  return {
    write(text) {
      const busy = waiting !== undefined;
      waiting = waiting ? Buffer.concat([waiting, Buffer.from(text)]) : Buffer.from(text);
      if (!busy) flush();
    },
    unread() {
      const rest = openSync(`/proc/self/fd/${fd}`, constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        // A FIFO holds 64 KiB at most, unless somebody asked for more.
        return readSync(rest, Buffer.allocUnsafe(1024 * 1024)) + refused + (waiting?.length ?? 0);
      } catch {
        return refused + (waiting?.length ?? 0); // EAGAIN: there is nothing in it
      } finally {
        closeSync(rest);
      }
    },
    close() {
      clearTimeout(timer);
      waiting = undefined;
      closeSync(fd);
    },
  };
}
