import type { LintFinding } from '../runbook/lint.ts';
import { diagnosticText } from './print-error.ts';

/** What `netlab check` has to tell. */
export interface CheckReport {
  readonly files: number;
  readonly findings: readonly LintFinding[];
}

const severities = { error: 'error', warn: 'warning' } as const;

/** How findings are printed, by the name that --format takes; the first is the default. */
export const findingFormats: Readonly<Record<'pretty' | 'json' | 'github', (report: CheckReport) => void>> = {
  pretty: ({ files, findings }) => {
    for (const each of findings) process.stdout.write(diagnosticText(each, severities[each.level]));
    const count = (level: LintFinding['level']): number => findings.filter((each) => each.level === level).length;
    process.stdout.write(`${files} checked: ${count('error')} errors, ${count('warn')} warnings\n`);
  },
  json: ({ findings }) => {
    const told = findings.map(({ level, ...each }) => ({ ...each, severity: severities[level] }));
    process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
  },
  // Workflow commands: GitHub shows them beside the lines of a pull request.
  github: ({ findings }) => {
    for (const { level, rule, message, hint, position } of findings) {
      const place = `file=${property(position.file)},line=${position.line},col=${position.column}`;
      const text = hint === undefined ? message : `${message}\n${hint}`;
      process.stdout.write(`::${severities[level]} ${place},title=${property(rule)}::${data(text)}\n`);
    }
  },
};

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
