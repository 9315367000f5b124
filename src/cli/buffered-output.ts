import type { OutputStream } from '../report/target.ts';

/** How long text waits for more, in milliseconds: nobody sees it, and a thousand quick steps cost one write, not a thousand. */
const delayMs = 25;

/** The most that waits, in UTF-16 units. */
const limit = 65_536;

/** A stream whose writes are gathered for a moment. */
export interface BufferedOutput extends OutputStream {
  /** Writes what waits. */
  flush(): void;
}

/** Writes at once, and is no terminal: nothing is redrawn in it. */
export function plainOutput(stream: OutputStream): BufferedOutput {
  return { write: (text) => stream.write(text), flush: () => {}, isTTY: false };
}

/** Gathers what is written to `stream`; what waits when this process exits is written then. */
export function bufferedOutput(stream: OutputStream): BufferedOutput {
  let waiting = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const text = waiting;
    waiting = '';
    if (text !== '') stream.write(text);
  };
  process.once('exit', flush);
  return {
    write(text) {
      waiting += text;
      if (waiting.length >= limit) flush();
      else timer ??= setTimeout(flush, delayMs);
    },
    flush,
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns ?? 0;
    },
  };
}
