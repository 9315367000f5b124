import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { refuseSpecialFile, statIfThere } from '../file-trouble.ts';

/** The rules of one `.gitignore`, and the folder that they are about. */
interface Rules {
  readonly folder: string;
  readonly ignored: Ignore;
}

/**
 * The files below a folder in order of name, as paths that begin as `folder` does. Hidden names, `node_modules` and what
 * `.gitignore` files leave out are passed over; those above the folder count, too, up to the root of its repository.
 */
export function filesBelow(folder: string): readonly string[] {
  return walk(folder, rulesAbove(resolve(folder)));
}

function walk(folder: string, above: readonly Rules[]): string[] {
  const rules = [...above, ...rulesOf(resolve(folder))];
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (isIgnored(path, entry.isDirectory(), rules)) return [];
      if (entry.isDirectory()) return walk(path, rules);
      // A link to a folder might lead back here, and a broken one leads nowhere.
      const isFile = entry.isFile() || statIfThere(path)?.isFile() === true;
      return isFile ? [path] : [];
    });
}

/** As git decides: the last file that says something of the path, from the outermost inwards. */
function isIgnored(path: string, isFolder: boolean, rules: readonly Rules[]): boolean {
  let verdict = false;
  for (const { folder, ignored } of rules) {
    const { ignored: out, unignored } = ignored.test(relative(folder, resolve(path)) + (isFolder ? '/' : ''));
    verdict = out || (verdict && !unignored);
  }
  return verdict;
}

function rulesAbove(folder: string): readonly Rules[] {
  const folders: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    if (at !== folder) folders.unshift(at);
    if (existsSync(join(at, '.git'))) return folders.flatMap(rulesOf);
    // Outside of a repository nothing above is about this folder.
    if (at === dirname(at)) return [];
  }
}

function rulesOf(folder: string): Rules[] {
  const path = join(folder, '.gitignore');
  try {
    refuseSpecialFile(path);
    return [{ folder, ignored: ignore().add(readFileSync(path, 'utf8')) }];
  } catch {
    return [];
  }
}
