import { UsageError } from '../errors.ts';
import { load } from '../run/load.ts';
import type { OwnTerminal } from '../run/own-terminal.ts';
import { type Prepared, prepare } from '../run/prepare.ts';
import type { Exercise } from '../runbook/types.ts';
import { briefText } from './brief.ts';
import type { Look } from './panel.ts';
import { type Progress, readProgress } from './progress.ts';
import { panelScreen, plainScreen } from './screen.ts';
import { isDone, type LearnReport, reportOf, summaryText } from './summary.ts';
import { createTutor } from './tutor.ts';
import { type Words, wordsFor } from './words.ts';

export interface LearnOptions {
  readonly path: string;
  readonly terminal: OwnTerminal;
  readonly look: Look;
  /** Of the terminal, as its TERM variable says. */
  readonly term: string;
  /** Lines one after the other, nothing drawn again. */
  readonly plain: boolean;
  /** Forget what was done. */
  readonly restart: boolean;
  readonly signal: AbortSignal;
}

/** A document that somebody learns with, and what is remembered of it. */
interface Lesson {
  readonly words: Words;
  readonly prepared: Prepared;
  readonly exercise: Exercise;
  readonly progress: Progress;
  report(): LearnReport;
}

async function openLessons(paths: readonly string[]): Promise<readonly Lesson[]> {
  return (await prepare(await load(paths), {})).map((prepared) => {
    const { runbook } = prepared;
    const { exercise } = runbook;
    if (!exercise) {
      const hint = 'an exercise has a heading with {exercise}; netlab run runs other documents';
      throw new UsageError(`${runbook.path} is no exercise`, { hint });
    }
    const words = wordsFor(runbook.lang, process.env);
    const progress = readProgress(runbook, exercise, words);
    return { words, prepared, exercise, progress, report: () => reportOf(runbook, exercise, progress) };
  });
}

/** What is remembered of documents, and in which language their list is told. */
export interface Learned {
  readonly words: Words;
  readonly reports: readonly LearnReport[];
  /** What somebody who comes back should know. */
  readonly news: readonly string[];
}

/** How far somebody is with documents, and what they should know of what is remembered. Nothing is run. */
export async function learned(paths: readonly string[]): Promise<Learned> {
  const lessons = await openLessons(paths);
  const [first] = lessons;
  const words = first?.words ?? wordsFor(undefined, process.env);
  return {
    words,
    reports: lessons.map(({ report }) => report()),
    news: lessons.flatMap(({ progress }) => progress.news),
  };
}

/**
 * Leads somebody through an exercise in the terminal; resolves to what they have done when they leave or are through.
 * Rejects with a `UsageError` for a document that is no exercise, and with a `LabError` when no lab can be had.
 */
export async function learn(options: LearnOptions): Promise<LearnReport> {
  const { path, terminal, plain, term, signal } = options;
  const [lesson] = await openLessons([path]);
  if (!lesson) throw new UsageError(`${path} is no exercise`);
  const { words, prepared, exercise, progress, report } = lesson;
  const look = plain ? { ...options.look, marks: words.marks } : options.look;
  const { skipReason } = prepared.plan;
  if (skipReason !== undefined) throw new UsageError(`${path}: ${skipReason}`, { hint: 'netlab doctor tells more' });
  if (options.restart) progress.forget();
  if (report().tasks.every(({ state }) => isDone(state))) {
    terminal.write(`${summaryText(report(), words)}\n${words.everythingDone}\n`);
    return report();
  }
  const screen = plain ? plainScreen(terminal) : panelScreen(terminal);
  screen.say(`${greeting(lesson, options)}\n\n`);
  const rows = (): number => terminal.rows;
  const tutor = createTutor({ prepared, exercise, progress, screen, look, words, plain, term, rows });
  const stopListening = terminal.listen(tutor.input, tutor.resized);
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  try {
    tutor.start();
    await Promise.race([tutor.over, aborted]);
  } finally {
    screen.close();
    stopListening();
    await tutor.close();
  }
  terminal.write(`\n${summaryText(report(), words)}\n`);
  return report();
}

/** The title, what has changed since the last time, and for those who begin, the introduction. */
function greeting({ prepared, exercise, progress, report }: Lesson, { look, terminal }: LearnOptions): string {
  const isNew = report().tasks.every(({ state, seconds }) => state === 'open' && seconds === 0);
  const style = { columns: Math.min(terminal.columns, 100) - 1, bold: look.bold, code: look.cyan };
  const intro = isNew && exercise.intro !== '' ? ['', briefText(exercise.intro, style)] : [];
  return [look.bold(prepared.runbook.title), ...progress.news, ...intro].join('\n');
}
