import { startOfLine } from '../source-text.ts';
import type { Step } from '../types.ts';
import type { LintRule, Subject } from './types.ts';

/** A line that opens a block which netlab would run. */
const OPENING =
  /^[ \t>]*(`{3,}|~{3,})[ \t]*(?:console|shell-session|sh-session|terminal|sh|bash|js|ts|yaml expect|text output)\b/;

export const fenceInBlock: LintRule = {
  name: 'fence-in-block',
  summary: 'A line that opens a block inside of another: the one before was probably never closed.',
  *find(subject) {
    for (const step of subject.runbook.steps) {
      for (const at of openings(step, subject)) {
        const hint = 'Close the block before it; text with fences in it stands in a fence of four backticks.';
        yield { at, message: 'this fence is text of the block that it stands in', hint };
      }
    }
  },
};

function* openings({ command, span, expected }: Step, { text }: Subject): Generator<number> {
  const parts = [
    { lines: command.split('\n'), first: span.start.line },
    { lines: expected?.lines ?? [], first: expected?.span.start.line ?? 0 },
  ];
  for (const { lines, first } of parts) {
    for (const [index, line] of lines.entries()) if (OPENING.test(line)) yield startOfLine(text, first - 1 + index);
  }
}
