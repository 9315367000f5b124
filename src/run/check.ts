import { dirname, join } from 'node:path';
import { matchesAnything } from '../check/index.ts';
import { type Diagnostic, ParseError, UsageError } from '../errors.ts';
import { capabilityNames } from '../lab/capabilities.ts';
import { LINT_LEVELS } from '../runbook/attributes.ts';
import { compareEditions } from '../runbook/editions.ts';
import { judge, type LintFinding, lint, ruleNames } from '../runbook/lint.ts';
import type { LintLevel, Runbook } from '../runbook/types.ts';
import { checkPaths, unfit } from './check-options.ts';
import { load } from './load.ts';

/** What documents are looked at, and how. */
export interface CheckOptions {
  /** Markdown files. */
  readonly paths: readonly string[];
  /** How findings of a rule count, by its name; `warn` unless given here or in a document. */
  readonly rules?: Readonly<Record<string, LintLevel>>;
}

/**
 * Finds what is wrong in documents, or allowed but probably not meant, as `netlab check` does: in the order of the paths,
 * then of place. Nothing is run. A document that is no runbook is a finding of level `error`; rejects with a `UsageError`
 * for a file that cannot be read, or a rule that is not there.
 */
export async function check({ paths, rules = {} }: CheckOptions): Promise<readonly LintFinding[]> {
  checkPaths(paths);
  const unknown = Object.keys(rules).find((name) => !ruleNames.includes(name));
  if (unknown !== undefined) {
    const hint = `The rules are ${ruleNames.join(', ')}.`;
    throw new UsageError(`there is no rule ${JSON.stringify(unknown)}`, { hint });
  }
  for (const [name, level] of Object.entries(rules)) {
    if (!LINT_LEVELS.includes(level)) throw unfit(`rules.${name}`, level, LINT_LEVELS.join(', '));
  }
  const levels = new Map(Object.entries(rules));
  const findings: LintFinding[] = [];
  for (const path of paths) findings.push(...(await findingsOf(path, levels)));
  return findings;
}

async function findingsOf(path: string, levels: ReadonlyMap<string, LintLevel>): Promise<readonly LintFinding[]> {
  try {
    const [runbook] = await load([path]);
    if (!runbook) return [];
    const found = [...lint(runbook, { matchesAnything, capabilities: capabilityNames }), ...(await driftOf(runbook))];
    return judge(found, runbook, levels);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return error.diagnostics.map((each) => ({ ...each, level: 'error' as const }));
  }
}

/** Where a translation is no longer the runbook that it translates. */
async function driftOf(runbook: Runbook): Promise<readonly Diagnostic[]> {
  if (runbook.translates === undefined) return [];
  const [original] = await load([join(dirname(runbook.path), runbook.translates)]);
  return original ? compareEditions(original, runbook) : [];
}
