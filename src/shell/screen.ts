/**
 * The output of a terminal as one growing text of bytes (latin1: one character a byte, so that a marker or a character cut
 * by a chunk's border is whole again), with the places up to which it has been used.
 */
export interface Screen {
  add(chunk: Buffer): void;
  /** Ends with what `wanted` finds in the output since the last `skipTo`, once it finds something. */
  until<T>(wanted: (text: string) => T | undefined): Promise<T>;
  /** Forgets the first `length` bytes; what was not asked for is the terminal's own chatter. */
  skipTo(length: number): void;
  readonly text: string;
  readonly droppedBytes: number;
}

/** How much unread output is kept: the beginning, which may hold a marker, and the end, which may hold the next. */
const limit = 8 * 1024 * 1024;

export function screen(): Screen {
  let text = '';
  let dropped = 0;
  let look: (() => void) | undefined;
  return {
    add(chunk) {
      text += chunk.toString('latin1');
      if (text.length > limit) {
        dropped += text.length - limit / 2;
        text = text.slice(0, limit / 4) + text.slice(-limit / 4);
      }
      look?.();
    },
    until(wanted) {
      return new Promise((resolve, reject) => {
        look = () => {
          try {
            const found = wanted(text);
            if (found === undefined) return;
            look = undefined;
            resolve(found);
          } catch (error) {
            reject(error);
          }
        };
        look();
      });
    },
    skipTo(length) {
      text = text.slice(length);
    },
    get text() {
      return text;
    },
    get droppedBytes() {
      return dropped;
    },
  };
}
