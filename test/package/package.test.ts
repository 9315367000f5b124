import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The package as a stranger gets it, in a project of their own; nothing of the clone is in reach but what is linked. */
let folder: string;
let archive: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'package-test-'));
  await execa('npm', ['pack', '--silent', '--pack-destination', folder]);
  archive = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '');
  writeFileSync(join(folder, 'package.json'), '{ "name": "stranger", "type": "module" }');
  await execa('npm', ['install', '--offline', '--no-audit', '--no-fund', archive], { cwd: folder });
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const installed = (...path: string[]): string => join(folder, 'node_modules/netlab', ...path);

describe('the package', () => {
  it('needs no other package, and has in it what it is made of and nothing else', async () => {
    expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['netlab']);
    const { stdout } = await execa('tar', ['tzf', archive]);
    const files = stdout.split('\n').map((name) => name.replace('package/', ''));
    expect(files.filter((name) => /\.cache$|^(?:test|src|bench|scripts|node_modules)\/|\.map$/.test(name))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist/netlab.cjs', 'runbooks/first.md']));
    // What is bundled asks to have its licence beside it.
    const notices = readFileSync(installed('dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    for (const name of ['zod', 'yaml', 'markdown-it', 'remark-parse', 'zx']) expect(notices).toContain(`--- ${name} `);
    expect(notices).toContain('Permission is hereby granted');
    const size = statSync(archive).size;
    process.stdout.write(`npm pack: ${(size / 1e6).toFixed(2)} MB, ${files.length} files\n`);
    expect(size).toBeLessThan(2e6);
  });

  it('is what publint and arethetypeswrong ask for', async () => {
    const publint = await execa('npx', ['publint', archive, '--strict'], { reject: false, all: true });
    expect([publint.exitCode, publint.all]).toEqual([0, expect.stringContaining('All good')]);
    const attw = await execa('npx', ['attw', archive, '--profile', 'esm-only', '--format', 'ascii'], {
      reject: false,
      all: true,
    });
    // Its exit status is that of problems which the profile does not pass over.
    expect([attw.exitCode, attw.all]).toEqual([0, expect.stringContaining('netlab/vitest')]);
  }, 60_000);

  it('runs from a project, and from a prefix of its own', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const here = await execa(join(folder, 'node_modules/.bin/netlab'), ['--version'], { cwd: folder });
    expect(here.stdout).toContain(version);
    const prefix = join(folder, 'prefix');
    await execa('npm', ['install', '--global', '--offline', '--no-audit', '--no-fund', '--prefix', prefix, archive]);
    const runbook = join(prefix, 'lib/node_modules/netlab/runbooks/first.md');
    const { stdout, exitCode } = await execa(join(prefix, 'bin/netlab'), ['run', runbook], { cwd: '/', reject: false });
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('7 passed')]);
  }, 60_000);

  it.each([
    ['NodeNext', 'NodeNext'],
    ['ESNext', 'bundler'],
  ])(
    'has types that hold under module %s and moduleResolution %s, the declarations themselves checked, too',
    async (module, moduleResolution) => {
      for (const name of ['vitest', 'typescript', '@types', 'vite', '@vitest']) {
        mkdirSync(join(folder, 'node_modules'), { recursive: true });
        try {
          symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        }
      }
      writeFileSync(
        join(folder, 'use.ts'),
        `import { check, type LintFinding, parse, run, type RunResult, type Step } from 'netlab'
import { netlab, test } from 'netlab/vitest'
const result: RunResult = await run({ paths: ['a.md'], signal: AbortSignal.timeout(1) })
const findings: readonly LintFinding[] = await check({ paths: ['a.md'], rules: { 'unchecked-step': 'off' } })
const steps: readonly Step[] = parse('# A', 'a.md').steps
test.runbook('a.md', { keepGoing: true })
test.runbook.skip(new URL('a.md', import.meta.url))
test('own', ({ expect }) => expect(1).toBe(1))
// @ts-expect-error there is no such option
netlab({ include: ['docs'], nonsense: 1 })
// @ts-expect-error a path is a text
run({ paths: [1] })
export { findings, result, steps }
`,
      );
      writeFileSync(
        join(folder, 'tsconfig.json'),
        JSON.stringify({
          compilerOptions: {
            module,
            moduleResolution,
            target: 'ES2023',
            strict: true,
            noEmit: true,
            // That the declarations are those of a program for Node.js, they say themselves.
            types: [],
            lib: ['ES2023'],
            skipLibCheck: true,
          },
          files: ['use.ts'],
        }),
      );
      const { all } = await execa(join(folder, 'node_modules/typescript/bin/tsc'), ['-p', folder], {
        reject: false,
        all: true,
      });
      expect(all).toBe('');
      // Vitest's own declarations need more than it brings; only those of this package are to hold.
      const strict = await execa(
        join(folder, 'node_modules/typescript/bin/tsc'),
        ['-p', folder, '--skipLibCheck', 'false'],
        { reject: false, all: true },
      );
      expect(strict.all.split('\n').filter((line) => line.includes('node_modules/netlab'))).toEqual([]);
    },
    120_000,
  );
});

describe('the interface for programs', () => {
  it('does what its example shows', async () => {
    writeFileSync(join(folder, 'report.mjs'), readFileSync('examples/report.mjs'));
    const { stdout } = await execa('node', ['report.mjs', installed('runbooks/first.md')], { cwd: folder });
    expect(stdout.split('\n')).toEqual([
      '"A title" has 1 step',
      '1:8: unknown attribute "tiemout"',
      ...Array(7).fill(expect.stringMatching(/^passed: /)),
      'passed: 7 passed, 0 failed',
    ]);
  }, 60_000);

  it('leaves signals and the exit status alone, stops at once when told, and works many times in a process', async () => {
    writeFileSync(
      join(folder, 'many.mjs'),
      `import { writeFileSync } from 'node:fs'
import { run } from 'netlab'
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit', 'uncaughtException', 'unhandledRejection']
const listeners = () => signals.map((name) => process.listenerCount(name)).join()
writeFileSync('fail.md', '# F\\n\\n\`\`\`console\\n$ false\\n\`\`\`\\n')
writeFileSync('slow.md', '# S\\n\\n\`\`\`sh\\nsleep 60\\n\`\`\`\\n')
const before = listeners()
const said = []
for (let turn = 0; turn < 6; turn += 1) said.push((await run({ paths: ['fail.md'] })).status)
const stop = new AbortController()
const onEvent = ({ type }) => { if (type === 'step:start') { said.push(listeners() === before); stop.abort() } }
said.push((await run({ paths: ['slow.md'], signal: stop.signal, onEvent })).status)
said.push(...(await Promise.all([1, 2].map(() => run({ paths: ['fail.md'] })))).map(({ status }) => status))
said.push(listeners() === before, process.exitCode)
console.log(JSON.stringify(said))
`,
    );
    const { stdout, exitCode } = await execa('node', ['many.mjs'], { cwd: folder });
    const failed = Array(6).fill('failed');
    expect(JSON.parse(stdout)).toEqual([...failed, true, 'interrupted', 'failed', 'failed', true, null]);
    expect(exitCode).toBe(0);
  }, 60_000);

  it('is documented without a gap: TypeDoc has nothing to warn of', async () => {
    const typedoc = await execa('npx', ['typedoc', '--emit', 'none', '--skipErrorChecking'], {
      reject: false,
      all: true,
    });
    expect([typedoc.exitCode, typedoc.all]).toEqual([0, expect.not.stringContaining('[warning]')]);
  }, 120_000);
});
