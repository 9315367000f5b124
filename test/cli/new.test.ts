import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { templates } from '../../src/cli/templates.ts';
import { openTerminal } from './terminal.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'new-test-'));
  writeFileSync(join(folder, 'there.md'), 'mine');
});
afterAll(() => rmSync(folder, { recursive: true }));

const program = resolve('dist/netlab.cjs');
const cli = (...args: string[]) => execa('node', [program, ...args], { cwd: folder, reject: false, stdin: 'ignore' });

describe('netlab new', () => {
  it.each(templates.map(({ name }) => name))(
    'writes a runbook that passes: %s',
    async (name) => {
      const file = `${name}.md`;
      const written = await cli('new', file, '--title', `Of ${name}`, '--template', name);
      expect([written.exitCode, written.stdout]).toEqual([0, `Wrote ${file}. Run it: netlab run ${file}`]);
      expect(readFileSync(join(folder, file), 'utf8').split('\n')).toContain(`# Of ${name}`);
      const checked = await cli('check', file);
      expect([checked.exitCode, checked.stderr]).toEqual([0, '']);
      const run = await cli('run', '--strict', file);
      expect([run.exitCode, run.stdout]).toEqual([0, expect.stringContaining('PASSED')]);
    },
    60_000,
  );

  it('asks nothing with --yes', async () => {
    const { exitCode, stdout } = await cli('new', '--yes', '--title', 'Höhen & Tiefen');
    expect([exitCode, stdout]).toEqual([0, 'Wrote höhen-tiefen.md. Run it: netlab run höhen-tiefen.md']);
    expect(existsSync(join(folder, 'höhen-tiefen.md'))).toBe(true);
  });

  it.each([
    [['new'], 'nobody is there to ask what to write', 'say --yes'],
    [['new', 'there.md', '--yes'], 'there.md is there already', 'another file'],
    [['new', 'no/such.md', '--yes'], 'no/such.md: there is no folder no', 'make it first'],
    [['new', 'there.md/x.md', '--yes'], 'there is no folder there.md', 'make it first'],
    [['new', 'x.txt', '--yes'], 'x.txt: a runbook ends in .md', 'write x.txt.md'],
    [['new', 'x.md', '--yes', '--title', ' '], 'is no heading', 'some words'],
    [['new', 'x.md', '--yes', '--template', 'nosuch'], '--template nosuch: no such choice', 'write one of sandbox'],
  ])('%j: says what is wrong, and writes nothing', async (args, said, hint) => {
    const { exitCode, stdout, stderr } = await cli(...args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(said);
    expect(stderr).toContain(hint);
    expect(readFileSync(join(folder, 'there.md'), 'utf8')).toBe('mine');
    expect(existsSync(join(folder, 'x.md'))).toBe(false);
  });

  it('asks in a terminal', async () => {
    await using terminal = await openTerminal(`cd ${folder} && node ${program} new`);
    await terminal.waitFor('Title [A first runbook]:');
    terminal.type('Two machines\r');
    await terminal.waitFor('Template [sandbox]:');
    terminal.type('link\r');
    await terminal.waitFor('File [two-machines.md]:');
    terminal.type('\r');
    await terminal.waitFor('Wrote two-machines.md.');
    expect(await terminal.ended).toBe(0);
    expect(readFileSync(join(folder, 'two-machines.md'), 'utf8')).toContain('# Two machines\n');
  });

  it('writes nothing when one leaves', async () => {
    await using terminal = await openTerminal(`cd ${folder} && node ${program} new left.md`);
    await terminal.waitFor('Title [A first runbook]:');
    terminal.type('\u0004');
    await terminal.waitFor('nothing was written');
    expect(await terminal.ended).toBe(2);
    expect(existsSync(join(folder, 'left.md'))).toBe(false);
  });
});
