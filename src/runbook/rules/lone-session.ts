import { nearest } from '../did-you-mean.ts';
import type { LintRule } from './types.ts';

/** With more sessions than this, their names are numbers, and all alike. */
const MAX_SESSIONS = 50;

export const loneSession: LintRule = {
  name: 'lone-session',
  summary: 'A session of one step, with nearly the name of another.',
  *find({ runbook }) {
    const counts = new Map<string, number>();
    for (const { session } of runbook.steps) counts.set(session, (counts.get(session) ?? 0) + 1);
    if (counts.size > MAX_SESSIONS) return;
    for (const { session, span, background } of runbook.steps) {
      if (counts.get(session) !== 1 || background !== undefined) continue;
      const near = nearest(
        session,
        [...counts.keys()].filter((other) => other !== session),
      );
      if (near === undefined) continue;
      const hint = `Did you mean session=${near}? State is kept within one session only.`;
      yield { at: span.start.offset, message: `"${session}" is the session of one step`, hint };
    }
  },
};
