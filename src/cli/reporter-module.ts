import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../errors.ts';
import { refuseSpecialFile } from '../file-trouble.ts';
import type { Reporter, ReporterModule, ReportTarget } from '../report/types.ts';
import { thrownText } from '../thrown.ts';
import { trustExtraCertificates } from './extra-certificates.ts';

/** `import()` as src/cli/launch.ts lends it; there is none where the sources run as they are. */
declare const netlabImport: ((url: string) => Promise<Partial<ReporterModule>>) | undefined;

const importModule: (url: string) => Promise<Partial<ReporterModule>> =
  typeof netlabImport === 'undefined' ? (url) => import(url) : netlabImport;

/** Whether `--reporter` names a module of the user's own: as in an `import`, it begins with `./`, `../` or `/`. */
export function isModulePath(name: string): boolean {
  return /^\.{0,2}\//.test(name);
}

/** Loads a user's own reporter. Rejects with a `UsageError` for a module that is not there, or is no reporter. */
export async function loadReporterModule(name: string): Promise<ReporterModule> {
  const path = resolve(name);
  if (!existsSync(path)) {
    throw new UsageError(`there is no reporter ${name}: no such file`, { hint: 'look at the path' });
  }
  refuseSpecialFile(path, name);
  trustExtraCertificates();
  let module: Partial<ReporterModule>;
  try {
    module = await importModule(pathToFileURL(path).href);
  } catch (error) {
    throw new UsageError(`cannot load the reporter ${name}: ${thrownText(error)}`, { cause: error });
  }
  const { createReporter } = module;
  if (typeof createReporter !== 'function') throw noReporter(name);
  return { createReporter: (target) => guarded(create(name, createReporter, target)) };
}

function create(name: string, createReporter: ReporterModule['createReporter'], target: ReportTarget): Reporter {
  let reporter: Partial<Reporter> | null | undefined;
  try {
    reporter = createReporter(target);
  } catch (error) {
    throw new UsageError(`the reporter ${name} cannot begin: ${thrownText(error)}`, { cause: error });
  }
  if (typeof reporter?.event !== 'function') throw noReporter(name);
  return reporter as Reporter;
}

function noReporter(name: string): UsageError {
  return new UsageError(`${name} is no reporter`, {
    hint: 'it must export createReporter(target), which returns { event(event), end?() }: see docs/reports.md',
  });
}

/** Gives each event away as a copy, and waits for promises: nothing that it does can reach the other reporters. */
function guarded(reporter: Reporter): Reporter {
  const pending: Promise<unknown>[] = [];
  const failures: unknown[] = [];
  return {
    event(event) {
      const result: unknown = reporter.event(structuredClone(event));
      if (result instanceof Promise) pending.push(result.catch((error: unknown) => failures.push(error)));
    },
    async end() {
      await Promise.all(pending);
      await reporter.end?.();
      if (failures.length > 0) throw failures[0];
    },
  };
}
