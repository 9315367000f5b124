import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parserKinds } from '../../src/check/parsers/index.ts';
import { resources } from '../../src/check/resources/index.ts';
import type { RunbookResult } from '../../src/events.ts';
import { load } from '../../src/run/load.ts';
import { run } from '../../src/run.ts';

const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const texts = new Map(pages.map((page) => [page, readFileSync(page, 'utf8')]));

/** A runbook that a page shows in a four-backtick fence, and the line on which it begins. */
interface Example {
  readonly page: string;
  readonly line: number;
  readonly text: string;
}

const examples: readonly Example[] = [...texts].flatMap(([page, text]) =>
  [...text.matchAll(/^````markdown\n([\s\S]*?)^````$/gm)].map((match) => {
    const line = text.slice(0, match.index).split('\n').length + 1;
    return { page, line, text: match[1] ?? '' };
  }),
);

/** As root nothing may be skipped; as an ordinary user, what needs root is. */
const mayPass = process.getuid?.() === 0 ? ['passed'] : ['passed', 'skipped'];

/** What went wrong in runbooks, short enough to be read in a failure. */
function failures(runbooks: readonly RunbookResult[]): string[] {
  return runbooks.flatMap(({ path, reason, status, steps }) => [
    ...(status === 'passed' ? [] : [`${path}: ${status} ${reason ?? ''}`]),
    ...steps
      .filter((step) => !mayPass.includes(step.status))
      .map((step) => {
        const told = step.checks.filter(({ ok }) => !ok).map(({ message }) => message);
        return `${path}:${step.line}: ${step.status}: ${[step.reason, ...told].filter(Boolean).join('; ')}`;
      }),
  ]);
}

describe('every page with steps', async () => {
  const runbooks = await load(pages);
  it.each(runbooks.filter(({ steps }) => steps.length > 0).map(({ path }) => path))('%s passes', async (path) => {
    expect(failures((await run({ paths: [path] })).runbooks)).toEqual([]);
  });
});

describe('every runbook that a page shows', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'docs-test-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(examples)('$page:$line passes', async ({ page, line, text }) => {
    const path = join(folder, `${basename(page, '.md')}-${line}.md`);
    writeFileSync(path, text);
    expect(failures((await run({ paths: [path] })).runbooks)).toEqual([]);
  });
});

it('the README quotes the first runbook as it is', () => {
  const [quoted] = examples.filter(({ page }) => page === 'README.md');
  expect(quoted?.text).toBe(readFileSync('runbooks/first.md', 'utf8'));
});

/** A heading's anchor as GitHub makes it. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

/** A page without its fences: what stands in them is not read as Markdown. */
function prose(text: string): string {
  return text.replace(/^ *(`{3,})[^`]*\n[\s\S]*?^ *\1$/gm, '');
}

function anchorsIn(path: string): string[] {
  return [...prose(readFileSync(path, 'utf8')).matchAll(/^#+ (.+)$/gm)].map((match) => anchorOf(match[1] ?? ''));
}

describe.each(pages)('the links of %s', (page) => {
  const links = [...prose(texts.get(page) ?? '').matchAll(/\]\(([^()\s]+)\)/g)].map((match) => match[1] ?? '');
  const relative = links.filter((link) => !/^[a-z]+:/.test(link));

  it('lead to files and headings that are there', () => {
    const broken = relative.filter((link) => {
      const [file = '', anchor] = link.split('#');
      const path = file === '' ? page : join(dirname(page), file);
      return !existsSync(path) || (anchor !== undefined && !anchorsIn(path).includes(anchor));
    });
    expect(broken).toEqual([]);
  });
});

it('the page about checks has every parser in its table', () => {
  const rows = [...(texts.get('docs/checks.md') ?? '').matchAll(/^\| (.*?) \|/gm)].map((match) => match[1]).join('\n');
  expect(parserKinds.filter((kind) => !rows.includes(`\`${kind}\``))).toEqual([]);
});

it('the page about checks has every resource in its table, with all that can be asked of it', () => {
  const lines = (texts.get('docs/checks.md') ?? '').split('\n');
  const missing = resources.flatMap(({ key, fields, options = {} }) => {
    const row = lines.find((line) => line.startsWith(`| \`${key}\` |`) && line.split('|').length === 6) ?? '';
    const words = [...fields, ...Object.keys(options).filter((option) => option !== 'netns' && option !== 'container')];
    return words.filter((word) => !new RegExp(`\`${word}(?:\\[\\])?\``).test(row)).map((word) => `${key}.${word}`);
  });
  expect(missing).toEqual([]);
});
