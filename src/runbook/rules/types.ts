import type { SourceText } from '../source-text.ts';
import type { Runbook, Step } from '../types.ts';

/** What other rooms know, and rules ask: the runbook's room judges neither patterns nor machines. */
export interface LintVocabulary {
  /** Whether a line of expected output matches whatever stands there. */
  matchesAnything(line: string): boolean;
  /** Names that `requires` and `if` may have. */
  readonly capabilities: readonly string[];
}

/** What rules look at. */
export interface Subject {
  readonly runbook: Runbook;
  readonly text: SourceText;
  /** The steps as they run: setup first, teardown last. */
  readonly order: readonly Step[];
  readonly vocabulary: LintVocabulary;
  /** The names of all rules. */
  readonly ruleNames: readonly string[];
}

export interface Finding {
  /** Offset in the document. */
  readonly at: number;
  readonly message: string;
  /** What to try, in a sentence. */
  readonly hint: string;
}

/** One thing that is allowed in a runbook and probably not meant. docs/lint.md shows each with a bad and a good example. */
export interface LintRule {
  /** Stable, in kebab-case: it is what turns the rule off. */
  readonly name: string;
  /** What it finds, in a few words: the line under its heading in docs/lint.md. */
  readonly summary: string;
  /** Absent: found while the document is parsed, or when it is compared with another. */
  find?(subject: Subject): Iterable<Finding>;
}
