import { asJson } from './json.ts';
import type { Reporter, ReportTarget } from './types.ts';

/** Writes each event as one JSON document on a line of its own, when it comes. */
export function createReporter(target: ReportTarget): Reporter {
  return { event: (event) => target.write(`${asJson(event)}\n`) };
}
