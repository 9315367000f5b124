import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';

/** A block that netlab may run: most Markdown files of a folder are no runbooks. */
const runnable = /^[\s>]*(?:`{3,}|~{3,})\s*(?:console|shell-session|sh-session|terminal|sh|bash|js|ts)\b|<!-- netlab/m;

/**
 * The runbooks that paths name: files as they are, folders with all Markdown below them that has something to run, in
 * order of name.
 */
export function selectFiles(paths: readonly string[]): readonly string[] {
  const files = paths.flatMap((path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) throw new UsageError(`${path}: there is no such file or folder`);
    return stat.isDirectory() ? below(path) : [path];
  });
  if (files.length === 0)
    throw new UsageError(`no Markdown file in ${paths.join(', ')}`, { hint: 'runbooks end in .md' });
  return [...new Set(files)];
}

function below(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return below(path);
      return /\.(?:md|markdown)$/.test(entry.name) && runnable.test(readFileSync(path, 'utf8')) ? [path] : [];
    });
}
