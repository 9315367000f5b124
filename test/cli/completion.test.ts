import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { complete } from '../../src/cli/complete.ts';
import { findProgram } from '../../src/lab/find-program.ts';
import { openTerminal } from './terminal.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'completion-test-'));
  mkdirSync(join(folder, 'bin'));
  symlinkSync(resolve('dist/netlab.cjs'), join(folder, 'bin/netlab'));
  mkdirSync(join(folder, 'my docs'));
  mkdirSync(join(folder, 'home'));
  writeFileSync(join(folder, 'notes.txt'), '');
  writeFileSync(join(folder, 'noise.mdx'), '');
  writeFileSync(join(folder, 'my docs/inner.md'), '');
  writeFileSync(join(folder, 'README.md'), '# R\n\n```sh {name=resolv}\ntrue\n```\n\n```sh\necho two words\n```\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const values = async (...words: string[]): Promise<string[]> =>
  (await complete(words, commands)).words.map(({ value }) => value);

describe('what can stand for the last word', () => {
  it('is every command, and every option that a command declares', async () => {
    expect(await values('')).toEqual([...commands.map(({ name }) => name), 'help', '--help', '--version']);
    expect(await values('help', 'ch')).toEqual(['check']);
    for (const { name } of commands) {
      const page = (await execa('node', ['dist/netlab.cjs', 'help', name])).stdout;
      const flags = [...page.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag]) => flag);
      expect(new Set(await values(name, '-'))).toEqual(new Set(flags));
    }
  }, 60_000);

  it.each([
    [
      ['run', '--network', ''],
      ['closed', 'host'],
    ],
    [['run', '--network=c'], ['--network=closed']],
    [
      ['run', '-r', 'js'],
      ['json', 'jsonl'],
    ],
    [['check', '--format', 'g'], ['github']],
    [['check', '--rule', 'empty-r'], ['empty-runbook=off']],
    [['parse', 'resolv'], ['resolv_conf']],
    [['run', '--keep-going', '--bail', '--last'], ['--last-failed']],
    // After a value, the next word is no value.
    [['check', '--format', 'json', '--fo'], ['--format']],
    [['nosuch', ''], []],
    [['run', '--grep', ''], []],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
  ])('%j: %j', async (words, expected) => {
    expect(await complete(words, commands)).toMatchObject({ kind: 'words', prefix: '' });
    expect(await values(...words)).toEqual(expected);
  });

  it('is a name of the document that stands before', async () => {
    expect(await values('run', join(folder, 'README.md'), '--step', '')).toEqual(['resolv']);
    expect(await values('shell', join(folder, 'README.md'), '--node', '')).toEqual(['node1']);
    expect(await values('run', 'no-such.md', '--step', '')).toEqual([]);
  });

  it.each([
    [['run', ''], 'markdown', ''],
    [['run', 'a.md', 'b'], 'markdown', ''],
    [['run', '--', '--x'], 'markdown', ''],
    [['graph', 'a.md', ''], 'words', ''],
    [['run', '-c', ''], 'files', ''],
    [['run', '--reporter', 'json=re'], 'files', 'json='],
    [['run', '--reporter=html=re'], 'files', '--reporter=html='],
    [['parse', 'ping', ''], 'files', ''],
  ])('%j: %s', async (words, kind, prefix) => {
    expect(await complete(words, commands)).toEqual({ kind, prefix, words: [] });
  });
});

const shells = {
  bash: {
    start: "bash --norc -i -c 'exec bash --rcfile start.bash -i'",
    rc: 'PS1="> "; bind "set bell-style none"; source <(netlab completion bash)\n',
  },
  zsh: {
    start: 'ZDOTDIR=$PWD/home zsh -i',
    rc: 'PS1="> "; unsetopt beep; autoload -U compinit; compinit -u; source <(netlab completion zsh)\n',
  },
  fish: {
    start: 'fish --no-config -i -C "source home/start.fish"',
    rc: 'function fish_prompt; echo -n "> "; end; function fish_right_prompt; end; set -g fish_autosuggestion_enabled 0; netlab completion fish | source\n',
  },
} as const;

describe.each(Object.entries(shells))('completion in a real %s', (name, { start, rc }) => {
  it.skipIf(findProgram(name) === undefined)(
    'completes commands, options, values and files',
    async () => {
      const file = { bash: 'start.bash', zsh: 'home/.zshrc', fish: 'home/start.fish' }[name] as string;
      writeFileSync(join(folder, file), rc);
      const PATH = `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`;
      // fish leaves a folder of its own in /tmp, where it is not told of another place.
      const env = { PATH, HOME: join(folder, 'home'), XDG_RUNTIME_DIR: folder };
      await using terminal = await openTerminal(`cd '${folder}'; ${start}`, { env, columns: 100 });
      await terminal.waitFor(/^> $|^>$/m);
      const cases: readonly (readonly [typed: string, completed: string])[] = [
        ['netlab che', 'netlab check'],
        ['netlab run --repor', 'netlab run --reporter'],
        ['netlab run --reporter ju', 'netlab run --reporter junit'],
        ['netlab run --network=cl', 'netlab run --network=closed'],
        ['netlab check --rule empty-r', 'netlab check --rule empty-runbook=off'],
        ['netlab run --reporter json=note', 'netlab run --reporter json=notes.txt'],
        ['netlab run REA', 'netlab run README.md'],
        ['netlab run README.md --step res', 'netlab run README.md --step resolv'],
        // No Markdown: not offered. The other one beginning so is.
        ['netlab run no', 'netlab run noise.mdx'],
        ['netlab run my', 'netlab run my\\ docs/'],
        ['netlab run my\\ docs/in', 'netlab run my\\ docs/inner.md'],
        ['netlab parse resolv_conf not', 'netlab parse resolv_conf notes.txt'],
      ];
      for (const [typed, completed] of cases) {
        terminal.type(`${typed}\t`);
        await terminal.waitFor(new RegExp(`^> ${escaped(completed)}\\s*$`, 'm')).catch((error) => {
          throw new Error(`${typed}: ${error}`);
        });
        terminal.type('\u0003');
        await terminal.waitFor(/\n> *$/);
      }
    },
    60_000,
  );
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
