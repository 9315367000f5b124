import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.ts';

const cli = (args: readonly string[], env: Record<string, string | undefined> = {}) =>
  execa('node', ['dist/netlab.cjs', ...args], { reject: false, stdin: 'ignore', env });

const headings = (page: string): string[] => page.split('\n').filter((line) => /^[A-Z][A-Z ]+$/.test(line));

describe('netlab help', () => {
  it.each(commands.map(({ name }) => name))('shows the page of %s, in the order of manual pages', async (name) => {
    const page = await cli(['help', name]);
    expect([page.exitCode, page.stderr]).toEqual([0, '']);
    expect(page.stdout).toContain(`\n  netlab ${name} - `);
    const found = headings(page.stdout);
    expect(found.slice(0, 3)).toEqual(['NAME', 'SYNOPSIS', 'DESCRIPTION']);
    const after = found.slice(found.indexOf('EXAMPLES'));
    const order = ['EXAMPLES', 'EXIT STATUS', 'ENVIRONMENT', 'FILES', 'SEE ALSO'];
    expect(after).toEqual(order.filter((title) => after.includes(title)));
    expect(after).toContain('EXIT STATUS');
    expect(after).toContain('SEE ALSO');
    // Every example is a command line of this command.
    expect(page.stdout.slice(page.stdout.indexOf('EXAMPLES'))).toContain(`netlab ${name}`);
    for (const line of page.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect((await cli([name, '--help'])).stdout).toBe(page.stdout);
  });

  it('names no page that is not there', async () => {
    for (const { load } of commands) {
      const { command } = await load();
      for (const place of command.seeAlso) {
        if (place.startsWith('docs/')) expect(readFileSync(place, 'utf8')).not.toBe('');
        else expect(commands.map(({ name }) => `netlab ${name}`)).toContain(place);
      }
    }
  });

  it('lists every command, and so does the page about the command line', async () => {
    const { stdout, exitCode } = await cli(['--help']);
    const page = readFileSync('docs/cli.md', 'utf8');
    for (const { name, summary } of commands) {
      expect(stdout.replace(/\s+/g, ' ')).toContain(`${name} ${summary}`);
      expect(page).toContain(`\nnetlab ${name} `);
    }
    expect(exitCode).toBe(0);
    const alone = await cli([]);
    expect([alone.exitCode, alone.stdout]).toEqual([2, stdout]);
  });

  it('does not load the engine for the page of run', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'help-test-'));
    const entries = ['src/cli/program.ts', 'src/cli/run.ts'];
    const how = ['--bundle', '--splitting', '--format=esm', '--platform=node', '--packages=external'];
    const where = [`--outdir=${folder}`, `--metafile=${folder}/meta.json`, '--log-level=error'];
    await execa('node_modules/.bin/esbuild', [...entries, ...how, ...where]);
    const { inputs } = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8')) as Metafile;
    rmSync(folder, { recursive: true });
    const loaded = new Set(entries);
    for (const file of loaded) {
      const imports = inputs[file]?.imports ?? [];
      for (const { path, kind, external } of imports) if (kind === 'import-statement' && !external) loaded.add(path);
    }
    expect([...loaded]).toContain('src/cli/report-options.ts');
    expect([...loaded].filter((file) => /^src\/(?:run|lab|shell|check|runbook)\b/.test(file))).toEqual([]);
  });

  it('prints headings in bold where there are colours, and only there', async () => {
    expect((await cli(['help', 'list'], { FORCE_COLOR: '1', NO_COLOR: undefined })).stdout).toContain(
      '\u001b[1mNAME\u001b[22m',
    );
    expect((await cli(['help', 'list'], { NO_COLOR: '1' })).stdout).not.toContain('\u001b');
  });

  it.each([
    [['nosuch'], "netlab: unknown command 'nosuch'\n  try: netlab help tells more"],
    [['chek'], "netlab: unknown command 'chek'\n  try: Did you mean check? netlab help tells more"],
    [['help', 'nosuch'], 'netlab: there is no command "nosuch"\n  try: netlab help lists the commands'],
    [
      ['run', '--repoter', 'dot'],
      "netlab: unknown option '--repoter'\n  try: Did you mean --reporter? netlab help run tells more",
    ],
    [['list'], "netlab: missing required argument 'paths'\n  try: netlab help list tells more"],
  ])('says of %j what is wrong and what to try', async (args, said) => {
    const { exitCode, stdout, stderr } = await cli(args);
    expect([exitCode, stdout, stderr]).toEqual([2, '', said]);
  });
});
