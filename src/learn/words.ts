import type { CommandName } from './commands.ts';
import type { TaskState } from './progress.ts';
import type { Standing } from './watch.ts';
import { english } from './words-en.ts';
import { chinese } from './words-zh.ts';

/** All that is told to a learner, in one language. Names of commands and keys are the same in all of them. */
export interface Words {
  readonly commands: Readonly<Record<CommandName, string>>;
  readonly menu: string;
  readonly aboutMenu: string;
  /** At the right of the panel. */
  readonly preparing: string;
  readonly doneIn: (time: string) => string;
  readonly allDone: string;
  /** Above the criteria of a task. */
  readonly doneWhen: (criteria: number, hints: number) => string;
  readonly hintHead: (number: number, of: number) => string;
  readonly noHints: string;
  readonly thatIsAll: string;
  readonly solutionHead: string;
  readonly solutionAsk: string;
  readonly yesOrNo: string;
  readonly freshLab: string;
  readonly notDone: (open: number, of: number) => string;
  readonly nodes: (here: string, known: string) => string;
  readonly noCommand: (name: string) => string;
  readonly shellEnded: string;
  readonly shellKeys: string;
  readonly died: (why: string) => string;
  readonly diedKeys: string;
  /** With --plain, before each criterion. */
  readonly marks: Readonly<Record<Standing['state'], string>>;
  readonly states: Readonly<Record<TaskState, string>>;
  readonly summary: (title: string, solved: number, of: number, time: string) => string;
  readonly summaryOf: (time: string, hints: number, of: number) => string;
  readonly everythingDone: string;
  readonly course: (title: string, done: number, of: number) => string;
  readonly courseItem: (solved: number, of: number, time: string) => string;
  readonly courseAsk: (next: number | undefined) => string;
  readonly changed: (title: string) => string;
  readonly isNew: (title: string) => string;
  readonly gone: (title: string) => string;
  readonly damaged: (aside: string) => string;
  readonly explain: Explanations;
}

/** Why a criterion does not hold. `has`: what there is instead; empty for nothing. */
export interface Explanations {
  readonly unknown: string;
  readonly missing: Readonly<Record<string, (name: string, has: string) => string>>;
  readonly noAddress: (name: string, wanted: string, has: string) => string;
  readonly down: (name: string) => string;
  readonly noAnswer: (name: string, why: string) => string;
  readonly answers: (name: string) => string;
  readonly notRunning: (name: string, state: string) => string;
  readonly notResolvable: (name: string, why: string) => string;
  readonly stillThere: (name: string) => string;
  readonly lacks: (name: string, wanted: string) => string;
  readonly contains: (name: string, unwanted: string) => string;
}

/** The words for a document: in its own language, else in the learner's, if that is known. */
export function wordsFor(lang: string | undefined, env: Readonly<Record<string, string | undefined>>): Words {
  const own = lang ?? (env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '');
  return /^zh\b|^zh_/i.test(own) ? chinese : english;
}
