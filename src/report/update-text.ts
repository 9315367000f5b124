import type { DocumentUpdate } from '../events.ts';
import type { Palette } from './palette.ts';
import { printable, printableLines } from './printable.ts';

/** What an update did to a document: the differences, then in a line or two what they are. */
export function updateText(update: DocumentUpdate, palette: Palette): string[] {
  if (!update.written) return [`  ${palette.red(`not updated: ${printable(update.reason ?? '')}`)}`];
  const count = update.changed.length;
  return [
    '',
    ...printableLines(update.diff).map((line) => diffLine(line, palette)),
    '',
    `  ${palette.bold('updated')}: ${count} ${count === 1 ? 'step' : 'steps'}, at line ${update.changed.join(', ')}`,
    ...update.statuses.map(({ line, name, before, after }) => {
      const text = `status at line ${line}: was ${before}, is ${after} now: ${printable(name)}`;
      return `  ${after === 0 ? text : palette.red(text)}`;
    }),
  ];
}

function diffLine(line: string, palette: Palette): string {
  if (line.startsWith('@@')) return palette.cyan(line);
  if (line.startsWith('-')) return palette.red(line);
  return line.startsWith('+') ? palette.green(line) : palette.dim(line);
}
