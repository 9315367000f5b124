import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import type { RunbookResult } from '../events.ts';
import { shortName } from './short-name.ts';

/** What is remembered of a runbook from one run to the next. */
interface RunbookRecord {
  readonly status: 'passed' | 'failed' | 'errored';
  /** Of its last pass; absent when it never passed. */
  readonly duration_ms?: number | undefined;
}

/** By path from the project's root. */
type Runbooks = Readonly<Record<string, RunbookRecord>>;

/** What is remembered of a project's runbooks. Paths are as the working folder sees them. */
export interface Records {
  /** Those that did not pass when they last ran. */
  readonly failed: ReadonlySet<string>;
  /** How long those took that have passed, in milliseconds. */
  readonly durations: ReadonlyMap<string, number>;
  /** Adds what came of these, and with `times` how long they took. A record that cannot be kept is no reason for a run to fail: it says nothing then. */
  add(results: readonly RunbookResult[], options?: { readonly times: boolean }): void;
}

/**
 * The records of the project around `folder`: the nearest folder upwards with `.git`, else `folder` itself. They are kept
 * under `$XDG_STATE_HOME` (`~/.local/state`), a file for each project. A damaged file counts as empty.
 */
export function openRecords(folder: string, env: Readonly<Record<string, string | undefined>>): Records {
  const project = projectRoot(resolve(folder));
  const state = env['XDG_STATE_HOME']?.startsWith('/') ? env['XDG_STATE_HOME'] : join(homedir(), '.local/state');
  const file = join(state, 'netlab', `${shortName(project)}.json`);
  const entries = Object.entries(read(file, project));
  const here = (path: string): string => resolve(project, path);
  return {
    failed: new Set(entries.filter(([, { status }]) => status !== 'passed').map(([path]) => here(path))),
    durations: new Map(entries.flatMap(([path, { duration_ms: ms }]) => (ms === undefined ? [] : [[here(path), ms]]))),
    add: (results, { times } = { times: true }) => {
      const runbooks: Record<string, RunbookRecord> = { ...read(file, project) };
      for (const { path, status, duration_ms: duration } of results) {
        if (status !== 'passed' && status !== 'failed' && status !== 'errored') continue;
        const key = relative(project, resolve(path));
        const before = runbooks[key]?.duration_ms;
        const taken = status === 'passed' && times ? duration : before;
        runbooks[key] = { status, ...(taken !== undefined && { duration_ms: taken }) };
      }
      const kept = Object.entries(runbooks).filter(([path]) => existsSync(here(path)));
      write(file, { version: 1, project, runbooks: Object.fromEntries(kept) });
    },
  };
}

function projectRoot(folder: string): string {
  for (let at = folder; at !== dirname(at); at = dirname(at)) if (existsSync(join(at, '.git'))) return at;
  return folder;
}

function read(file: string, project: string): Runbooks {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>;
    return kept.version === 1 && kept.project === project && isRunbooks(kept.runbooks) ? kept.runbooks : {};
  } catch {
    return {};
  }
}

/** By hand: every run reads this, and a library that checks forms takes longer to load than all the rest. */
function isRunbooks(value: unknown): value is Runbooks {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).every((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return false;
    const { status, duration_ms: taken } = entry as Readonly<Record<string, unknown>>;
    const known = status === 'passed' || status === 'failed' || status === 'errored';
    return known && (taken === undefined || (typeof taken === 'number' && taken >= 0));
  });
}

/** Whole or not at all: runs may end at the same time. */
function write(
  file: string,
  records: { readonly version: 1; readonly project: string; readonly runbooks: Runbooks },
): void {
  const partial = `${file}.partial-${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(partial, `${JSON.stringify(records)}\n`);
    renameSync(partial, file);
  } catch {
    if (existsSync(partial)) rmSync(partial, { force: true });
  }
}
