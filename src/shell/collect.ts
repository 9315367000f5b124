/** What a stream printed, bounded: of more than `limit` bytes the middle is dropped. */
export interface Collector {
  /** Keeps a copy of what it keeps: the chunk may be written over. */
  add(chunk: Buffer): void;
  /** All that is kept so far, with a note where the middle is missing. */
  bytes(): Buffer;
  readonly droppedBytes: number;
}

/** Kept of one stream of one step, in bytes: the beginning and the end, half each. */
const keptBytes: number = 4 * 1024 * 1024;

export function collector(limit: number = keptBytes): Collector {
  const half = Math.floor(limit / 2);
  const head: Buffer[] = [];
  let headBytes = 0;
  /** The end. Made when the head is full, which it is of few steps. */
  let ring: Ring | undefined;
  return {
    add(chunk) {
      const room = half - headBytes;
      if (room > 0) {
        head.push(Buffer.from(chunk.subarray(0, room)));
        headBytes += Math.min(room, chunk.length);
      }
      if (chunk.length > room) {
        ring ??= ringOf(half);
        ring.add(chunk.subarray(room));
      }
    },
    bytes() {
      const [only] = head;
      if (only && head.length === 1 && !ring) return only;
      return Buffer.concat([...head, ...(ring?.parts() ?? [])]);
    },
    get droppedBytes() {
      return ring?.droppedBytes ?? 0;
    },
  };
}

interface Ring {
  add(rest: Buffer): void;
  /** What it holds, in order; before it a note of what it does not. */
  parts(): readonly Buffer[];
  readonly droppedBytes: number;
}

/** The last `size` bytes of what is added, written round and round. */
function ringOf(size: number): Ring {
  const ring = Buffer.allocUnsafeSlow(size);
  let bytes = 0;
  return {
    add(rest) {
      const last = rest.subarray(Math.max(0, rest.length - size));
      const at = (bytes + rest.length - last.length) % size;
      const fitting = last.copy(ring, at);
      last.copy(ring, 0, fitting);
      bytes += rest.length;
    },
    parts() {
      if (bytes <= size) return [ring.subarray(0, bytes)];
      const at = bytes % size;
      return [Buffer.from(`\n[netlab: ${bytes - size} bytes dropped here]\n`), ring.subarray(at), ring.subarray(0, at)];
    },
    get droppedBytes() {
      return Math.max(0, bytes - size);
    },
  };
}
