import { LabError } from '../errors.ts';
import type { Prepared } from '../run/prepare.ts';
import type { Exercise, Task } from '../runbook/types.ts';
import { createActions } from './actions.ts';
import { type TaskView, taskText } from './answers.ts';
import type { CommandName } from './commands.ts';
import { createKeys } from './keys.ts';
import { createLesson } from './lesson.ts';
import { criterionLine, type Look, panelLines } from './panel.ts';
import type { Progress } from './progress.ts';
import type { Request } from './requests.ts';
import type { Screen } from './screen.ts';
import { clock } from './summary.ts';
import type { Words } from './words.ts';

export interface TutorOptions {
  readonly prepared: Prepared;
  readonly exercise: Exercise;
  readonly progress: Progress;
  readonly screen: Screen;
  readonly look: Look;
  readonly words: Words;
  readonly plain: boolean;
  readonly term: string;
  /** The terminal's height, the panel's rows included. */
  readonly rows: () => number;
}

/** Who leads a learner through an exercise: takes keys and commands, and answers them. */
export interface Tutor {
  /** Resolves when there is nothing more to do, or the learner leaves; rejects with what the engine could not do. */
  readonly over: Promise<void>;
  start(): void;
  input(bytes: Buffer | undefined): void;
  resized(): void;
  close(): Promise<void>;
}

/** A shell that has printed nothing for so long, in milliseconds, has probably done what Enter was pressed for. */
const settledMs = 120;
/** With --plain, the prompt waits no longer than this for what has changed. */
const promptWaitMs = 900;
/** Before a text that is a question: an ENQ, as learner-command.sh expects it. */
const enquiry = '\x05';

const panelCommands: readonly CommandName[] = ['task', 'check', 'hint', 'solution', 'reset', 'next', 'quit'];

export function createTutor(options: TutorOptions): Tutor {
  const { exercise, progress, screen, look, words, plain } = options;
  const { tasks } = exercise;
  let finish: () => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const over = new Promise<void>((resolve, reject) => {
    [finish, fail] = [resolve, reject];
  });
  let note = '';
  let pressed = false;
  let settle: NodeJS.Timeout | undefined;
  /** With --plain: the states that were told. */
  let told: readonly string[] = [];

  const lesson = createLesson({ ...options, asked, printed, left, died, judged: () => draw() });
  const toldAll = (): void => {
    told = lesson.standings.map((standing) => standing.state);
  };
  const view = (): TaskView => {
    const { task, standings } = lesson;
    return { task, place: place(), standings, look, words, columns: screen.columns };
  };
  const outlook = (): string => (lesson.next() ? words.doneIn(clock(lesson.record.seconds)) : words.allDone);

  const keys = createKeys({
    nodes: () => lesson.nodes,
    toShell: (bytes) => lesson.desk?.write(bytes),
    pressed: () => {
      pressed = true;
    },
    act: actByKey,
    openMenu() {
      keys.mode = 'menu';
      setNote(words.menu);
    },
    back: backToShell,
    confirmed: () => actByKey('solution', ['yes']),
    openShell() {
      [keys.mode, note] = ['busy', ''];
      toShell().catch(orOffer);
    },
    finish: () => finish(),
  });
  const actions = createActions({
    lesson,
    progress,
    look,
    words,
    say: screen.say,
    view,
    outlook,
    toldAll,
    async goOn(task) {
      const text = await begin(task, false);
      await toShell();
      return text;
    },
    beginAnew,
    finish: () => finish(),
  });

  function place(): string {
    return `${tasks.indexOf(lesson.task) + 1}/${tasks.length}`;
  }

  function draw(): void {
    if (plain) return;
    const { task, standings, solved } = lesson;
    const size = { rows: options.rows(), columns: screen.columns };
    const now = note || (solved ? outlook() : panelCommands.join(' '));
    const shown = { place: place(), title: task.title, standings, note: now, isNoteFirst: note !== '' };
    if (screen.show(panelLines(shown, look, size))) lesson.desk?.resize();
  }

  function setNote(text: string): void {
    note = text;
    if (plain && text !== '') screen.say(`${text}\n`);
    draw();
  }

  /** Somebody has typed a command, or a shell has come back to its prompt. */
  function asked({ name, words: args, reply }: Request): void {
    if (name !== 'prompt') return void act(name, args, reply);
    pressed = false;
    clearTimeout(settle);
    void lesson.look(promptWaitMs).then(() => plain && reply(changesText()));
  }

  function printed(): void {
    if (!pressed) return;
    clearTimeout(settle);
    settle = setTimeout(() => {
      pressed = false;
      void lesson.look(0);
    }, settledMs);
  }

  function left(): void {
    if (keys.over) finish();
    if (keys.mode === 'dead' || keys.mode === 'busy') return;
    screen.say(`\n${words.shellEnded}\n`);
    backToShell();
  }

  function died(reason: unknown): void {
    if (keys.mode === 'busy') return;
    keys.mode = 'dead';
    screen.say(`\n${words.died(reason instanceof Error ? reason.message : String(reason))}\n`);
    setNote(words.diedKeys);
    if (keys.over) finish();
  }

  /** What has changed since the learner was last told, for those who have no panel. */
  function changesText(): string {
    const { standings, solved } = lesson;
    const lines = standings.filter((standing, index) => standing.state !== told[index] && standing.state !== 'unknown');
    toldAll();
    const texts = lines.map((standing) => criterionLine(standing, look, Number.POSITIVE_INFINITY).trim());
    return [...texts, ...(solved && lines.length > 0 ? [outlook()] : [])].join('\n');
  }

  /** To the shell, and what was typed meanwhile with it. */
  async function toShell(): Promise<void> {
    await lesson.goToShell();
    keys.mode = 'shell';
    draw();
    keys.replay();
  }

  async function begin(task: Task, anew: boolean): Promise<string> {
    keys.mode = 'busy';
    if (anew) setNote(words.preparing);
    await lesson.begin(task, anew);
    note = '';
    toldAll();
    draw();
    return taskText(view());
  }

  async function beginAnew(task: Task, heading: string): Promise<void> {
    const text = await begin(task, true);
    screen.say(`${heading}${text}\n\n`);
    await toShell();
  }

  async function act(name: string, args: readonly string[], reply: (text: string) => void): Promise<void> {
    const action = Object.hasOwn(actions, name) ? actions[name as CommandName] : undefined;
    if (!action) return reply(words.noCommand(name));
    try {
      const { text, asks, after } = await action(args);
      reply(asks ? enquiry + text : text);
      await after?.();
    } catch (error) {
      reply('');
      orOffer(error);
    }
  }

  /** By a key: the answer is told among the shell's own lines, and its prompt drawn again. */
  function actByKey(name: CommandName, args: readonly string[] = []): void {
    backToShell();
    void act(name, args, (text) => {
      if (text === '') return;
      if (text.startsWith(enquiry)) {
        keys.mode = 'confirm';
        return setNote(`${text.slice(1)} ${words.yesOrNo}`);
      }
      screen.say(`\n${text}\n`);
      if (keys.mode === 'shell') lesson.desk?.redraw();
    });
  }

  /** A lab that cannot be had now may be had a moment later. */
  function orOffer(error: unknown): void {
    keys.mode = 'shell';
    if (error instanceof LabError) died(error);
    else fail(error);
  }

  /** Keys are the shell's again; if there is none any more, they bring one. */
  function backToShell(): void {
    keys.mode = lesson.desk?.hasShell ? 'shell' : 'left';
    // Not by a letter: somebody who thinks that the shell is still there goes on typing.
    setNote(keys.mode === 'left' ? words.shellKeys : '');
  }

  return {
    over,
    start: () => void beginAnew(lesson.task, '').catch(fail),
    input: keys.input,
    resized() {
      screen.resized();
      draw();
      lesson.desk?.resize();
    },
    async close() {
      clearTimeout(settle);
      await lesson.close();
    },
  };
}
