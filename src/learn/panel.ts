import type { Palette } from '../report/palette.ts';
import { printable } from '../report/printable.ts';
import { fitWidth, textWidth } from '../report/width.ts';
import type { Standing } from './watch.ts';

/** How things look in the learner's terminal. */
export interface Look extends Palette {
  /** Symbols beyond ASCII can be shown. */
  readonly unicode: boolean;
  /** Before each criterion: whether it holds. */
  readonly marks: Readonly<Record<Standing['state'], string>>;
}

/** What the panel says. */
export interface PanelView {
  /** Such as `1/2`. */
  readonly place: string;
  readonly title: string;
  readonly standings: readonly Standing[];
  /** What the learner can do now. */
  readonly note: string;
  /** Where there is not room for both, the note stays and the title goes. */
  readonly isNoteFirst: boolean;
}

/** At most so many criteria are in view; in a low terminal fewer. */
const mostCriteria = 4;

/** A title is not cut to less than this, in columns. */
const shortest = 10;

/** The panel's lines, each within the terminal's width. */
export function panelLines(
  view: PanelView,
  look: Look,
  { rows, columns }: { rows: number; columns: number },
): string[] {
  const { standings } = view;
  const shownCount = Math.min(mostCriteria, standings.length, Math.max(0, Math.floor(rows / 3) - 1));
  const held = standings.filter(({ state }) => state === 'holds').length;
  const count = shownCount < standings.length ? ` (${held} of ${standings.length})` : '';
  const rule = look.unicode ? '─' : '-';
  const right = ` ${view.note} ${rule}${rule}`;
  const left = (title: string): string => `${rule}${rule} ${view.place} ${title}${count} `;
  const room = columns - textWidth(left('')) - textWidth(right) - 1;
  const title = printable(view.title);
  // What can be done now is worth more than the end of a long title.
  const fitted = room >= Math.min(shortest, textWidth(title)) ? left(fitWidth(title, room, look.ellipsis)) : '';
  const between = columns - textWidth(fitted) - textWidth(right);
  const head =
    fitted !== ''
      ? look.bold(fitted) + look.dim(rule.repeat(between)) + right
      : fitWidth(view.isNoteFirst ? `${rule}${right}` : left(title) + right, columns, look.ellipsis);
  // What is still to be done comes first when there is not room for all.
  const chosen = shownCount < standings.length ? standings.toSorted((a, b) => weight(a) - weight(b)) : standings;
  return [head, ...chosen.slice(0, shownCount).map((standing) => criterionLine(standing, look, columns))];
}

/** One criterion and whether it holds, in one line of at most `columns`. */
export function criterionLine({ criterion, state }: Standing, look: Look, columns: number): string {
  const text = fitWidth(printable(criterion.description), columns - 4 - textWidth(look.marks[state]), look.ellipsis);
  return ` ${markOf(state, look)} ${state === 'holds' ? look.dim(text) : text}`;
}

function weight({ state }: Standing): number {
  return state === 'holds' ? 1 : 0;
}

/** The marks for a terminal that can show these characters. */
export function marksFor(unicode: boolean): Look['marks'] {
  if (unicode) return { unknown: '·', open: '○', holds: '✓', errored: '!' };
  return { unknown: '[ ]', open: '[ ]', holds: '[x]', errored: '[!]' };
}

function markOf(state: Standing['state'], { marks, green, red }: Look): string {
  return state === 'holds' ? green(marks.holds) : state === 'errored' ? red(marks.errored) : marks[state];
}
