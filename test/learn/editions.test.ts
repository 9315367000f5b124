import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCourse } from '../../src/learn/course.ts';
import { load } from '../../src/run/load.ts';
import { compareEditions } from '../../src/runbook/editions.ts';
import { parse } from '../../src/runbook/parse.ts';

const names = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .sort();
const english = names('exercises');

const check = (words: string, test: string): string =>
  `# A {exercise name=a}\n\n\`\`\`sh {check description="${words}"}\n${test}\n\`\`\`\n\n\`\`\`sh {solution}\ntrue\n\`\`\`\n`;

/** What is found in an edition of a task with one criterion. */
function drift(original: string, edition: string): string[] {
  const read = (text: string): ReturnType<typeof parse> => parse(text, 'doc.md', { expectationKeys: [] });
  return compareEditions(read(original), read(edition)).map(({ message }) => message);
}

it('what a criterion says may be in another language, what it does may not', () => {
  const original = check('there is a', 'test -e a || { echo "no a, but $b"; false; }');
  expect(drift(original, check('有 a', 'test -e a || { echo "没有 a，有的是 $b"; false; }'))).toEqual([]);
  expect(drift(original, check('有 a', 'test -e b || { echo "没有 a，有的是 $b"; false; }'))).toEqual([
    'differs from doc.md: its command (line 4 there)',
  ]);
});

describe('the exercises', () => {
  it.each(['exercises', 'exercises/zh'])('are all in the course of %s', (folder) => {
    const { files } = readCourse(folder, () => []);
    expect(files.map((file) => basename(file)).sort()).toEqual(english);
  });

  it('have the same order in both languages', () => {
    const order = (folder: string): string[] => readCourse(folder, () => []).files.map((file) => basename(file));
    expect(order('exercises/zh')).toEqual(order('exercises'));
  });

  it('are all in the README, in both languages', () => {
    const text = readFileSync('exercises/README.md', 'utf8');
    const missing = english.filter((name) => !text.includes(`](${name})`) || !text.includes(`](zh/${name})`));
    expect(missing).toEqual([]);
  });

  it.each(english)('%s has an edition in Chinese with the same blocks, and each links the other', async (name) => {
    const [original, edition] = await load([join('exercises', name), join('exercises/zh', name)]);
    if (!original || !edition) throw new Error('not read');
    expect(edition.translates).toBe(`../${name}`);
    expect(compareEditions(original, edition)).toEqual([]);
    expect(original.source).toContain(`](zh/${name})`);
    expect(edition.source).toContain(`](../${name})`);
    const { tasks = [] } = edition.exercise ?? {};
    // Nothing that a learner reads is left in English.
    for (const text of tasks.flatMap((task) => [task.title, task.brief, ...task.hints.map((hint) => hint.text)])) {
      expect(text).toMatch(/[\u4e00-\u9fff]/);
    }
    for (const { description } of tasks.flatMap(({ criteria }) => criteria)) {
      expect(description).toMatch(/[\u4e00-\u9fff]/);
    }
  });
});
