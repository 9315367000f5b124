import { CheckProblem } from './problem.ts';
import { searchAll } from './regex.ts';

/** A line that a document waits for while a step runs (`ready=/…/`, `interrupt=/…/`). */
export interface AwaitedLine {
  /** Whether it is one of these, or nobody can tell: there is no use in waiting any longer then. */
  isAmong(lines: readonly string[]): boolean;
  /** Why nobody can tell: its regular expression took too long. */
  readonly problem: string | undefined;
}

/** The first line in which a regular expression is found. */
export function awaitedLine(pattern: string): AwaitedLine {
  let problem: string | undefined;
  return {
    isAmong(lines) {
      if (problem !== undefined) return true;
      try {
        return searchAll(pattern, '', lines).includes(true);
      } catch (error) {
        if (!(error instanceof CheckProblem)) throw error;
        problem = error.message;
        return true;
      }
    },
    get problem() {
      return problem;
    },
  };
}
