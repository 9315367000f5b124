import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunbookResult } from '../../src/events.ts';
import { readCourse } from '../../src/learn/course.ts';
import { inTurn } from '../../src/run/in-turn.ts';
import { load } from '../../src/run/load.ts';
import { run } from '../../src/run.ts';
import { type Commands, ways } from './ways.ts';

const folder = mkdtempSync(join(tmpdir(), 'netlab-ways-'));
afterAll(() => rmSync(folder, { recursive: true }));

const { files } = readCourse('exercises', () => []);
const exercises = await load(files);

/** How long a wrong way may still come true, instead of what the exercise says: it will not. */
const wrongWait = 'eventually=1s';

/** The exercise with other commands for the solution of one of its tasks: its author's test then judges these. */
function solvedBy(file: string, task: string, commands: Commands): string {
  const text = readFileSync(join('exercises', file), 'utf8');
  const from = text.indexOf('<details><summary>Solution</summary>', text.indexOf(`{exercise name=${task}`));
  const nodes = typeof commands === 'string' ? [['', commands]] : Object.entries(commands);
  const blocks = nodes.map(([node, lines]) => {
    const info = node === '' ? 'sh {solution}' : `sh {solution node=${node}}`;
    return `\`\`\`${info}\n${lines}\n\`\`\`\n`;
  });
  const end = text.indexOf('</details>', from);
  return `${text.slice(0, from)}<details><summary>Solution</summary>\n\n${blocks.join('\n')}\n${text.slice(end)}`;
}

const key = (task: string, name: string): string => `${task}, ${name}`;
const results = new Map<string, RunbookResult>();

beforeAll(async () => {
  const tried = ways.flatMap(({ file, task, other, wrong }) => [
    ...Object.entries(other).map(([name, does]) => ({ file, task, name, does, isWrong: false })),
    ...Object.entries(wrong).map(([name, { does }]) => ({ file, task, name, does, isWrong: true })),
  ]);
  // They mostly wait: for pings without an answer, and for what does not come true.
  const lanes = 3;
  const runs = tried.map(({ file, task, name, does, isWrong }, index) => async () => {
    const path = join(folder, `${index}.md`);
    const text = solvedBy(file, task, does);
    writeFileSync(path, isWrong ? text.replace(/eventually=\d+s/g, wrongWait) : text);
    const { runbooks } = await run({ paths: [path], steps: [task] });
    results.set(key(task, name), runbooks[0] as RunbookResult);
  });
  await inTurn(runs, lanes, () => {});
}, 240_000);

/** The steps that did not pass, each in a line. */
function bad(task: string, name: string): string[] {
  return (results.get(key(task, name))?.steps ?? [])
    .filter(({ status }) => status !== 'passed')
    .map((step) => `${step.status} ${step.name}: ${step.reason ?? step.checks.find(({ ok }) => !ok)?.message}`);
}

it('has other ways, and wrong ones, for every task of the course', () => {
  const tasks = exercises.flatMap(({ path, exercise }) => (exercise?.tasks ?? []).map(({ name }) => `${path} ${name}`));
  expect(tasks.length).toBeGreaterThanOrEqual(8);
  expect(ways.map(({ file, task }) => `${join('exercises', file)} ${task}`)).toEqual(tasks);
});

describe.each(ways)('$file, $task', ({ file, task, other, wrong }) => {
  it.each(Object.keys(other))('holds for: %s', (name) => {
    expect(bad(task, name)).toEqual([]);
    expect(results.get(key(task, name))?.status).toBe('passed');
  });

  it.each(Object.entries(wrong))('does not hold for: %s', (name, { refused }) => {
    const told = bad(task, name);
    // What is refused is the criterion, not a command of the attempt, and it could be judged.
    expect(told.filter((line) => !line.startsWith(`failed ${task}: `))).toEqual([]);
    expect(told.filter((line) => line.startsWith(`failed ${task}: solution`))).toEqual([]);
    expect(told.join('\n')).toContain(`failed ${task}: ${refused}: `);
  });

  it('has hints that lead on', () => {
    const { exercise } = exercises.find(({ path }) => path === join('exercises', file)) ?? {};
    const hints = exercise?.tasks.find(({ name }) => name === task)?.hints ?? [];
    expect(hints.length).toBeGreaterThanOrEqual(2);
  });
});
