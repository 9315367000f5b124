import { UsageError } from '../errors.ts';
import { realPath, statIfThere } from '../file-trouble.ts';

/**
 * The runbooks that paths name, each once under its first spelling, in that order: files as they are; of folders and patterns the Markdown with
 * something to run, in order of name, without hidden folders, `node_modules` and what `.gitignore` leaves out. A pattern
 * with `!` in front takes files out again. Rejects with a `UsageError` for a path that names nothing; with `mayBeNone`, only
 * for one that is not there.
 */
export async function selectFiles(paths: readonly string[], mayBeNone = false): Promise<readonly string[]> {
  // A name with an exclamation mark in front is a pattern, also where there is such a file.
  const areFiles = paths.every((path) => !path.startsWith('!') && statIfThere(path)?.isDirectory() === false);
  const files = areFiles ? paths : await findFiles(paths, mayBeNone);
  const once = onceEach(files);
  if (once.length > 0 || mayBeNone) return once;
  const hint = 'runbooks end in .md, .markdown or .mdx and have a block that can be run';
  throw new UsageError(`no runbook in ${paths.join(', ')}`, { hint });
}

/** Files without those that have come already, under another name, too. */
export function onceEach(files: readonly string[]): readonly string[] {
  const once = new Map<string, string>();
  for (const file of files) if (!once.has(realPath(file))) once.set(realPath(file), file);
  return [...once.values()];
}

/** With what reads patterns, which takes as long to load as most of a run's own code. */
async function findFiles(paths: readonly string[], mayBeNone: boolean): Promise<readonly string[]> {
  const { filesOf, isTakenOut } = await import('./find-files.ts');
  const files = paths.filter((path) => !path.startsWith('!')).flatMap((path) => filesOf(path, mayBeNone));
  const out = paths.filter((path) => path.startsWith('!')).map((path) => isTakenOut(path.slice(1)));
  return files.filter((file) => !out.some((isOut) => isOut(file)));
}
