import { UsageError } from '../errors.ts';
import { prepare } from '../prepare.ts';
import { load } from '../run.ts';
import type { Look } from './panel.ts';
import { readProgress } from './progress.ts';
import { panelScreen, plainScreen } from './screen.ts';
import { isDone, type LearnReport, reportOf, summaryText } from './summary.ts';
import type { LearnTerminal } from './terminal.ts';
import { createTutor } from './tutor.ts';

export interface LearnOptions {
  readonly path: string;
  readonly terminal: LearnTerminal;
  readonly look: Look;
  /** Of the terminal, as its TERM variable says. */
  readonly term: string;
  /** Lines one after the other, nothing drawn again. */
  readonly plain: boolean;
  /** Forget what was done. */
  readonly restart: boolean;
  readonly signal: AbortSignal;
}

/**
 * Leads somebody through an exercise in the terminal; resolves to what they have done when they leave or are through.
 * Rejects with a `UsageError` for a document that is no exercise, and with a `LabError` when no lab can be had.
 */
export async function learn(options: LearnOptions): Promise<LearnReport> {
  const { path, terminal, look, plain, term, signal } = options;
  const [prepared] = await prepare(await load([path]), {});
  const exercise = prepared?.runbook.exercise;
  if (!prepared || !exercise) {
    const hint = 'an exercise has a heading with {exercise}; netlab run runs other documents';
    throw new UsageError(`${path} is no exercise`, { hint });
  }
  const { skipReason } = prepared.plan;
  if (skipReason !== undefined) throw new UsageError(`${path}: ${skipReason}`, { hint: 'netlab doctor tells more' });
  const progress = readProgress(prepared.runbook, exercise);
  if (options.restart) progress.forget();
  const report = (): LearnReport => reportOf(prepared.runbook, exercise, progress);
  const before = report();
  if (before.tasks.every(({ state }) => isDone(state))) {
    terminal.write(`${summaryText(before)}\nEverything is done. With --restart you begin anew.\n`);
    return before;
  }
  const screen = plain ? plainScreen(terminal) : panelScreen(terminal);
  const greeting = [look.bold(prepared.runbook.title), ...progress.news, ''];
  screen.say(`${greeting.join('\n')}\n`);
  const rows = (): number => terminal.rows;
  const tutor = createTutor({ prepared, exercise, progress, screen, look, plain, term, rows });
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
  const after = report();
  terminal.write(`\n${summaryText(after)}\n`);
  return after;
}
