import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { load } from '../../src/run/load.ts';

const folder = 'runbooks';
const english = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');
const runbooks = await load(english.map((name) => join(folder, name)));
const commands = new Set(
  runbooks.flatMap(({ steps }) =>
    steps.flatMap(({ command }) => command.split('\n').map((line) => normal(line.replace(/\s+#.*$/, '')))),
  ),
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
});

/** A row of a table, or an item of a list with its indented lines. */
const index = readFileSync(join(folder, 'README.md'), 'utf8');
const rows = index.split(/\n(?! {2}\S)/);

/** Links to a line, as `scripts/index-runbooks.mjs` reads them: of a command in the row, in the section linked before. */
const lineLinks = rows.flatMap((row) =>
  [...row.matchAll(/\[L(\d+)\]\(([\w/.-]+\.md)\?plain=1#L(\d+)\)/g)].map(
    ({ index: at, 1: label, 2: file = '', 3: line }) => {
      const cell = row.slice(0, at).split(' | ').at(-1) ?? '';
      const command = [...cell.matchAll(/`([^`]+)`/g)].at(-1)?.[1] ?? /`([^`]+)`/.exec(row)?.[1] ?? '';
      const anchor = [...cell.matchAll(/\.md#([^)]+)\)/g)].at(-1)?.[1];
      return { file, label: Number(label), line: Number(line), command: normal(command), anchor };
    },
  ),
);

/** The headings of a runbook: the anchor that GitHub gives each, and its line. */
function headingsOf(file: string): { readonly anchor: string; readonly line: number }[] {
  const blank = (fence: string): string => fence.replace(/.*/g, '');
  const text = readFileSync(join(folder, file), 'utf8').replace(/^```[\s\S]*?^```$/gm, blank);
  return text.split('\n').flatMap((line, at) => {
    const heading = /^#+ (.+)$/.exec(line)?.[1];
    if (heading === undefined) return [];
    const kept = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '');
    return [{ anchor: kept.replace(/\s/g, '-'), line: at + 1 }];
  });
}

describe('the index', () => {
  it('has every line of the notes, in their order', () => {
    const text = normal(index.replaceAll('`', ''));
    let from = 0;
    for (const line of lines.map((line) => normal(line.replace(/^\s*#/, ''))).filter((line) => line !== '')) {
      const at = text.indexOf(line, from);
      expect(at, `"${line}" after "${text.slice(Math.max(0, from - 40), from)}"`).toBeGreaterThanOrEqual(0);
      from = at + line.length;
    }
  });

  it.each(asked)('has line %i, `%s`, with a link to its step', (_, command) => {
    const linked = lineLinks.map((link) => link.command.replace(/ #.*$/, ''));
    expect(linked.filter((other) => other === command).length).toBeGreaterThanOrEqual(
      asked.filter(([, other]) => other === command).length,
    );
  });

  it('links to files and headings which are there', () => {
    const links = [...index.matchAll(/\]\(([\w/.-]+)(?:\?plain=1)?(?:#([^)]+))?\)/g)];
    expect(links.length).toBeGreaterThan(100);
    const broken = links.filter(([, file = '', anchor]) => {
      if (!existsSync(join(folder, file))) return true;
      if (anchor === undefined || /^L\d+$/.test(anchor)) return false;
      return !headingsOf(file).some((heading) => heading.anchor === anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('links to the lines of the commands (else run `node scripts/index-runbooks.mjs`)', () => {
    expect(lineLinks.length).toBeGreaterThan(26);
    const wrong = lineLinks.filter(({ file, label, line, command, anchor }) => {
      const steps = runbooks.find(({ path }) => path === join(folder, file))?.steps ?? [];
      const headings = headingsOf(file);
      const section = headings.findIndex((heading) => heading.anchor === anchor);
      const [from, to] = [
        headings[section]?.line ?? Number.NaN,
        headings[section + 1]?.line ?? Number.POSITIVE_INFINITY,
      ];
      const step = steps.find((step) => step.span.start.line === line);
      const source = readFileSync(join(folder, file), 'utf8').split('\n')[line - 1] ?? '';
      return label !== line || !step || !normal(source).endsWith(` ${command}`) || line < from || line > to;
    });
    expect(wrong).toEqual([]);
  });

  it('links each runbook that it names in its Chinese edition, too', () => {
    for (const row of rows) {
      const files = new Set([...row.matchAll(/\]\(([\w.-]+\.md)[?#)]/g)].map((match) => match[1]));
      for (const file of files) expect(row).toContain(`](zh/${file})`);
    }
  });

  it('links to every runbook', () => {
    expect(english.filter((name) => !index.includes(`](${name}`))).toEqual([]);
  });
});

describe('the editions in Chinese', () => {
  it('build their images from the same files', () => {
    const files = (of: string): readonly (readonly [string, string])[] =>
      readdirSync(join(folder, of), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => [path.slice(join(folder, of).length), readFileSync(path, 'utf8')] as const);
    expect(files('zh/images')).toEqual(files('images'));
    expect(files('images').length).toBeGreaterThan(0);
  });

  it('have each runbook, with the same blocks', async () => {
    const chinese = readdirSync(join(folder, 'zh')).filter((name) => name.endsWith('.md') && name !== 'README.md');
    expect(chinese.sort()).toEqual([...english].sort());
    const { compareEditions } = await import('../../src/runbook/editions.ts');
    const editions = await load(chinese.map((name) => join(folder, 'zh', name)));
    for (const edition of editions) {
      const original = runbooks.find(({ path }) => path.endsWith(`/${edition.path.split('/').at(-1)}`));
      expect(edition.translates).toBe(`../${original?.path.split('/').at(-1)}`);
      if (original) expect(compareEditions(original, edition)).toEqual([]);
      expect(edition.source.match(/[\u4e00-\u9fff]/g)?.length, edition.path).toBeGreaterThan(50);
    }
  });
});
