import type { DiffLine } from '../check/types.ts';
import type { Palette } from './palette.ts';
import { cutLine, printable } from './printable.ts';

/** Equal lines shown before and after a difference. */
const context = 3;
/** A report is to be read: what goes beyond this is in the JSON report. */
const limit = 80;

/** A unified diff: `-` what the document at `place` asks for, `+` what the step printed, as lines without indentation. */
export function diffText(diff: readonly DiffLine[], place: string, palette: Palette): string[] {
  const lines = [palette.red(`--- ${printable(place)}`), palette.green('+++ what it printed')];
  const shown = diff.map((_, index) => isNearDifference(diff, index));
  let count = 0;
  for (let index = 0; index < diff.length; index += 1) {
    if (!shown[index]) {
      const next = shown.indexOf(true, index);
      const hidden = (next === -1 ? diff.length : next) - index;
      lines.push(palette.cyan(`@@ ${hidden} equal ${hidden === 1 ? 'line' : 'lines'} @@`));
      index += hidden - 1;
    } else if (count === limit) {
      lines.push(palette.dim(`${palette.ellipsis} ${diff.length - index} more lines; --reporter json has them all`));
      break;
    } else {
      lines.push(diffLine(diff[index] as DiffLine, palette));
      count += 1;
    }
  }
  return lines;
}

function isNearDifference(diff: readonly DiffLine[], index: number): boolean {
  return diff.slice(Math.max(0, index - context), index + context + 1).some((line) => line.kind !== 'same');
}

function diffLine(line: DiffLine, palette: Palette): string {
  const text = cutLine(printable(line.text), palette.ellipsis);
  if (line.kind === 'expected') return palette.red(`- ${text}`);
  if (line.kind === 'actual') return palette.green(`+ ${text}`);
  return palette.dim(`  ${text}`.trimEnd());
}
