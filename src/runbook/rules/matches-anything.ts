import type { Expectation } from '../types.ts';
import type { LintRule } from './types.ts';

export const matchesAnything: LintRule = {
  name: 'matches-anything',
  summary: 'Expected output or an expectation that holds whatever comes.',
  *find({ runbook, vocabulary }) {
    for (const { expected, match, expectations } of runbook.steps) {
      const lines = expected?.lines ?? [];
      // `...` alone is said by "unchecked-step".
      const isPattern = lines.length > 1 || lines[0]?.trim() !== '...';
      const isOpen = lines.length > 0 && isPattern && lines.every((line) => vocabulary.matchesAnything(line));
      if (expected !== undefined && isOpen && match !== 'ignore') {
        const hint = 'Write out a line that shows that it worked.';
        yield { at: expected.span.start.offset, message: 'this expected output matches anything', hint };
      }
      for (const expectation of expectations) {
        if (!saysNothing(expectation)) continue;
        const hint = 'Name a field and its value, such as "ping: { packets_received: 2 }".';
        yield { at: expectation.span.start.offset, message: `"${expectation.key}" holds whatever comes`, hint };
      }
    }
  },
};

/** An empty mapping or list, of which everything has all parts, or a pattern of nothing but wildcards. */
function saysNothing({ value }: Expectation): boolean {
  if (typeof value === 'string') return /^\/\^?(?:\(?(?:\.|\[\\s\\S\])[*+]\??\)?)?\$?\/[a-z]*$/.test(value);
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
