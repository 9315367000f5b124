/** What a stream printed, bounded: of more than `limit` bytes the middle is dropped. */
export interface Collector {
  add(chunk: Buffer): void;
  /** The text so far, decoded only now: a character may be cut by the border of two chunks. */
  text(): string;
  readonly droppedBytes: number;
}

/** Kept of one stream of one step, in bytes: the beginning and the end, half each. */
const keptBytes: number = 4 * 1024 * 1024;

export function collector(limit: number = keptBytes): Collector {
  const head: Buffer[] = [];
  let tail: Buffer[] = [];
  let headBytes = 0;
  let tailBytes = 0;
  let dropped = 0;
  const half = Math.floor(limit / 2);
  return {
    add(chunk) {
      const room = half - headBytes;
      if (room > 0) {
        head.push(chunk.subarray(0, room));
        headBytes += Math.min(room, chunk.length);
      }
      const rest = chunk.subarray(Math.max(0, room));
      if (rest.length === 0) return;
      tail.push(rest);
      tailBytes += rest.length;
      // Joined only when twice the half has come together, so that a byte is copied a bounded number of times.
      if (tailBytes >= 2 * half) {
        const joined = Buffer.concat(tail);
        dropped += joined.length - half;
        tail = [joined.subarray(joined.length - half)];
        tailBytes = half;
      }
    },
    text() {
      const note = dropped > 0 ? [Buffer.from(`\n[netlab: ${dropped} bytes dropped here]\n`)] : [];
      return Buffer.concat([...head, ...note, ...tail]).toString('utf8');
    },
    get droppedBytes() {
      return dropped;
    },
  };
}
