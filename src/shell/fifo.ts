import { closeSync, constants, openSync, readSync, unlinkSync } from 'node:fs';
import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';

/** How long output that is still coming may hold up the end of a step, in milliseconds. */
const drainMs = 300;

/** How long a step may run before its output is read while it comes, in milliseconds. Most are over by then. */
const patienceMs = 4;

/** The reading end of a FIFO through which one step's output comes. */
export interface Reader {
  /** Resolves when everything that the step printed has been handed on: at end of file, or when nothing more comes. */
  drain(): Promise<void>;
  /** After `drain`: something that the step left behind still has it open. What it prints goes to `onLate`. */
  readonly held: boolean;
}

type OnData = (chunk: Buffer) => void;

/** A FIFO of a session, open by descriptor only: its name is gone, so nothing that a step deletes can break it. */
export interface Fifo {
  /** What `onData` gets is written over afterwards. `atOnce`: somebody waits for what the step prints while it runs. */
  read(onData: OnData, atOnce: boolean, onLate?: OnData): Reader;
  close(): void;
}

export function openFifo(path: string): Fifo {
  const anchor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  unlinkSync(path);
  /** Starts the reader that has not read anything yet: without the anchor it could not. */
  let startWaiting: (() => void) | undefined;
  // One for all steps, begun anew with each.
  const patience = setTimeout(() => startWaiting?.(), patienceMs).unref();
  return {
    read(onData, atOnce, onLate = () => {}) {
      let stream: Reader | undefined;
      let ended = false;
      const start = (): Reader => {
        startWaiting = undefined;
        const fd = openSync(`/proc/self/fd/${anchor}`, constants.O_RDONLY | constants.O_NONBLOCK);
        stream = readOnce(fd, onData, onLate);
        return stream;
      };
      if (atOnce) {
        start();
      } else {
        startWaiting = start;
        patience.refresh();
      }
      return {
        async drain() {
          startWaiting = undefined;
          ended = stream === undefined && readAvailable(anchor, onData);
          if (!ended) await (stream ?? start()).drain();
        },
        get held() {
          return stream === undefined ? !ended : stream.held;
        },
      };
    },
    close() {
      startWaiting?.();
      clearTimeout(patience);
      closeSync(anchor);
    },
  };
}

const block = Buffer.allocUnsafe(65_536);

/**
 * Reads what is there, up to a few blocks: a child left behind may print for ever. True at end of file, when nobody has
 * the FIFO open for writing any more.
 */
function readAvailable(fd: number, onData: OnData): boolean {
  try {
    for (let blocks = 0; blocks < 16; blocks++) {
      const length = readSync(fd, block);
      if (length === 0) return true;
      onData(block.subarray(0, length));
    }
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
    throw error;
  }
}

function readOnce(fd: number, onData: OnData, onLate: OnData): Reader {
  let ended = false;
  let chunks = 0;
  let late = false;
  // Into one buffer again and again: of a flood, only what is kept takes memory.
  const onread = {
    buffer: Buffer.allocUnsafeSlow(65_536),
    callback: (length: number, buffer: Uint8Array): boolean => {
      chunks++;
      const tell = late ? onLate : onData;
      tell(Buffer.from(buffer.buffer, buffer.byteOffset, length));
      return true;
    },
  };
  const options: SocketConstructorOpts & { readonly onread: OnReadOpts } = {
    fd,
    readable: true,
    writable: false,
    onread,
  };
  const socket = new Socket(options);
  const end = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.once('error', () => {});
  void end.then(() => {
    ended = true;
  });
  return {
    async drain() {
      await Promise.race([end, quiet(() => chunks)]);
      // A reader that was opened when the last writer had gone already is never told of the end: it must ask.
      if (!ended && readAvailable(fd, onData)) {
        ended = true;
        socket.destroy();
      }
      late = true;
      if (!ended) socket.unref();
    },
    get held() {
      return !ended;
    },
  };
}

/**
 * The step is over, so what it printed is in the pipe: once the event loop has polled three times without a chunk, all of
 * it has been read. Bounded, since a child left behind may print for ever.
 */
async function quiet(count: () => number): Promise<void> {
  const deadline = performance.now() + drainMs;
  for (let seen = -1, calm = 0; calm < 3 && performance.now() < deadline; ) {
    calm = seen === count() ? calm + 1 : 0;
    seen = count();
    await turn();
    await sleep(1);
  }
}
