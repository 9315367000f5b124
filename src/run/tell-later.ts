import type { RunEvent } from '../events.ts';

/** Tells events a moment later: in the time that a step takes anyway, and not in that between two steps. */
export interface Teller {
  /** Throws what telling an earlier event has thrown. */
  emit(event: RunEvent): void;
  /** Tells what waits, now. */
  flush(): void;
}

export function tellLater(tell: (event: RunEvent) => void): Teller {
  let waiting: RunEvent[] = [];
  let turn: NodeJS.Immediate | undefined;
  let thrown: { readonly error: unknown } | undefined;
  const flush = (): void => {
    clearImmediate(turn);
    turn = undefined;
    if (thrown) throw thrown.error;
    const events = waiting;
    waiting = [];
    for (const event of events) tell(event);
  };
  const flushInTurn = (): void => {
    try {
      flush();
    } catch (error) {
      thrown ??= { error };
    }
  };
  return {
    emit(event) {
      if (thrown) throw thrown.error;
      waiting.push(event);
      // Once the next step is on its way: what comes of it is only looked at after this.
      turn ??= setImmediate(flushInTurn);
    },
    flush,
  };
}
