import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deserialize, serialize } from 'node:v8';
import type { KeptDocuments } from '../run/kept-documents.ts';
import type { Runbook } from '../runbook/types.ts';
import { shortName } from './short-name.ts';

/** What a file holds: the runbook without its source, and all that it was made from. */
interface Entry {
  readonly key: string;
  readonly runbook: Omit<Runbook, 'source'>;
}

/**
 * Runbooks as they were read before, by content: reading Markdown takes longer than running a trivial step. One file for
 * each document under `$XDG_CACHE_HOME` (`~/.cache`), which may be deleted at any time; what is damaged, or was written by
 * another netlab or Node.js, is read anew. `undefined` for a netlab that was not built, whose code may change under it.
 */
export function keptDocuments(env: Readonly<Record<string, string | undefined>>): KeptDocuments | undefined {
  const file = fileURLToPath(import.meta.url);
  // The name has a hash of the whole engine: see scripts/build.mjs.
  if (!/^engine-.+\.cjs$/.test(basename(file))) return undefined;
  // Installed anew, it has nothing of what V8 had compiled: what reads documents is to be among what its first run compiles.
  const installed = statSync(file, { throwIfNoEntry: false })?.ctimeMs;
  // Built anew while this one starts, it is gone: then nothing is kept.
  if (installed === undefined) return undefined;
  const engine = `${basename(file)} ${installed}`;
  const cache = env['XDG_CACHE_HOME']?.startsWith('/') ? env['XDG_CACHE_HOME'] : join(homedir(), '.cache');
  const fileOf = (path: string): string => join(cache, 'netlab', `${shortName(resolve(path))}.runbook`);
  const keyOf = (source: string, path: string): string => `${engine}\0${process.version}\0${path}\0${source}`;
  return {
    find(source, path) {
      try {
        const { key, runbook } = deserialize(readFileSync(fileOf(path))) as Entry;
        return key === keyOf(source, path) ? { ...runbook, source } : undefined;
      } catch {
        return undefined;
      }
    },
    keep({ source, ...runbook }) {
      const file = fileOf(runbook.path);
      const partial = `${file}.partial-${process.pid}`;
      try {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
        const entry: Entry = { key: keyOf(source, runbook.path), runbook };
        writeFileSync(partial, serialize(entry), { mode: 0o600 });
        renameSync(partial, file);
      } catch {
        // Kept or not, the run is the same.
        if (existsSync(partial)) rmSync(partial);
      }
    },
  };
}
