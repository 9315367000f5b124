import { suggestion } from '../did-you-mean.ts';
import type { LintRule } from './types.ts';

export const unknownRule: LintRule = {
  name: 'unknown-rule',
  summary: 'A setting of a rule that does not exist.',
  *find({ runbook, ruleNames }) {
    const hints = new Map<string, string>();
    for (const { rule, span } of runbook.lint ?? []) {
      if (ruleNames.includes(rule)) continue;
      const hint = hints.get(rule) ?? suggestion(rule, ruleNames);
      hints.set(rule, hint);
      yield { at: span.start.offset, message: `there is no rule "${rule}"`, hint };
    }
  },
};
