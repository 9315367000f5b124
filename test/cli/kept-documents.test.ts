import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { load } from '../../src/run/load.ts';

const shown = (word: string): string => `# Kept\n\n\`\`\`console\n$ echo ${word}\n${word}\n\`\`\`\n`;

describe('a document that was read before', () => {
  let folder: string;
  let cache: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kept-'));
    cache = join(folder, 'cache');
    file = join(folder, 'doc.md');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const netlab = async (...args: string[]): Promise<{ status: string; commands: string[]; output: string }> => {
    const { stdout, stderr } = await execa('node', ['dist/netlab.cjs', 'run', '--reporter', 'json', ...args, file], {
      env: { XDG_CACHE_HOME: cache },
      reject: false,
    });
    if (stdout === '') return { status: 'none', commands: [], output: stderr };
    const { status, runbooks } = JSON.parse(stdout);
    const commands = runbooks.flatMap((runbook: { steps: { command: string }[] }) =>
      runbook.steps.map(({ command }) => command),
    );
    return { status, commands, output: stdout };
  };
  const kept = (): string[] => readdirSync(join(cache, 'netlab')).map((name) => join(cache, 'netlab', name));

  it('is kept, is found again, and is read anew when it differs', async () => {
    writeFileSync(file, shown('one'));
    expect(await netlab()).toMatchObject({ status: 'passed', commands: ['echo one'] });
    const [entry = ''] = kept();
    // What is found is what is run: another command under the right key shows that the Markdown was not read.
    const before = readFileSync(entry);
    const wrong = deserialize(before);
    wrong.runbook.steps[0].command = 'echo from the cache';
    writeFileSync(entry, serialize(wrong));
    expect(await netlab()).toMatchObject({ status: 'failed', commands: ['echo from the cache'] });
    // As after an installation, when nothing is compiled: the first run is to compile what reads documents.
    for (const name of readdirSync('dist')) {
      const now = new Date();
      if (/^engine-.+\.cjs$/.test(name)) utimesSync(join('dist', name), now, now);
    }
    expect(await netlab()).toMatchObject({ status: 'passed', commands: ['echo one'] });
    writeFileSync(file, shown('two'));
    expect(await netlab()).toMatchObject({ status: 'passed', commands: ['echo two'] });
    expect(kept()).toHaveLength(1);
  });

  it('is read anew when what was kept is damaged', async () => {
    const [entry = ''] = kept();
    truncateSync(entry, 40);
    expect(await netlab()).toMatchObject({ status: 'passed', commands: ['echo two'] });
    writeFileSync(entry, 'no such thing');
    expect(await netlab()).toMatchObject({ status: 'passed', commands: ['echo two'] });
  });

  it('is not kept when it cannot be read, and is run where nothing can be kept', async () => {
    writeFileSync(file, '# Broken\n\n```console {tiemout=5s}\n$ true\n```\n');
    expect((await netlab()).output).toContain('unknown attribute');
    writeFileSync(file, shown('three'));
    rmSync(cache, { recursive: true });
    writeFileSync(cache, 'a file where a folder should be');
    expect(await netlab()).toMatchObject({ status: 'passed', commands: ['echo three'] });
  });
});

describe('what is kept', () => {
  it('comes back as it was, for every runbook, exercise and page of the project', async () => {
    const folders = ['runbooks', 'exercises', 'docs'];
    const paths = folders.flatMap((folder) =>
      readdirSync(folder).flatMap((name) => (name.endsWith('.md') ? [join(folder, name)] : [])),
    );
    for (const runbook of await load(paths)) expect(deserialize(serialize(runbook))).toStrictEqual(runbook);
  });
});
