import { textWidth } from '../report/width.ts';
import type { Task } from '../runbook/types.ts';
import { type BriefStyle, briefText } from './brief.ts';
import { commandNames, keyOf } from './commands.ts';
import { explanationOf } from './explain.ts';
import { criterionLine, type Look } from './panel.ts';
import type { Standing } from './watch.ts';
import type { Words } from './words.ts';

/** What is told of a task, and how wide. */
export interface TaskView {
  readonly task: Task;
  /** Such as `1/2`. */
  readonly place: string;
  readonly standings: readonly Standing[];
  readonly look: Look;
  readonly words: Words;
  readonly columns: number;
}

/** Lines are not longer than this, in columns: longer ones are hard to read. */
const readable = 100;

/** What is asked, and what must hold. */
export function taskText({ task, place, standings, look, words, columns }: TaskView): string {
  const style = styleOf(look, columns);
  const list = standings.map((standing) => criterionLine(standing, look, style.columns));
  const doneWhen = words.doneWhen(standings.length, task.hints.length);
  return [look.bold(`${place} ${task.title}`), '', briefText(task.brief, style), '', doneWhen, ...list].join('\n');
}

/** The same, with all that can be typed. */
export function helpText(view: TaskView): string {
  const { words, look, columns } = view;
  const lines = commandNames.map((name) => `  ${name.padEnd(10)} Ctrl-] ${keyOf[name]}   ${words.commands[name]}`);
  return [taskText(view), '', ...lines, '', briefText(words.aboutMenu, styleOf(look, columns))].join('\n');
}

/** What holds, and of what does not, why. */
export function checkText({ standings, look, words, columns }: TaskView): string {
  const style = styleOf(look, columns - 5);
  const lines = standings.flatMap((standing) => {
    const line = criterionLine(standing, look, style.columns);
    if (standing.state === 'holds') return [line];
    // Each line by itself: what a check prints is not Markdown.
    return [
      line,
      ...explanationOf(standing, words.explain).flatMap((text) =>
        chunks(text, style.columns).map((part) => `     ${part}`),
      ),
    ];
  });
  return lines.join('\n');
}

/** Hints `from` up to `to`, from 0. */
export function hintsText({ task, look, words, columns }: TaskView, from: number, to: number): string {
  const { hints } = task;
  const shown = hints.slice(from, to).map(({ text }, index) => {
    const head = look.bold(words.hintHead(from + index + 1, hints.length));
    return `${head}\n${briefText(text, styleOf(look, columns))}`;
  });
  return shown.join('\n');
}

/** The solution as it would be typed, and why it is one. */
export function solutionText(view: TaskView): string {
  const { task, look, words } = view;
  const blocks = task.solution.map(({ node, command }) => (node === undefined ? command : `# ${node}\n${command}`));
  const why = whyText(view);
  return `${look.bold(words.solutionHead)}\n${blocks.join('\n').replace(/^/gm, '    ')}${why && `\n\n${why}`}`;
}

/** What the document has to say beside its solution; empty if nothing. */
export function whyText({ task, look, columns }: TaskView): string {
  return briefText(task.why, styleOf(look, columns));
}

function styleOf(look: Look, columns: number): BriefStyle {
  return { columns: Math.min(columns, readable) - 1, bold: look.bold, code: look.cyan };
}

function chunks(text: string, columns: number): string[] {
  const lines = [''];
  // Words with the blanks before them; where there are none, as in Chinese, single characters.
  for (const unit of text.match(/\s*[\u2e80-\uffef]|\s*[^\s\u2e80-\uffef]+/gu) ?? []) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && textWidth(last + unit) > columns) lines.push(unit.trimStart());
    else lines[lines.length - 1] = last === '' ? unit.trimStart() : last + unit;
  }
  return lines;
}
