import { type Channel, channel } from 'node:diagnostics_channel';

/** Who did something. */
export type TraceRoom = 'run' | 'lab' | 'shell';

/** One thing that the engine did, as it is told on the channel `netlab:trace`. */
export interface TraceEntry {
  /** When, on the clock of `performance.now()`. */
  readonly at: number;
  readonly room: TraceRoom;
  readonly text: string;
  /** How long it took, in milliseconds, where it took any. */
  readonly ms: number | undefined;
}

/**
 * Where the engine tells what it does. As long as nobody listens, a line `if (tracing.hasSubscribers) trace(…)` costs a
 * look at that property: no text is made.
 */
export const tracing: Channel = channel('netlab:trace');

/** What is being run: whoever listens may bind a store to it, and so knows of each entry which document it belongs to. */
export const tracedDocument: Channel = channel('netlab:document');

/** Tells of something. `since`, of `performance.now()`: when it began. */
export function trace(room: TraceRoom, text: string, since?: number): void {
  const at = performance.now();
  tracing.publish({ at, room, text, ms: since === undefined ? undefined : at - since } satisfies TraceEntry);
}

/** Tells how long a piece of work took, or why it failed. Not for each step: the text is made whether anybody listens or not. */
export async function traced<T>(room: TraceRoom, text: string, work: Promise<T>): Promise<T> {
  if (!tracing.hasSubscribers) return work;
  const since = performance.now();
  try {
    const result = await work;
    trace(room, text, since);
    return result;
  } catch (error) {
    trace(room, `${text}: failed: ${error instanceof Error ? error.message : String(error)}`, since);
    throw error;
  }
}
