import type { Reporter, ReportTarget } from './types.ts';

/** Writes the `run` of `run:end` as one JSON document, when it comes. */
export function createReporter(target: ReportTarget): Reporter {
  return {
    event(event) {
      if (event.type === 'run:end') target.write(`${JSON.stringify(event.run, keepKeys, 2)}\n`);
    },
  };
}

/** A value that is not there is `null`: a reader can count on every key. */
export function keepKeys(_key: string, value: unknown): unknown {
  return value === undefined ? null : value;
}
