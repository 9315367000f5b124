import { type Diagnostic, formatPosition, type NetlabError, ParseError } from '../errors.ts';
import { printableLines } from '../report/printable.ts';

/** An error on standard error: what happened, where, what to try. */
export function printError(error: NetlabError): void {
  if (error instanceof ParseError) {
    for (const diagnostic of error.diagnostics) process.stderr.write(diagnosticText(diagnostic, 'error'));
    return;
  }
  const where = error.position ? `${formatPosition(error.position)}: ` : '';
  const log = 'log' in error && typeof error.log === 'string' && error.log !== '' ? `\n${error.log}` : '';
  process.stderr.write(
    printable(`netlab: ${where}${error.message}${log}\n${error.hint ? `  try: ${error.hint}\n` : ''}`),
  );
}

/** One finding, in the form that editors make clickable. */
export function diagnosticText(diagnostic: Diagnostic, severity: 'error' | 'warning'): string {
  const { position, message, rule, hint } = diagnostic;
  return printable(`${formatPosition(position)}: ${severity}: ${message} [${rule}]\n${hint ? `  try: ${hint}\n` : ''}`);
}

/** Messages quote documents, and a document must not be able to drive the reader's terminal. */
function printable(text: string): string {
  return `${printableLines(text).join('\n')}\n`;
}
