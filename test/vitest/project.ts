import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll } from 'vitest';

/** A project of its own, outside the repository, with netlab installed from a package and the clone's Vitest. */
export interface Project {
  readonly folder: string;
  write(name: string, text: string): void;
  /** Runs `vitest`; never rejects for its exit status. */
  readonly vitest: Vitest;
  /** Runs `vitest run` and reads what its JSON reporter says. */
  run(...args: string[]): Promise<Run>;
}

type Vitest = (args: readonly string[], env?: Readonly<Record<string, string>>) => Started;

/** A Vitest that is running. */
export interface Started {
  /** What it has printed so far. */
  readonly printed: () => string;
  /** It leads a group of its own. */
  readonly pid: number;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Its exit status; `undefined` when a signal ended it. */
  readonly ended: Promise<number | undefined>;
}

function start(folder: string, args: readonly string[], more: Readonly<Record<string, string>> = {}): Started {
  const env = { ...more, NO_COLOR: '1', FORCE_COLOR: '0', CI: '1', HIDDEN_WORD: 'xyzzy' };
  const vitest = join(folder, 'node_modules/vitest/vitest.mjs');
  // Standard input stays open: with an end of it, a Vitest that watches would end.
  const started = execa('node', [vitest, ...args], { cwd: folder, reject: false, all: true, env, detached: true });
  let printed = '';
  started.all.on('data', (chunk) => {
    printed += String(chunk);
  });
  return {
    printed: () => printed,
    pid: started.pid ?? 0,
    kill: (signal) => void started.kill(signal),
    ended: started.then(({ exitCode }) => exitCode),
  };
}

/** What Vitest's own reporters say of a run. */
export interface Run {
  readonly exitCode: number | undefined;
  /** The verbose reporter. */
  readonly text: string;
  readonly json: Report;
  readonly junit: string;
  /** The state of each test, by `file > full name`. */
  readonly states: Readonly<Record<string, string>>;
}

interface Report {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
      readonly location: { readonly line: number; readonly column: number };
    }[];
  }[];
}

const config = `import { netlab } from 'netlab/vitest'
import { defineConfig } from 'vitest/config'
export default defineConfig({
  plugins: [netlab({ mask: ['HIDDEN_WORD'] })],
  // Limits that every lab exceeds: they are not for steps, which have limits of their own.
  test: { testTimeout: 20, hookTimeout: 20, maxWorkers: 2, includeTaskLocation: true },
})
`;

// A hook that is made by a hook is never run.
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Makes a project of these files, which goes after the tests. */
export async function projectOf(files: Readonly<Record<string, string>>): Promise<Project> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'vitest-project-')));
  folders.push(folder);
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const all = { 'package.json': '{ "name": "project", "type": "module" }', 'vitest.config.ts': config, ...files };
  for (const [name, text] of Object.entries(all)) write(name, text);
  await install(folder);
  const vitest: Vitest = (args, env) => start(folder, args, env);
  return { folder, write, vitest, run: (...args) => runIn(folder, vitest, args) };
}

async function runIn(folder: string, vitest: Vitest, args: readonly string[]): Promise<Run> {
  const reporters = ['verbose', 'json', 'junit'].map((name) => `--reporter=${name}`);
  const outputs = ['--outputFile.json=out.json', '--outputFile.junit=out.xml'];
  const started = vitest(['run', ...reporters, ...outputs, ...args]);
  const exitCode = await started.ended;
  const text = started.printed();
  if (!existsSync(join(folder, 'out.json'))) throw new Error(`Vitest did not report:\n${text}`);
  const json = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')) as Report;
  const junit = readFileSync(join(folder, 'out.xml'), 'utf8');
  rmSync(join(folder, 'out.json'));
  const states = Object.fromEntries(
    json.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.map(({ title, status }) => [`${name.slice(folder.length + 1)} > ${title}`, status]),
    ),
  );
  return { exitCode, text, json, junit, states };
}

/** As `npm install` would, but that all packages other than netlab are those of the clone: there is no network. */
async function install(folder: string): Promise<void> {
  await execa('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]);
  const [archive] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  await execa('npm', ['install', '--offline', '--no-audit', '--no-fund', '--no-save', `./${archive}`], { cwd: folder });
  const modules = join(folder, 'node_modules');
  for (const name of readdirSync('node_modules')) {
    if (!existsSync(join(modules, name))) symlinkSync(resolve('node_modules', name), join(modules, name));
  }
}
