import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { UsageError } from '../errors.ts';
import { statIfThere } from '../file-trouble.ts';
import { type Course, courseText, readCourse } from '../learn/course.ts';
import { learn, learned } from '../learn/learn.ts';
import { type Look, marksFor } from '../learn/panel.ts';
import { createPalette } from '../report/palette.ts';
import { attach, openLabs } from '../run/attach.ts';
import type { OwnTerminal } from '../run/own-terminal.ts';
import type { CliCommand } from './command.ts';
import { filesOf } from './find-files.ts';
import { ownTerminal } from './own-terminal.ts';
import { onceEach } from './select-files.ts';

interface LearnCommandOptions {
  readonly plain?: boolean;
  readonly restart?: boolean;
  readonly report?: string;
  readonly attach?: string | true;
}

export const command: CliCommand = {
  description: [
    'Leads through an exercise: a lab with a shell in it, tasks, hints, and criteria that are judged as things change. Of a folder it shows the list, with progress.',
  ],
  define: (command) => {
    command
      .argument('[path]', 'an exercise, or a folder of them: a course')
      .option('--plain', 'lines one after the other, nothing drawn again: for screen readers and pipes')
      .option('--restart', 'begin anew with every task')
      .option('--attach [node]', 'another terminal in the lab of the lesson that goes on')
      .option(
        '--report <json[=file]>',
        'what was done, for a teacher; into a pipe: what is remembered, nothing being run',
      );
  },
  offers: { path: 'markdown', report: async () => ['json'] },
  run: learnCommand,
  examples: [
    ['netlab learn exercises/', 'Choose from a course.'],
    ['netlab learn --report json exercises/ | cat', 'What is remembered to be done, nothing being run.'],
  ],
  exitStatus: { 0: 'every task is done', 1: 'some are left', 2: 'it could not begin' },
  environment: { XDG_STATE_HOME: 'where progress is remembered; default: ~/.local/state' },
  seeAlso: ['netlab run', 'docs/learn.md', 'docs/exercises.md'],
};

/** `netlab learn`: 0 when every task is done, 1 when some are left. */
async function learnCommand(path: string | undefined, options: LearnCommandOptions): Promise<number> {
  const { plain = false, restart = false } = options;
  const terminal = ownTerminal();
  if (options.attach !== undefined) {
    if (!terminal.isTerminal) throw new UsageError('netlab learn --attach needs a terminal');
    const [newest] = openLabs().filter(({ card }) => card.kind === 'learn');
    if (!newest) {
      const hint = 'start netlab learn FILE in another terminal first';
      throw new UsageError('nobody learns here at the moment', { hint });
    }
    await attach(newest, terminal, process.env['TERM'] ?? 'xterm', options.attach === true ? null : options.attach);
    return 0;
  }
  if (path === undefined) throw new UsageError('which exercise?', { hint: 'netlab learn FILE, or a folder of them' });
  const reportTo = options.report === undefined ? undefined : reportTarget(options.report);
  const isFolder = statIfThere(path)?.isDirectory() ?? false;
  const course = isFolder ? readCourse(path, () => exercisesIn(path)) : undefined;
  const files = course?.files ?? [path];
  const { unicode } = terminal;
  const look = { ...createPalette(terminal), unicode, marks: marksFor(unicode) };
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  const onePath = async (file: string): Promise<void> => {
    const term = process.env['TERM'] ?? 'xterm';
    await learn({ path: file, terminal, look, term, plain, restart, signal: stop.signal });
  };
  // A report that goes into a pipe is of what is remembered: whoever reads it does not learn now.
  const onlyReports = reportTo === 'stdout' && !process.stdout.isTTY;
  if (!onlyReports) {
    if (!terminal.isTerminal && !plain && !course) {
      throw new UsageError('netlab learn needs a terminal, and this is a pipe or a file', {
        hint: 'start it in a terminal, or with --plain, which goes line by line',
      });
    }
    if (course) await throughCourse(course, { terminal, look, onePath, stopped: stop.signal });
    else await onePath(path);
  }
  const { reports } = await learned(files);
  if (reportTo !== undefined) {
    const document = course ? { version: 1, title: course.title, exercises: reports } : reports[0];
    const text = `${JSON.stringify(document, null, 2)}\n`;
    if (reportTo === 'stdout') process.stdout.write(text);
    else writeFileSync(reportTo.file, text);
  }
  return reports.every(({ solved, tasks }) => solved === tasks.length) ? 0 : 1;
}

/** Shows the list and leads through what is chosen, until nothing is. In a pipe only the list. */
async function throughCourse(
  course: Course,
  more: {
    readonly terminal: OwnTerminal;
    readonly look: Look;
    readonly onePath: (file: string) => Promise<void>;
    readonly stopped: AbortSignal;
  },
): Promise<void> {
  while (!more.stopped.aborted) {
    const { words, reports, news } = await learned(course.files);
    more.terminal.write(`${[...news, courseText(course, reports, more.look, words)].join('\n')}\n`);
    if (!more.terminal.isTerminal) return;
    const next = reports.findIndex(({ solved, tasks }) => solved < tasks.length);
    const answer = await ask(`\n${words.courseAsk(next < 0 ? undefined : next + 1)}`, more.stopped);
    const file = course.files[answer.trim() === '' ? next : Number(answer) - 1];
    if (file === undefined) return;
    process.stdout.write('\n');
    await more.onePath(file);
    process.stdout.write('\n');
  }
}

async function ask(question: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    // Ctrl-D at the question is no answer, and so is Ctrl-C.
    const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('q')));
    return await Promise.race([lines.question(question, { signal }).catch(() => 'q'), closed]);
  } finally {
    lines.close();
  }
}

/** The exercises among the documents of a folder. */
function exercisesIn(folder: string): readonly string[] {
  const files = onceEach(filesOf(folder, true)).filter((file) =>
    /\{[^{}\n]*\bexercise\b|^exercise:/m.test(readFileSync(file, 'utf8')),
  );
  if (files.length === 0) throw new UsageError(`no exercise in ${folder}`, { hint: 'netlab list marks exercises' });
  return files;
}

/** `json` is standard output, `json=FILE` a file. */
function reportTarget(text: string): 'stdout' | { readonly file: string } {
  const [kind, ...file] = text.split('=');
  if (kind !== 'json') throw new UsageError(`--report ${text}: json, or json=FILE`);
  return file.length === 0 ? 'stdout' : { file: file.join('=') };
}
