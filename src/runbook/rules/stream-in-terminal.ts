import { plan } from '../plan.ts';
import type { LintRule } from './types.ts';

export const streamInTerminal: LintRule = {
  name: 'stream-in-terminal',
  summary: 'One stream compared alone in a session that is a terminal, which shows both as one.',
  *find({ runbook }) {
    for (const { step, sessionKind } of plan(runbook).steps) {
      if (sessionKind !== 'terminal' || step.stream === 'both') continue;
      const message = 'a terminal shows stdout and stderr as one: they cannot be compared apart';
      const hint = 'Run it in a session of its own, without a nested shell or tty.';
      yield { at: step.span.start.offset, message, hint };
    }
  },
};
