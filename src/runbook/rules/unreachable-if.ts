import { suggestion } from '../did-you-mean.ts';
import type { LintRule } from './types.ts';

export const unreachableIf: LintRule = {
  name: 'unreachable-if',
  summary: 'A step whose `if` can never let it run.',
  *find({ runbook, vocabulary: { capabilities } }) {
    const hints = new Map<string, string>();
    for (const { if: capability, skip, span } of runbook.steps) {
      if (capability === undefined) continue;
      const at = span.start.offset;
      if (!capabilities.includes(capability)) {
        const message = `no capability is called "${capability}": this step can never run`;
        const hint = hints.get(capability) ?? suggestion(capability, capabilities);
        hints.set(capability, hint);
        yield { at, message, hint };
      } else if (skip !== undefined) {
        yield { at, message: 'this step is skipped, whatever its "if" says', hint: 'Keep one of "skip" and "if".' };
      }
    }
  },
};

export const unknownCapability: LintRule = {
  name: 'unknown-capability',
  summary: 'A name in `requires` that no machine can have.',
  *find({ runbook, vocabulary: { capabilities } }) {
    for (const name of runbook.requires) {
      if (capabilities.includes(name)) continue;
      const at = Math.max(0, runbook.source.indexOf(name, runbook.source.indexOf('requires')));
      yield { at, message: `no capability is called "${name}"`, hint: suggestion(name, capabilities) };
    }
  },
};
