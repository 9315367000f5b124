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

/** Marks end with this byte; a prompt is looked for when nothing has come for a moment, the longer the more there is. */
const markEnd = 2;
const calmMs = (length: number): number => 1 + length / 50_000;

export function screen(): Screen {
  let chunks: Buffer[] = [];
  let length = 0;
  let joined: string | undefined;
  let dropped = 0;
  /** As it was at the last `skipTo`, and what stands in the text for what has been dropped since. */
  let droppedBefore = 0;
  let note = Buffer.alloc(0);
  let look: (() => void) | undefined;
  let calm: NodeJS.Timeout | undefined;
  const text = (): string => {
    joined ??= Buffer.concat(chunks).toString('latin1');
    return joined;
  };
  const keep = (bytes: Buffer): void => {
    chunks = [bytes];
    length = bytes.length;
    joined = undefined;
  };
  return {
    // Joining and searching all of it at every chunk would take hours for what a step prints in seconds.
    add(chunk) {
      chunks.push(chunk);
      length += chunk.length;
      joined = undefined;
      if (length > limit) {
        dropped += length - limit / 2 - note.length;
        note = Buffer.from(`\n[netlab: ${dropped - droppedBefore} bytes dropped here]\n`);
        const all = Buffer.concat(chunks);
        keep(Buffer.concat([all.subarray(0, limit / 4), note, all.subarray(-limit / 4)]));
      }
      if (!look) return;
      clearTimeout(calm);
      if (chunk.includes(markEnd)) look();
      else calm = setTimeout(() => look?.(), calmMs(length)).unref();
    },
    until(wanted) {
      return new Promise((resolve, reject) => {
        look = () => {
          try {
            const found = wanted(text());
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
    skipTo(to) {
      keep(Buffer.concat(chunks).subarray(to));
      droppedBefore = dropped;
      note = Buffer.alloc(0);
    },
    get text() {
      return text();
    },
    get droppedBytes() {
      return dropped;
    },
  };
}
