import type { StepResult } from '../events.ts';
import { printableLines } from '../report/printable.ts';

/** Lines of each stream that are shown: the end of it is what one asks for first. */
const tail = 100;

/** Prints what a step printed, so that Vitest's reporters have it beside its failure. */
export function showOutput({ stdout, stderr }: StepResult): void {
  // biome-ignore lint/suspicious/noConsole: Vitest gives each line to the test that is running.
  const print = { stdout: console.log, stderr: console.error };
  if (stdout !== '') print.stdout(lastLines(stdout));
  if (stderr !== '') print.stderr(lastLines(stderr));
}

function lastLines(text: string): string {
  const lines = printableLines(text);
  const hidden = lines.length - tail;
  return [...(hidden > 0 ? [`(${hidden} more lines before)`] : []), ...lines.slice(-tail)].join('\n');
}
