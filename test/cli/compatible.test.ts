import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = (path: string) =>
  execa('node', ['dist/netlab.cjs', 'run', '--reporter', 'json', path], { reject: false, stdin: 'ignore' });

/** Where there is no cram, nothing is compared with it. */
const cram3 = async (path: string): Promise<{ readonly exitCode?: number } | undefined> => {
  const result = await execa('cram3', [path], { reject: false, stdin: 'ignore' });
  return result.code === 'ENOENT' ? undefined : result;
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'compatible-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('documents in the style of other tools', () => {
  it.each([
    ['cram', 5],
    ['scrut', 2],
    ['trycmd', 2],
    ['mdx', 1],
    ['runme', 2],
  ])('%s: is run and checked, all %i steps', async (tool, steps) => {
    const { exitCode, stdout } = await run(`test/compatible/${tool}.md`);
    expect(JSON.parse(stdout).counts).toMatchObject({ passed: steps, failed: 0, skipped: 0, errored: 0 });
    expect(exitCode).toBe(0);
    expect(readFileSync('docs/compatibility.md', 'utf8')).toContain(`| ${tool} |`);
  });

  it("runs a file of cram's own, and rewrites it in place", async () => {
    const { exitCode, stdout } = await run('test/compatible/cram.t');
    expect(JSON.parse(stdout).counts).toMatchObject({ passed: 9, failed: 0, skipped: 0, errored: 0 });
    expect(exitCode).toBe(0);
    const path = join(folder, 'wrong.t');
    writeFileSync(path, 'Prose\n\n  $ echo a\n  b\n  $ echo more\n\nProse\n');
    const failed = await run(path);
    expect(failed.exitCode).toBe(1);
    expect(JSON.parse(failed.stdout).runbooks[0].steps[0]).toMatchObject({ status: 'failed', line: 3 });
    await execa('node', ['dist/netlab.cjs', 'run', '--update', path], { reject: false });
    expect(readFileSync(path, 'utf8')).toBe('Prose\n\n  $ echo a\n  a\n  $ echo more\n  more\n\nProse\n');
  });

  it.each([
    ['UTF-8', 'caf\\303\\251\\n', 'caf\\xc3\\xa9 (esc)', 'passed'],
    ['a byte that is no UTF-8', '\\377\\n', '\\xff (esc)', 'passed'],
    ['another one', '\\376\\n', '\\xff (esc)', 'failed'],
    ['U+FFFD for one', '\\376\\n', '\\xef\\xbf\\xbd (esc)', 'failed'],
    ['a control sequence', '\\033[1mx\\n', '\\x1b[1mx (esc)', 'passed'],
    ['one that did not come', 'x\\n', '\\x1b[1mx (esc)', 'failed'],
    ['one that was not asked for', '\\033[1mx\\n', 'x', 'failed'],
    ['a return', 'a\\r\\n', 'a\\r (esc)', 'passed'],
    ['a return that was not asked for', 'a\\r\\n', 'a', 'failed'],
    ['no line break', '\\377', '\\xff (no-eol) (esc)', 'passed'],
  ])('compares what a .t file has to the byte: %s', async (_, printed, asked, status) => {
    const path = join(folder, 'bytes.t');
    writeFileSync(path, `  $ printf '${printed}'\n  ${asked}\n`);
    expect(JSON.parse((await run(path)).stdout).runbooks[0].steps[0].status).toBe(status);
    expect((await cram3(path))?.exitCode).toSatisfy(
      (code) => code === undefined || (code === 0) === (status === 'passed'),
    );
  });

  it.each([
    ['bytes', String.raw`printf 'caf\303\251 \377\n'`, String.raw`caf\xc3\xa9 \xff (esc)`],
    ['control sequences', String.raw`printf '\033[1mx\n'`, String.raw`\x1b[1mx (esc)`],
    ['no line break', "printf 'foo'", 'foo (no-eol)'],
    ['neither', String.raw`printf 'a\n\t'`, 'a', '\\t (no-eol) (esc)'],
    ['blanks and empty lines', String.raw`printf 'a \n\nb\n\n'`, 'a ', '', 'b', ''],
    ['what are patterns', String.raw`printf '... (re)\n[..]\nb\n'`, '... (re) (esc)', '[..] (esc)', 'b'],
    ['what are commands', String.raw`printf '$ a\n> b\nc\n'`, String.raw`\x24 a (esc)`, String.raw`\x3e b (esc)`, 'c'],
    ['what is never the same', 'echo "a*$(date +%N)b"', String.raw`a\** (glob)`],
  ])('--update writes into a .t file what cram reads: %s', async (_, command, ...lines) => {
    const path = join(folder, 'update.t');
    writeFileSync(path, `Prose\n\n  $ ${command}\n  z\n\nProse\n`);
    await execa('node', ['dist/netlab.cjs', 'run', '--update', path], { reject: false });
    expect(readFileSync(path, 'utf8')).toBe(
      `Prose\n\n  $ ${command}\n${lines.map((line) => `  ${line}\n`).join('')}\nProse\n`,
    );
    expect((await run(path)).exitCode).toBe(0);
    expect((await cram3(path))?.exitCode ?? 0).toBe(0);
  });

  it.each([
    ['a trycmd block is run', '```trycmd\n$ echo b\nb\n$ false\n? 1\n```\n', ['passed', 'passed']],
    [
      'what mdx skips is skipped',
      '<!-- $MDX skip -->\n```sh\n$ echo a\nb\n```\n\n<!-- $MDX file=x -->\n```sh\n$ echo a\na\n```\n',
      ['skipped', 'passed'],
    ],
    ['an id of runme says nothing', '```sh {"id":"01HF7B0KJVWQJX8KAJZ0JQ3X5K","name":"a"}\ntrue\n```\n', ['passed']],
  ])('%s', async (_, text, statuses) => {
    const path = join(folder, 'other.md');
    writeFileSync(path, text);
    const { stdout } = await run(path);
    const { steps } = JSON.parse(stdout).runbooks[0];
    expect(steps.map(({ status }: { status: string }) => status)).toEqual(statuses);
  });

  it.each([
    ['trycmd', '```trycmd\n$ false\n? failed\n```', /:3:1: error: "\? failed" is no status/],
    ['runme', '```sh {"id":"docker"}\necho\n```', /:1:8: error: .*"id"/],
    ['scrut', '```scrut {output_stream: stderr}\n$ true\n```', /:1:11: error: .*output_stream/],
    ['runme', '```sh {"interactive":"true"}\necho\n```', /:1:8: error: .*interactive/],
  ])('says of a word of %s that it does not know where it is', async (tool, text, said) => {
    const path = join(folder, `${tool}.md`);
    // In a document that says nothing to netlab, it is a warning.
    writeFileSync(path, `${text}\n\n\`\`\`sh {name=own}\ntrue\n\`\`\`\n`);
    const { exitCode, stderr } = await run(path);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(said)]);
  });

  it.each(['test/compatible/skips.t', 'test/compatible/scrut-skips.md'])(
    '%s: leaves out what is not for this machine, and so does --update',
    async (path) => {
      const { exitCode, stdout } = await run(path);
      const [result] = JSON.parse(stdout).runbooks;
      expect(result.steps.map(({ status }: { status: string }) => status)).toEqual([
        'passed',
        'passed',
        'skipped',
        'skipped',
      ]);
      expect(result.steps[3].reason).toMatch(/^line \d+ ended with status 80, which skips the rest$/);
      expect(exitCode).toBe(0);
      const copy = join(folder, basename(path));
      const changed = readFileSync(path, 'utf8').replace(/^( *)here$/m, '$1there');
      writeFileSync(copy, changed);
      const update = await execa('node', ['dist/netlab.cjs', 'run', '--update', copy], { reject: false });
      expect(update.stdout).toContain('says with status 80 that the document is not for this machine');
      expect([update.exitCode, readFileSync(copy, 'utf8')]).toEqual([1, changed]);
    },
  );

  it.each([
    ['what something is expected of is errored', '  $ exit 0\n  $ echo x\n  x\n', ['passed', 'errored'], 2],
    [
      'what nothing is expected of is skipped',
      '  $ echo a\n  a\n  $ exit 0\n  $ true\n',
      ['passed', 'passed', 'skipped'],
      0,
    ],
    ['a status is expected', '  $ exec true\n\nProse\n\n  $ (exit 3)\n  [3]\n', ['passed', 'errored'], 2],
  ])('runs nothing in a .t file after the end of its shell: %s', async (_, text, statuses, status) => {
    const path = join(folder, 'ended.t');
    writeFileSync(path, text);
    for (const more of [[], ['--keep-going']]) {
      const args = ['dist/netlab.cjs', 'run', '--reporter', 'json', ...more, path];
      const { exitCode, stdout } = await execa('node', args, { reject: false });
      const { steps } = JSON.parse(stdout).runbooks[0];
      expect(steps.map((step: { status: string }) => step.status)).toEqual(statuses);
      expect(steps.at(-1).reason).toMatch(/^line \d ended the shell, and a \.t file has only one$/);
      expect(exitCode).toBe(status);
    }
    expect((await cram3(path))?.exitCode ?? Math.min(status, 1)).toBe(Math.min(status, 1));
  });

  it("takes status 80 of a block that is not scrut's for a status, and trycmd's [EXE] for text", async () => {
    const path = join(folder, 'words.md');
    const block = (info: string, ...lines: readonly string[]): string =>
      [`\`\`\`${info}`, ...lines, '```', ''].join('\n');
    writeFileSync(
      path,
      [
        block('console {continue}', '$ echo "tool.exe"', 'tool[EXE]'),
        block('console {continue}', '$ echo "tool[EXE]"', 'tool[EXE]'),
        block('console {continue}', '$ (exit 80)'),
        block('console', '$ (exit 80)', '[80]'),
      ].join('\n'),
    );
    const { exitCode, stdout } = await run(path);
    expect(JSON.parse(stdout).runbooks[0].steps.map(({ status }: { status: string }) => status)).toEqual([
      'failed',
      'passed',
      'failed',
      'passed',
    ]);
    expect(exitCode).toBe(1);
  });
});
