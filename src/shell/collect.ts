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
  /** The end, written round and round. Made when the head is full. */
  let ring: Buffer | undefined;
  let ringBytes = 0;
  const addToRing = (rest: Buffer): void => {
    ring ??= Buffer.allocUnsafeSlow(half);
    const last = rest.subarray(Math.max(0, rest.length - half));
    const at = (ringBytes + rest.length - last.length) % half;
    const fitting = last.copy(ring, at);
    last.copy(ring, 0, fitting);
    ringBytes += rest.length;
  };
  const tail = (): Buffer[] => {
    if (!ring || ringBytes <= half) return ring ? [ring.subarray(0, ringBytes)] : [];
    const at = ringBytes % half;
    return [ring.subarray(at), ring.subarray(0, at)];
  };
  const dropped = (): number => Math.max(0, ringBytes - half);
  return {
    add(chunk) {
      const room = half - headBytes;
      if (room > 0) {
        head.push(Buffer.from(chunk.subarray(0, room)));
        headBytes += Math.min(room, chunk.length);
      }
      if (chunk.length > room) addToRing(chunk.subarray(room));
    },
    bytes() {
      const note = dropped() > 0 ? [Buffer.from(`\n[netlab: ${dropped()} bytes dropped here]\n`)] : [];
      return Buffer.concat([...head, ...note, ...tail()]);
    },
    get droppedBytes() {
      return dropped();
    },
  };
}
