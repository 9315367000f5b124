import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { load } from '../../src/run.ts';

const folder = 'runbooks';
const english = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');
const runbooks = await load(english.map((name) => join(folder, name)));
const commands = new Set(
  runbooks.flatMap(({ steps }) => steps.flatMap(({ command }) => command.split('\n').map(normal))),
);

/** The command of a line of the notes: after the prompt `#`, without a remark behind it; prose may wrap it in 执行…. */
function commandOf(line: string): string | undefined {
  const [, typed] = /^\s*#\s*(.*)$/.exec(line) ?? [];
  if (typed === undefined) return undefined;
  const inProse = /^执行([\x20-\x7e]+)/.exec(typed)?.[1];
  return normal(inProse ?? typed.replace(/\s+#.*$/, ''));
}

function normal(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

const lines = readFileSync(join(folder, 'notes.zh.txt'), 'utf8').split('\n');
const asked = lines.flatMap((line, index) => {
  const command = commandOf(line);
  return command === undefined ? [] : [[index + 1, command] as const];
});

describe('the notes', () => {
  it('have as many command lines as they have', () => {
    expect(asked.length).toBe(26);
  });

  it.each(asked)('line %i: `%s` is run in a runbook', (_, command) => {
    expect([...commands]).toContain(command);
  });

  it('have an index that links to steps which are there', () => {
    const index = readFileSync(join(folder, 'README.md'), 'utf8');
    const links = [...index.matchAll(/\]\(([\w/.-]+\.md)(?:#L(\d+))?\)/g)].map(([, file = '', line]) => ({
      file,
      line,
    }));
    expect(links.length).toBeGreaterThan(25);
    for (const { file, line } of links) {
      const text = readFileSync(join(folder, file), 'utf8').split('\n');
      if (line !== undefined) expect(text[Number(line) - 1], `${file}#L${line}`).toMatch(/\S/);
    }
  });

  it('are quoted whole in the index', () => {
    const index = readFileSync(join(folder, 'README.md'), 'utf8').replace(/\s+/g, ' ');
    for (const [, command] of asked) expect(index).toContain(command);
  });
});

describe('the editions in Chinese', () => {
  it('have each runbook, with the same blocks', async () => {
    const chinese = readdirSync(join(folder, 'zh')).filter((name) => name.endsWith('.md') && name !== 'README.md');
    expect(chinese.sort()).toEqual([...english].sort());
    const { compareEditions } = await import('../../src/runbook/editions.ts');
    const editions = await load(chinese.map((name) => join(folder, 'zh', name)));
    for (const edition of editions) {
      const original = runbooks.find(({ path }) => path.endsWith(`/${edition.path.split('/').at(-1)}`));
      expect(edition.translates).toBe(`../${original?.path.split('/').at(-1)}`);
      if (original) expect(compareEditions(original, edition)).toEqual([]);
      expect(edition.source).toMatch(/[\u4e00-\u9fff]{20}|(?:[\u4e00-\u9fff][^\n]*){50}/);
    }
  });
});
