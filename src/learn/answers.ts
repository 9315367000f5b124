import type { Task } from '../runbook/types.ts';
import { type BriefStyle, briefText } from './brief.ts';
import { criterionLine, type Look } from './panel.ts';
import { explanationOf, type Standing } from './watch.ts';
import { commandsText } from './words.ts';

/** What is told of a task, and how wide. */
export interface TaskView {
  readonly task: Task;
  /** Such as `1/2`. */
  readonly place: string;
  readonly standings: readonly Standing[];
  readonly look: Look;
  readonly columns: number;
}

/** Lines are not longer than this, in columns: longer ones are hard to read. */
const readable = 100;

/** What is asked, and what must hold. */
export function taskText({ task, place, standings, look, columns }: TaskView): string {
  const style = styleOf(look, columns);
  const { length } = task.hints;
  const hints = length === 0 ? '' : length === 1 ? ' There is a hint.' : ` There are ${length} hints.`;
  const list = standings.map((standing) => criterionLine(standing, look, style.columns));
  const held = standings.length === 1 ? 'It is done when this holds.' : 'It is done when all of these hold.';
  return [look.bold(`${place} ${task.title}`), '', briefText(task.brief, style), '', held + hints, ...list].join('\n');
}

/** The same, with all that can be typed. */
export function helpText(view: TaskView): string {
  return `${taskText(view)}\n\n${commandsText()}`;
}

/** What holds, and of what does not, why. */
export function checkText({ standings, look, columns }: TaskView): string {
  const style = styleOf(look, columns - 5);
  const lines = standings.flatMap((standing) => {
    const line = criterionLine(standing, look, style.columns);
    if (standing.state === 'holds') return [line];
    // Each line by itself: what a check prints is not Markdown.
    return [
      line,
      ...explanationOf(standing).flatMap((text) => chunks(text, style.columns).map((part) => `     ${part}`)),
    ];
  });
  return lines.join('\n');
}

/** Hints `from` up to `to`, from 0. */
export function hintsText({ task, look, columns }: TaskView, from: number, to: number): string {
  const { hints } = task;
  const shown = hints.slice(from, to).map(({ text }, index) => {
    const head = look.bold(`Hint ${from + index + 1} of ${hints.length}`);
    return `${head}\n${briefText(text, styleOf(look, columns))}`;
  });
  return shown.join('\n');
}

/** The solution as it would be typed. */
export function solutionText({ task, look }: TaskView): string {
  const blocks = task.solution.map(({ node, command }) => (node === undefined ? command : `# on ${node}:\n${command}`));
  return `${look.bold('A solution')}\n${blocks.join('\n').replace(/^/gm, '    ')}`;
}

function styleOf(look: Look, columns: number): BriefStyle {
  return { columns: Math.min(columns, readable) - 1, bold: look.bold, code: look.cyan };
}

function chunks(text: string, columns: number): string[] {
  const words = text.split(' ');
  const lines = [''];
  for (const word of words) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
