import { compileLine } from './pattern.ts';
import { CheckProblem } from './problem.ts';
import { searchAll } from './regex.ts';

/** Lines that have nothing in common: what matches all of them matches anything. */
const UNLIKE = ['x', '7 ~!', 'Zq  y_z: "§" (9)', '-'];

/** A longer regular expression is none that matches anything, and V8 takes seconds to compile a megabyte. */
const MAX_REGEX = 1000;

/** Whether an expected line matches whatever stands there: `...`, `[..]`, `{{any}}`, `* (glob)`, `.* (re)`. */
export function matchesAnything(line: string): boolean {
  try {
    const { kind, text, elements } = compileLine(line, new Set());
    if (kind === 'regex') return text.length <= MAX_REGEX && searchAll(text, '', UNLIKE).every((isFound) => isFound);
    if (kind === 'gap') return true;
    return (
      elements.length > 0 &&
      elements.every((each) => each.kind === 'gap' || (each.kind === 'value' && each.type === 'any'))
    );
  } catch (error) {
    // A wrong pattern, or one that takes too long, is told elsewhere.
    if (error instanceof CheckProblem) return false;
    throw error;
  }
}
