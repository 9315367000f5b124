import { isChecked } from '../plan.ts';
import type { LintRule } from './types.ts';

export const uncheckedStep: LintRule = {
  name: 'unchecked-step',
  summary: 'A step of which nothing but the exit status is checked.',
  *find({ runbook }) {
    for (const step of runbook.steps) {
      if (step.phase !== 'main' || step.background !== undefined || isChecked(step)) continue;
      const message = `nothing but the status of "${step.name.slice(0, 120)}" is checked`;
      const hint = 'Add expected output or a "yaml expect" block, or mark it as setup.';
      yield { at: step.span.start.offset, message, hint };
    }
  },
};
