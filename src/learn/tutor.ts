import { LabError } from '../errors.ts';
import type { Prepared } from '../run/prepare.ts';
import type { Exercise, Task } from '../runbook/types.ts';
import { checkText, helpText, hintsText, solutionText, type TaskView, taskText } from './answers.ts';
import { createLesson } from './lesson.ts';
import { criterionLine, type Look, panelLines } from './panel.ts';
import type { Progress } from './progress.ts';
import type { Request } from './requests.ts';
import type { Screen } from './screen.ts';
import { clock, isDone } from './summary.ts';
import { nameOfKey } from './words.ts';

export interface TutorOptions {
  readonly prepared: Prepared;
  readonly exercise: Exercise;
  readonly progress: Progress;
  readonly screen: Screen;
  readonly look: Look;
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

/** Where keys go: to the shell, to the menu, to a question, or nowhere while a lab is prepared. */
type Mode = 'busy' | 'shell' | 'menu' | 'confirm' | 'left' | 'dead';

/** What a command comes to: a text for the learner, and what happens once that was told. */
interface Answer {
  readonly text: string;
  readonly after?: () => Promise<void>;
}

const ctrlC = '\x03';
const ctrlD = '\x04';
/** Ctrl-], as in telnet: reaches the tutor wherever the shell is. */
const menuKey = '\x1d';
/** After these keys the lab may be another. */
const doingKeys = [0x03, 0x04, 0x0a, 0x0d];
/** A shell that has printed nothing for so long, in milliseconds, has probably done what Enter was pressed for. */
const settledMs = 120;
/** With --plain, the prompt waits no longer than this for what has changed. */
const promptWaitMs = 900;
/** Who asks for a check waits for it, but not for ever. */
const checkWaitMs = 5000;

const menu = 't)ask c)heck h)int s)olution r)eset n)ext k) skip 1-9) node q)uit Esc';

export function createTutor(options: TutorOptions): Tutor {
  const { exercise, progress, screen, look, plain } = options;
  const { tasks } = exercise;
  let finish: () => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const over = new Promise<void>((resolve, reject) => {
    [finish, fail] = [resolve, reject];
  });
  let mode: Mode = 'busy';
  let note = '';
  let queue: Buffer[] = [];
  let inputOver = false;
  let pressed = false;
  let settle: NodeJS.Timeout | undefined;
  /** With --plain: the states that were told. */
  let told: readonly string[] = [];

  const asked = ({ name, words, reply }: Request): void => {
    if (name !== 'prompt') return void act(name, words, reply);
    pressed = false;
    clearTimeout(settle);
    void lesson.look(promptWaitMs).then(() => plain && reply(changesText()));
  };
  const printed = (): void => {
    if (!pressed) return;
    clearTimeout(settle);
    settle = setTimeout(() => {
      pressed = false;
      void lesson.look(0);
    }, settledMs);
  };
  const left = (): void => {
    if (inputOver) finish();
    if (mode === 'dead' || mode === 'busy') return;
    screen.say('\nThat was the shell.\n');
    backToShell();
  };
  const died = (reason: unknown): void => {
    if (mode === 'busy') return;
    mode = 'dead';
    const why = reason instanceof Error ? reason.message : String(reason);
    screen.say(`\nThe lab has died: ${why}. What you have done is remembered.\n`);
    setNote('r: a fresh lab, q: quit');
    if (inputOver) finish();
  };
  const lesson = createLesson({ ...options, asked, printed, left, died, judged: () => draw() });

  const place = (): string => `${tasks.indexOf(lesson.task) + 1}/${tasks.length}`;
  const view = (): TaskView => {
    const { task, standings } = lesson;
    return { task, place: place(), standings, look, columns: screen.columns };
  };
  const state = (): string => {
    if (!lesson.solved) return 'task check hint solution reset next quit';
    return lesson.next() ? `Done in ${clock(lesson.record.seconds)}: type next` : 'All done: type next to finish';
  };

  function draw(): void {
    if (plain) return;
    const { task, standings } = lesson;
    const size = { rows: options.rows(), columns: screen.columns };
    const shown = { place: place(), title: task.title, standings, note: note || state(), isNoteFirst: note !== '' };
    if (screen.show(panelLines(shown, look, size))) lesson.desk?.resize();
  }
  const setNote = (text: string): void => {
    note = text;
    if (plain && text !== '') screen.say(`${text}\n`);
    draw();
  };

  /** What has changed since the learner was last told, for those who have no panel. */
  const changesText = (): string => {
    const { standings, solved } = lesson;
    const lines = standings.filter((standing, index) => standing.state !== told[index] && standing.state !== 'unknown');
    told = standings.map((standing) => standing.state);
    const texts = lines.map((standing) => criterionLine(standing, look, Number.POSITIVE_INFINITY).trim());
    return [...texts, ...(solved && lines.length > 0 ? [state()] : [])].join('\n');
  };

  /** To the shell, and what was typed meanwhile with it. */
  const toShell = async (): Promise<void> => {
    await lesson.goToShell();
    mode = 'shell';
    draw();
    for (const bytes of queue.splice(0)) input(bytes);
    if (inputOver) input(undefined);
  };

  const begin = async (task: Task, anew: boolean): Promise<string> => {
    mode = 'busy';
    if (anew) setNote('preparing the lab …');
    await lesson.begin(task, anew);
    note = '';
    told = lesson.standings.map((standing) => standing.state);
    draw();
    return taskText(view());
  };

  const beginAnew = async (task: Task, heading: string): Promise<void> => {
    const text = await begin(task, true);
    screen.say(`${heading}${text}\n\n`);
    await toShell();
  };

  /** Goes on to another task, or to the end when there is none. */
  const advance = async (): Promise<Answer> => {
    const next = lesson.next();
    if (!next) return { text: '', after: async () => finish() };
    if (!lesson.goesOn(next)) return { text: '', after: () => beginAnew(next, '\n') };
    const text = await begin(next, false);
    await toShell();
    return { text };
  };

  const actions: Readonly<Record<string, (words: readonly string[]) => Promise<Answer>>> = {
    task: async () => ({ text: helpText(view()) }),
    check: async () => {
      lesson.record.checks += 1;
      await lesson.look(checkWaitMs);
      told = lesson.standings.map((standing) => standing.state);
      return { text: [checkText(view()), ...(lesson.solved ? [state()] : [])].join('\n') };
    },
    hint: async () => {
      const { record, task } = lesson;
      const { length } = task.hints;
      if (length === 0) return { text: 'This task has no hints; solution shows how it is done.' };
      const again = record.hints >= length;
      record.hints = Math.min(record.hints + 1, length);
      progress.save();
      const text = hintsText(view(), again ? 0 : record.hints - 1, record.hints);
      return { text: again ? `${text}\nThat is all; solution shows how it is done.` : text };
    },
    solution: async () => {
      lesson.record.solution_shown = true;
      progress.save();
      return { text: solutionText(view()) };
    },
    reset: async () => {
      const after = (): Promise<void> => beginAnew(lesson.task, `\n${look.dim('-- a fresh lab --')}\n`);
      lesson.record.resets += 1;
      progress.save();
      return { text: '', after };
    },
    next: async () => {
      if (lesson.solved || isDone(lesson.record.state)) return advance();
      const open = lesson.standings.filter((standing) => standing.state !== 'holds').length;
      const what = `${open} of ${lesson.standings.length} ${open === 1 ? 'does' : 'do'} not hold`;
      return { text: `Not done yet: ${what}; check says why. skip leaves the task.` };
    },
    skip: async () => {
      if (!isDone(lesson.record.state)) lesson.record.state = 'skipped';
      progress.save();
      return advance();
    },
    node: async ([name]) => {
      const { nodes, desk } = lesson;
      const chosen = nodes.find((node) => node.name === name);
      const known = nodes.map((node, index) => `${index + 1} ${node.name}`).join(', ');
      if (!chosen) return { text: `You are on ${desk?.node?.name}; there are ${known}. Type: node NAME` };
      const after = async (): Promise<void> => {
        screen.say(`\n${look.dim(`-- ${chosen.name} --`)}\n`);
        await desk?.goTo(chosen);
      };
      return { text: '', after };
    },
    quit: async () => ({ text: '', after: async () => finish() }),
  };

  async function act(name: string, words: readonly string[], reply: (text: string) => void): Promise<void> {
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (!action) return reply(`There is no command ${name}.`);
    try {
      const { text, after } = await action(words);
      reply(text);
      await after?.();
    } catch (error) {
      reply('');
      orOffer(error);
    }
  }

  /** A lab that cannot be had now may be had a moment later. */
  function orOffer(error: unknown): void {
    mode = 'shell';
    if (error instanceof LabError) died(error);
    else fail(error);
  }

  /** Keys are the shell's again; if there is none any more, they bring one. */
  function backToShell(): void {
    mode = lesson.desk?.hasShell ? 'shell' : 'left';
    // Not by a letter: somebody who thinks that the shell is still there goes on typing.
    setNote(mode === 'left' ? 'Enter opens a new shell, Ctrl-D quits' : '');
  }

  const openMenu = (): void => {
    mode = 'menu';
    setNote(menu);
  };

  /** By a key: the answer is told among the shell's own lines, and its prompt drawn again. */
  const actByKey = (name: string, words: readonly string[] = []): void => {
    backToShell();
    void act(name, words, (text) => {
      if (text === '') return;
      screen.say(`\n${text}\n`);
      if (mode === 'shell') lesson.desk?.redraw();
    });
  };

  const keys: Readonly<Record<Exclude<Mode, 'shell' | 'busy'>, (key: string) => void>> = {
    menu(key) {
      const node = lesson.nodes[Number(key) - 1];
      const name = nameOfKey(key);
      if (name === 'solution') {
        mode = 'confirm';
        setNote('Show the solution? It is marked as shown: y or n');
      } else if (node) actByKey('node', [node.name]);
      else if (name) actByKey(name);
      else backToShell();
    },
    confirm(key) {
      if (key === 'y') actByKey('solution');
      else backToShell();
    },
    left(key) {
      if (key === '\r') {
        [mode, note] = ['busy', ''];
        toShell().catch(orOffer);
      } else if (key === ctrlD) finish();
      else if (key === menuKey) openMenu();
    },
    dead(key) {
      if (key === 'r') actByKey('reset');
      else if (key === 'q' || key === ctrlC || key === ctrlD) finish();
    },
  };

  function input(bytes: Buffer | undefined): void {
    if (bytes === undefined) {
      inputOver = true;
      if (mode === 'shell') lesson.desk?.write(Buffer.from(ctrlD));
      else if (mode !== 'busy') finish();
    } else if (mode === 'busy') {
      if (bytes.toString() === ctrlC) finish();
      else queue = [...queue, bytes];
    } else if (mode === 'shell') toTheShell(bytes);
    // An arrow key begins like Escape; it is none.
    else if (bytes.length === 1 || bytes[0] !== 0x1b) {
      keys[mode](String.fromCharCode(bytes[0] ?? 0));
      if (bytes.length > 1) input(bytes.subarray(1));
    }
  }

  function toTheShell(bytes: Buffer): void {
    const at = bytes.indexOf(menuKey);
    const typed = at < 0 ? bytes : bytes.subarray(0, at);
    if (typed.length > 0) lesson.desk?.write(typed);
    if (doingKeys.some((key) => typed.includes(key))) pressed = true;
    if (at < 0) return;
    openMenu();
    if (bytes.length > at + 1) input(bytes.subarray(at + 1));
  }

  return {
    over,
    start: () => void beginAnew(lesson.task, '').catch(fail),
    input,
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
