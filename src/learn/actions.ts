import type { Task } from '../runbook/types.ts';
import { checkText, helpText, hintsText, solutionText, type TaskView, whyText } from './answers.ts';
import type { CommandName } from './commands.ts';
import type { Lesson } from './lesson.ts';
import type { Look } from './panel.ts';
import type { Progress } from './progress.ts';
import { isDone } from './summary.ts';
import type { Words } from './words.ts';

/** What a command comes to: a text for the learner, and what happens once that was told. */
export interface Answer {
  readonly text: string;
  /** The text is a question; whoever says yes to it gives the command again, with the word `yes`. */
  readonly asks?: boolean;
  readonly after?: () => Promise<void>;
}

/** What a learner's command does, by its name. */
export type Actions = Readonly<Record<CommandName, (words: readonly string[]) => Promise<Answer>>>;

/** What the commands need of the tutor. */
export interface ActionsOptions {
  readonly lesson: Lesson;
  readonly progress: Progress;
  readonly look: Look;
  readonly words: Words;
  readonly say: (text: string) => void;
  readonly view: () => TaskView;
  /** What the learner can do once the task is done. */
  readonly outlook: () => string;
  /** The learner is told of all that holds now. */
  readonly toldAll: () => void;
  /** Begins a task in the lab that is there; resolves to what is asked in it. */
  readonly goOn: (task: Task) => Promise<string>;
  /** Begins a task in a fresh lab, and tells it below `heading`. */
  readonly beginAnew: (task: Task, heading: string) => Promise<void>;
  readonly finish: () => void;
}

/** Who asks for a check waits for it, but not for ever. */
const checkWaitMs = 5000;

export function createActions(options: ActionsOptions): Actions {
  const { lesson, progress, look, words, say, view } = options;
  /** Goes on to another task, or to the end when there is none; first `told`. */
  const advance = async (told: string): Promise<Answer> => {
    const next = lesson.next();
    const above = told && `\n${told}\n`;
    // Where the shell goes away with its lab, it has no time to tell anything.
    if (!next) {
      const after = async (): Promise<void> => {
        say(above);
        options.finish();
      };
      return { text: '', after };
    }
    if (!lesson.goesOn(next)) return { text: '', after: () => options.beginAnew(next, `${above}\n`) };
    const text = await options.goOn(next);
    return { text: told ? `${told}\n\n${text}` : text };
  };
  return {
    task: async () => ({ text: helpText(view()) }),
    async check() {
      lesson.record.checks += 1;
      await lesson.look(checkWaitMs);
      options.toldAll();
      return { text: [checkText(view()), ...(lesson.solved ? [options.outlook()] : [])].join('\n') };
    },
    async hint() {
      const { record, task } = lesson;
      const { length } = task.hints;
      if (length === 0) return { text: words.noHints };
      const again = record.hints >= length;
      record.hints = Math.min(record.hints + 1, length);
      progress.save();
      const text = hintsText(view(), again ? 0 : record.hints - 1, record.hints);
      return { text: again ? `${text}\n${words.thatIsAll}` : text };
    },
    async solution([answer]) {
      const { record, solved } = lesson;
      // Who has solved it may compare: that is no help any more.
      const mayLook = solved || isDone(record.state) || record.solution_shown;
      if (!mayLook && answer !== 'yes') return { text: words.solutionAsk, asks: true };
      if (!mayLook) record.solution_shown = true;
      progress.save();
      return { text: solutionText(view()) };
    },
    async reset() {
      lesson.record.resets += 1;
      progress.save();
      const after = (): Promise<void> => options.beginAnew(lesson.task, `\n${look.dim(`-- ${words.freshLab} --`)}\n`);
      return { text: '', after };
    },
    async next() {
      const { solved, record, standings } = lesson;
      // The state may have changed since, but what was done is done.
      if (solved || isDone(record.state)) return advance(record.solution_shown ? '' : whyText(view()));
      const open = standings.filter((standing) => standing.state !== 'holds').length;
      return { text: words.notDone(open, standings.length) };
    },
    async skip() {
      if (!isDone(lesson.record.state)) lesson.record.state = 'skipped';
      progress.save();
      return advance('');
    },
    async node([name]) {
      const { nodes, desk } = lesson;
      const chosen = nodes.find((node) => node.name === name);
      const known = nodes.map((node, index) => `${index + 1} ${node.name}`).join(', ');
      if (!chosen) return { text: words.nodes(desk?.node?.name ?? '', known) };
      const after = async (): Promise<void> => {
        say(`\n${look.dim(`-- ${chosen.name} --`)}\n`);
        await desk?.goTo(chosen);
      };
      return { text: '', after };
    },
    quit: async () => ({ text: '', after: async () => options.finish() }),
  };
}
