import type { LintRule } from './types.ts';

export const negatedInterface: LintRule = {
  name: 'negated-interface',
  summary: 'An interface such as `!docker0` in a check of iptables: read as "not docker0", where iptables prints it.',
  *find({ runbook }) {
    for (const { expectations } of runbook.steps) {
      for (const { key, value, span } of expectations) {
        if (key !== 'iptables') continue;
        let from = span.start.offset;
        for (const { field, written } of negations(value)) {
          const found = runbook.source.indexOf(written, from);
          from = found === -1 ? from : found + written.length;
          const message = `"${field}: ${written}" holds for every interface but ${written.slice(1)}`;
          const hint = `Write "== ${written}" for what iptables prints, or "!= ${written.slice(1)}" for any other.`;
          yield { at: found === -1 ? span.start.offset : found, message, hint };
        }
      }
    }
  },
};

interface Negation {
  readonly field: string;
  readonly written: string;
}

function* negations(value: unknown): Generator<Negation> {
  if (typeof value !== 'object' || value === null) return;
  for (const [field, part] of Object.entries(value)) {
    const isNegated = typeof part === 'string' && /^![\w.+-]/.test(part);
    if ((field === 'in' || field === 'out') && isNegated) yield { field, written: part };
    else yield* negations(part);
  }
}
