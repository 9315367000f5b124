import { capturesOf, namesExpected, variablesRead } from './captures.ts';
import type { LintRule } from './types.ts';

export const unusedCapture: LintRule = {
  name: 'unused-capture',
  summary: 'A value that is captured and never used.',
  *find(subject) {
    const captures = capturesOf(subject);
    if (captures.length === 0) return;
    // A value is expected in its own step already; a command has it from the next step on.
    const lastExpected = new Map<string, number>();
    const lastRead = new Map<string, number>();
    for (const [turn, step] of subject.order.entries()) {
      for (const name of namesExpected(step)) lastExpected.set(name, turn);
      for (const name of variablesRead(step)) lastRead.set(name, turn);
    }
    for (const { name, turn, at } of captures) {
      if ((lastExpected.get(name) ?? -1) >= turn || (lastRead.get(name) ?? -1) > turn) continue;
      const hint = `Use it later as {{${name}}} or $${name}, or leave the name out.`;
      yield { at, message: `"${name}" is captured and never used`, hint };
    }
  },
};
