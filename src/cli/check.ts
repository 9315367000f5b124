import { dirname, join } from 'node:path';
import { type Diagnostic, ParseError } from '../errors.ts';
import { load } from '../run.ts';
import { compareEditions } from '../runbook/editions.ts';
import { lint } from '../runbook/lint.ts';
import type { Runbook } from '../runbook/types.ts';
import { printDiagnostic } from './print-error.ts';
import { selectFiles } from './select-files.ts';

type Severity = 'error' | 'warning';

/** `netlab check`: 0 nothing found, 1 warnings only, 2 a document is no runbook. */
export async function checkCommand(paths: readonly string[], { json }: { readonly json?: boolean }): Promise<number> {
  const files = selectFiles(paths);
  const found: (Diagnostic & { readonly severity: Severity })[] = [];
  for (const file of files) {
    try {
      const [runbook] = await load([file]);
      if (!runbook) continue;
      const warnings = [...runbook.warnings, ...lint(runbook), ...(await driftOf(runbook))];
      found.push(...warnings.map((each) => ({ ...each, severity: 'warning' as const })));
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      found.push(...error.diagnostics.map((each) => ({ ...each, severity: 'error' as const })));
    }
  }
  if (json) process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
  else {
    for (const each of found) printDiagnostic(each, each.severity);
    const count = (severity: Severity): number => found.filter((each) => each.severity === severity).length;
    process.stdout.write(`${files.length} checked: ${count('error')} errors, ${count('warning')} warnings\n`);
  }
  return found.some((each) => each.severity === 'error') ? 2 : found.length > 0 ? 1 : 0;
}

/** Where a translation is no longer the runbook that it translates. */
async function driftOf(runbook: Runbook): Promise<readonly Diagnostic[]> {
  if (runbook.translates === undefined) return [];
  const [original] = await load([join(dirname(runbook.path), runbook.translates)]);
  return original ? compareEditions(original, runbook) : [];
}
