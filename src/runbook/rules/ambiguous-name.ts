import type { LintRule } from './types.ts';

export const ambiguousName: LintRule = {
  name: 'ambiguous-name',
  summary: 'A name that is also the number of a step, or that another block gives to one of its commands.',
  *find({ runbook }) {
    const lines = new Map<string, number>();
    for (const { name, blockName, span } of runbook.steps) {
      if (blockName === undefined) continue;
      const other = lines.get(name);
      if (other !== undefined) {
        const hint = `The other one is at line ${other}: the commands of a block named x are x, x-2, x-3.`;
        yield { at: span.start.offset, message: `two steps are called "${name}"`, hint };
      } else if (/^\d+$/.test(name)) {
        const message = `"${name}" is the number of a step, too`;
        yield { at: span.start.offset, message, hint: '--step takes names and numbers: give it a name with a letter.' };
      }
      lines.set(name, span.start.line);
    }
  },
};
