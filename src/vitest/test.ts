import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test as base, describe, expect, type TestAPI } from 'vitest';
import { ParseError, UsageError } from '../errors.ts';
import { refuseSpecialFile } from '../file-trouble.ts';
import { printable } from '../report/printable.ts';
import { outline } from '../run/outline.ts';
import { type RunbookOptions, testOptions } from './options.ts';
import { openDocument, refuse } from './suite.ts';

/** Makes a suite of a runbook, each of its steps a test. */
export interface RunbookTest {
  /** `file`: a path relative to the test file, or a URL. */
  (file: string | URL, options?: RunbookOptions): void;
  /** The same, skipped. */
  readonly skip: (file: string | URL, options?: RunbookOptions) => void;
  /** The same, and nothing else of the file but what is `only`, too. */
  readonly only: (file: string | URL, options?: RunbookOptions) => void;
}

/** Vitest's own `test`, and `test.runbook`. */
export type NetlabTest = TestAPI & { readonly runbook: RunbookTest };

/**
 * Vitest's `test`, with runbooks among the tests of a suite.
 *
 * @example
 * ```ts
 * import { test } from 'netlab/vitest'
 *
 * test.runbook('../docs/first.md')
 * ```
 */
export const test: NetlabTest = withRunbooks();

/** Made without calling Vitest, which refuses that in its configuration: the plugin is imported there from the same place. */
function withRunbooks(): NetlabTest {
  const own = (...args: Parameters<TestAPI>): void => base(...args);
  const runbook = Object.assign(
    suiteOf(() => describe),
    {
      skip: suiteOf(() => describe.skip),
      only: suiteOf(() => describe.only),
    },
  );
  return Object.assign(Object.setPrototypeOf(own, base) as TestAPI, { runbook });
}

function suiteOf(suite: () => (name: string, collect: () => void) => unknown): RunbookTest['skip'] {
  return (file, options = {}) => {
    const path =
      typeof file === 'string' ? resolve(dirname(expect.getState().testPath ?? ''), file) : fileURLToPath(file);
    if (!existsSync(path)) throw new UsageError(`there is no ${path}`);
    refuseSpecialFile(path);
    const source = readFileSync(path, 'utf8');
    const { title, entries } = outlineOrRefuse(source, path);
    suite()(printable(title), () => {
      const document = openDocument({ path, source, options });
      if (entries.length === 0) throw new Error(`${path} has nothing to run`);
      for (const { name, index, task, teardown } of entries) {
        base(printable(name), testOptions, task === undefined ? document.step(index, teardown) : document.task(task));
      }
    });
  };
}

function outlineOrRefuse(source: string, path: string): ReturnType<typeof outline> {
  try {
    return outline(source, relative(process.cwd(), path));
  } catch (error) {
    if (error instanceof ParseError) refuse(path, source, error.diagnostics);
    throw error;
  }
}
