import type { Interface } from './ip_interface.ts';
import { type Line, stop, toCount, words } from './reading.ts';

/** Headings of `ip -s`, and the names of their counters in JSON. */
const names: Readonly<Record<string, string>> = {
  bytes: 'bytes',
  packets: 'packets',
  errors: 'errors',
  dropped: 'dropped',
  missed: 'missed_errors',
  overrun: 'over_errors',
  mcast: 'multicast',
  carrier: 'carrier_errors',
  collsns: 'collisions',
  compressed: 'compressed',
  length: 'length_errors',
  crc: 'crc_errors',
  frame: 'frame_errors',
  fifo: 'fifo_errors',
  nohandler: 'nohandler',
  otherhost: 'otherhost_dropped',
  aborted: 'aborted_errors',
  window: 'window_errors',
  heartbt: 'heartbeat_errors',
  heartbeat: 'heartbeat_errors',
  transns: 'carrier_changes',
};

/** Two lines of `ip -s`: the headings `RX:  bytes packets …` and the counters below them. */
export function readStatistics(kind: string, headings: Line, counters: Line, to: Interface): void {
  const [direction = '', ...columns] = words(headings.text.replace(/ errors:/, ':'));
  const values = words(counters.text).map(toCount);
  if (values.length !== columns.length || values.includes(null)) stop(kind, counters);
  const all = (to['stats64'] ?? { rx: {}, tx: {} }) as Record<string, Record<string, number | null>>;
  const side = direction.slice(0, 2).toLowerCase();
  const read = columns.map((column, at) => [names[column] ?? column, values[at] ?? null] as const);
  to['stats64'] = { ...all, [side]: { ...all[side], ...Object.fromEntries(read) } };
}
