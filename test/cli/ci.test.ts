import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface ActionStep {
  readonly id?: string;
  readonly shell: string;
  readonly run: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly ActionStep[] };
}

const action = parse(readFileSync('action.yml', 'utf8')) as Action;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ci-test-'));
  const document = (output: string): string => `# D\n\n\`\`\`console\n$ echo hello\n${output}\n\`\`\`\n`;
  writeFileSync(join(folder, 'good.md'), document('hello'));
  writeFileSync(join(folder, 'my good.md'), document('hello'));
  writeFileSync(join(folder, 'bad.md'), document('good-bye'));
  writeFileSync(join(folder, 'notes.md'), '# Only words\n');
  writeFileSync(join(folder, 'slip.md'), '# Slip\n\n```console {tiemout=5s}\n$ true\n```\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Told {
  readonly status: number;
  readonly log: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Plays GitHub's runner: expands what stands in `${{ }}`, runs each step's script with its shell, stops at a failure. */
async function play(given: Readonly<Record<string, string>>): Promise<Told> {
  for (const name of Object.keys(given)) expect(Object.keys(action.inputs)).toContain(name);
  const stepOutputs: Record<string, Record<string, string>> = {};
  const expand = (text: string): string =>
    text.replace(/\$\{\{ *([\w.-]+) *\}\}/g, (_, expression: string) => {
      const [context, name = '', , output = ''] = expression.split('.');
      if (context === 'inputs') return given[name] ?? (action.inputs[name] as { default: string }).default;
      if (context === 'steps') return stepOutputs[name]?.[output] ?? '';
      if (expression === 'github.action_path') return process.cwd();
      throw new Error(`the runner of this test does not know ${expression}`);
    });
  const summary = join(folder, 'summary.md');
  writeFileSync(summary, '');
  let status = 0;
  let log = '';
  for (const step of action.runs.steps) {
    const output = join(folder, 'output');
    writeFileSync(output, '');
    // What is given never becomes a part of a script.
    expect(step.run).not.toContain('${{');
    const script = join(folder, 'step.sh');
    writeFileSync(script, step.run);
    expect(step.shell).toBe('bash');
    const result = await execa('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd: resolve(folder, expand(step['working-directory'] ?? '.')),
      env: {
        ...Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, expand(value)])),
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_WORKSPACE: folder,
        GITHUB_ACTIONS: 'true',
      },
      reject: false,
      stdin: 'ignore',
      all: true,
    });
    log += result.all;
    const lines = readFileSync(output, 'utf8').split('\n').filter(Boolean);
    if (step.id !== undefined) {
      stepOutputs[step.id] = Object.fromEntries(lines.map((line) => line.split('=', 2) as [string, string]));
    }
    status = result.exitCode ?? -1;
    if (status !== 0) break;
  }
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [name, expand(value)]);
  return { status, log, summary: readFileSync(summary, 'utf8'), outputs: Object.fromEntries(outputs) };
}

describe('the GitHub Action', () => {
  it('has what the metadata of a composite action must have', () => {
    expect(Object.keys(action)).toEqual(['name', 'description', 'branding', 'inputs', 'outputs', 'runs']);
    expect(action.runs.using).toBe('composite');
    for (const step of action.runs.steps) expect(step).toMatchObject({ run: expect.any(String), shell: 'bash' });
    const page = readFileSync('docs/ci.md', 'utf8');
    for (const name of [...Object.keys(action.inputs), ...Object.keys(action.outputs)]) {
      expect(page).toContain(`| \`${name}\` |`);
    }
  });

  it('passes, with a summary of the job and further reports', async () => {
    const reporters = "junit=report.xml\nmarkdown='my report.md'";
    const told = await play({ paths: '"my good.md" good.md', reporters, setup: 'false' });
    expect([told.status, told.outputs]).toEqual([0, { result: 'passed', status: '0' }]);
    expect(told.summary).toContain('good.md');
    expect(told.log).toContain('PASSED  2 passed');
    expect(readFileSync(join(folder, 'report.xml'), 'utf8')).toContain('<testsuite');
    expect(readFileSync(join(folder, 'my report.md'), 'utf8')).toContain('good.md');
  });

  it('fails with an annotation on the line, and installs nothing where nothing is missing', async () => {
    const told = await play({ paths: '*.md !slip.md', args: '--grep "bad\\.md|good\\.md"', 'working-directory': '.' });
    expect([told.status, told.outputs]).toEqual([1, { result: 'failed', status: '1' }]);
    expect(told.log).toContain('Nothing to install');
    expect(told.log).toMatch(/::error file=bad\.md,line=5/);
    expect(told.summary).toContain('bad.md');
  });

  it.each([
    [{ paths: 'nosuch.md' }, 'nosuch.md: there is no such file'],
    [{ paths: 'good.md', args: '--tags "open' }, 'a quote is open in: --tags "open'],
    [{ paths: 'good.md', args: '--nosuch' }, "unknown option '--nosuch'"],
  ])('with %j says what is wrong, and is no pass', async (given, said) => {
    const told = await play({ ...given, setup: 'false' });
    expect(told.log).toContain(said);
    expect(told.status).toBe(2);
    expect(told.outputs['result']).not.toBe('passed');
  });

  it('takes no input for a command', async () => {
    const told = await play({ paths: '$(touch${IFS}taken) `id`; good.md', setup: 'false' });
    expect(told.status).toBe(2);
    expect(told.log).toContain('$(touch${IFS}taken): no runbook matches this pattern');
    expect(existsSync(join(folder, 'taken'))).toBe(false);
    const setup = await play({ paths: 'good.md', setup: 'perhaps' });
    expect([setup.status, setup.log]).toEqual([2, 'netlab action: setup is true or false, not: perhaps']);
  });
});

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly language: string;
  readonly types: readonly string[];
}

describe('the pre-commit hooks', () => {
  const hooks = parse(readFileSync('.pre-commit-hooks.yaml', 'utf8')) as readonly Hook[];
  /** As pre-commit does: the entry's words, then the names of the files that are to be committed. */
  const commit = async (id: string, files: readonly string[]): Promise<number | undefined> => {
    const { entry } = hooks.find((hook) => hook.id === id) as Hook;
    const [program, ...words] = entry.split(' ');
    expect(program).toBe('netlab');
    const args = [resolve('dist/netlab.cjs'), ...words, ...files];
    return (await execa('node', args, { cwd: folder, reject: false, stdin: 'ignore' })).exitCode;
  };

  it('are of the form that pre-commit reads', () => {
    expect(hooks.map(({ id }) => id)).toEqual(['netlab-check', 'netlab-run']);
    for (const hook of hooks) expect(hook).toMatchObject({ language: 'node', types: ['markdown'] });
  });

  it('check: lets words and runbooks pass, and stops a slip', async () => {
    expect(await commit('netlab-check', ['notes.md', 'good.md'])).toBe(0);
    expect(await commit('netlab-check', ['notes.md', 'slip.md'])).toBe(2);
  });

  it('run: lets what passes pass, and stops what fails', async () => {
    expect(await commit('netlab-run', ['good.md', 'notes.md'])).toBe(0);
    expect(await commit('netlab-run', ['good.md', 'bad.md'])).toBe(1);
  });
});
