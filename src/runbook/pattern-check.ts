import type { Problems } from './problems.ts';
import { startOfLine } from './source-text.ts';
import type { Phase, Step } from './types.ts';

/** Says what is wrong with a line of expected output, if anything; `known` are the names captured before it. */
export type PatternCheck = (line: string, known: ReadonlySet<string>) => string | undefined;

const CAPTURE = /\{\{\s*([A-Za-z_]\w*)\s*:\s*[\w-]+\s*\}\}/g;
const PHASES: readonly Phase[] = ['setup', 'main', 'teardown'];

/** Steps in the order in which they run: setup first, teardown last. */
export function inOrderOfRun<Each extends Pick<Step, 'phase'>>(steps: readonly Each[]): Each[] {
  return PHASES.flatMap((phase) => steps.filter((step) => step.phase === phase));
}

/** The names that `{{name:type}}` in a text captures. */
export function capturedNames(text: string): string[] {
  // Most lines have none, and looking for one is dear.
  if (!text.includes('{{')) return [];
  return [...text.matchAll(CAPTURE)].map(([, name]) => name ?? '');
}

/** Reports the lines of expected output whose patterns cannot be read. */
export function checkPatterns(steps: readonly Step[], check: PatternCheck, problems: Problems): void {
  const known = new Set<string>();
  for (const step of inOrderOfRun(steps)) {
    for (const [index, line] of (step.expected?.lines ?? []).entries()) {
      const problem = check(line, known);
      if (problem !== undefined && step.expected !== undefined) {
        const start = startOfLine(problems.text, step.expected.span.start.line - 1 + index);
        const hint = 'Correct the pattern, or end the line in " (eq)" to have it compared as it stands.';
        problems.error('bad-pattern', start + (step.expected.prefix?.length ?? 0), problem, hint);
      }
      for (const name of capturedNames(line)) known.add(name);
    }
    for (const { value } of step.expectations) for (const name of capturedNames(JSON.stringify(value))) known.add(name);
  }
}
