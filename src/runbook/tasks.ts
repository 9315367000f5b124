import { suggestion } from './did-you-mean.ts';
import type { Block, Heading } from './document.ts';
import { readAttributes } from './info.ts';
import type { Problems } from './problems.ts';

/** Where a task stands in its document, and what its heading says. */
export interface TaskPlace {
  readonly name: string;
  readonly title: string;
  readonly heading: Heading;
  /** Offset of the next task's heading, or of one that ends the exercise, or of the document's end. */
  readonly end: number;
  /** Names of tasks as written, and where. */
  readonly requires: readonly { readonly name: string; readonly start: number }[];
}

/** The most tasks of one document: a day's work has twenty. */
const MAX_TASKS = 100;

/** What the braces of a task's heading may say. */
const KEYS = ['exercise', 'name', 'requires'];

/**
 * The tasks of a document: each heading with `{exercise}` opens one, which ends where the next begins or at a heading of
 * its own level or above. `whole`: the document itself is one if none of its headings is.
 */
export function findTasks(blocks: readonly Block[], whole: boolean, problems: Problems): TaskPlace[] {
  const headings = blocks.filter((block) => block.kind === 'heading');
  const opening = headings.filter(({ exercise }) => exercise !== undefined);
  const first = headings.find(({ text }) => text !== '');
  if (opening.length === 0 && whole && first === undefined) {
    const hint = 'Write "# What is to be done" above the text.';
    problems.error('no-heading', 0, 'an exercise needs a heading: it is the name of its task', hint);
  }
  const surplus = opening[MAX_TASKS];
  if (surplus !== undefined) {
    const message = `a document has at most ${MAX_TASKS} tasks; this one has ${opening.length}`;
    problems.error('too-many-tasks', surplus.start, message, 'Split it into several exercises.');
  }
  const tasks = opening.length > 0 || !whole || first === undefined ? opening.slice(0, MAX_TASKS) : [first];
  const places = tasks.map((heading): TaskPlace => {
    const isWhole = heading.exercise === undefined;
    const closing = headings.find(
      ({ start, level, exercise }) => start > heading.start && (exercise !== undefined || level <= heading.level),
    );
    const end = isWhole ? undefined : closing?.start;
    const { name, requires } = readHeading(heading, problems);
    return {
      name: name ?? anchorOf(heading.text),
      title: heading.text,
      heading,
      end: end ?? problems.text.source.length,
      requires,
    };
  });
  checkOrder(places, problems);
  return places;
}

function readHeading(heading: Heading, problems: Problems): Pick<TaskPlace, 'requires'> & { readonly name?: string } {
  const { text, start } = heading.exercise ?? { text: '', start: 0 };
  let name: string | undefined;
  const requires: TaskPlace['requires'][number][] = [];
  // In braces of its own, so that an unknown word is an error.
  for (const attribute of readAttributes(text, start, true, problems)) {
    const { key, value = '', valueStart, form } = attribute;
    // That it has no value was told when it was read.
    if (form === 'unreadable') continue;
    if (!KEYS.includes(key)) {
      const message = `the heading of a task has no attribute "${key}"`;
      problems.error('unknown-attribute', attribute.start, message, suggestion(key, KEYS));
    } else if (key !== 'exercise' && value.trim() === '') {
      const hint = key === 'name' ? 'Write {exercise name=connect}.' : 'Write {exercise requires=[connect]}.';
      problems.error('bad-attribute-value', valueStart, `"${key}" takes ${key === 'name' ? 'a name' : 'names'}`, hint);
    } else if (key === 'name') {
      name = value;
    } else if (key === 'requires') {
      const named = value.split(/[\s,]+/).filter((each) => each !== '');
      requires.push(...named.map((each) => ({ name: each, start: valueStart })));
    }
  }
  return { requires, ...(name !== undefined && { name }) };
}

/** Every name once, and every task after those that it requires: so that none requires itself by a detour. */
function checkOrder(places: readonly TaskPlace[], problems: Problems): void {
  for (const [index, { name, heading, requires }] of places.entries()) {
    if (places.findIndex((place) => place.name === name) < index) {
      const hint = 'Give one of them a name: {exercise name=…}.';
      problems.error('duplicate-name', heading.start, `another task is already named "${name}"`, hint);
    }
    for (const required of requires) {
      const at = places.findIndex((place) => place.name === required.name);
      if (at < 0) {
        const known = places.map((place) => place.name).filter((each) => each !== name);
        const hint = known.length === 0 ? 'This document has no other task.' : suggestion(required.name, known);
        problems.error('unknown-task', required.start, `there is no task "${required.name}"`, hint);
      } else if (at >= index) {
        const circle = at === index || requirementsOf(required.name, places).has(name);
        const message = circle
          ? `"${name}" would have to be done before itself`
          : `"${name}" requires "${required.name}", which comes after it`;
        const hint = 'A task can only require earlier ones: leave it out, or change their order.';
        problems.error(circle ? 'task-cycle' : 'task-order', required.start, message, hint);
      }
    }
  }
}

/** What a task requires, directly or by another. */
function requirementsOf(name: string, places: readonly TaskPlace[]): Set<string> {
  const found = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { name: required } of places.find((place) => place.name === next)?.requires ?? []) {
      if (!found.has(required)) open.push(required);
      found.add(required);
    }
  }
  return found;
}

/** The anchor that GitHub gives a heading, so that the name is also a link. */
function anchorOf(title: string): string {
  const anchor = title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
  return anchor === '' ? 'task' : anchor;
}
