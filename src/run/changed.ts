import { dirname, resolve, sep } from 'node:path';
import { execa } from 'execa';
import { UsageError } from '../errors.ts';
import { realPath } from '../file-trouble.ts';
import { everyStep } from '../runbook/every-step.ts';
import type { Runbook } from '../runbook/types.ts';

/**
 * Tells which runbooks differ from a commit: those whose file does, and those that use a file or folder that does (an
 * image's, or one that a command names). With another commit than HEAD, what counts is where this branch left it. Rejects
 * with a `UsageError` where git cannot tell.
 */
export async function isChanged(commit: string): Promise<(runbook: Runbook) => boolean> {
  const [root = ''] = await git('rev-parse', '--show-toplevel');
  const [id = ''] = await git('rev-parse', '--verify', '--end-of-options', `${commit}^{commit}`);
  const [base = id] = await git('merge-base', id, 'HEAD');
  const tracked = await git('diff', '--name-only', '--no-renames', '-z', base, '--');
  const untracked = await git('ls-files', '--others', '--exclude-standard', '--full-name', '-z', ':/');
  const changed = new Set([...tracked, ...untracked].flatMap((file) => withFolders(resolve(root, file))));
  return (runbook) => usedBy(runbook).some((path) => changed.has(path));
}

/** Every path that the document names, itself first. A word that leads to a folder around it says nothing of its use. */
export function usedBy(runbook: Runbook): readonly string[] {
  // git tells real paths, and so must what is compared with them.
  const path = realPath(runbook.path);
  const folder = dirname(path);
  const images = runbook.lab.nodes.flatMap((node) => node.images.flatMap(({ build }) => build ?? []));
  const words = everyStep(runbook)
    .flatMap(({ command }) => command.split(/[\s'"`;|&()<>=,:{}]+/))
    .filter(Boolean);
  const used = [...images, ...words].map((word) => resolve(folder, word));
  return [path, ...used.filter((each) => !`${folder}${sep}`.startsWith(each === sep ? sep : `${each}${sep}`))];
}

/** A file and every folder around it: what uses the folder uses the file. */
function withFolders(file: string): string[] {
  const all = [file];
  for (let at = dirname(file); at !== dirname(at); at = dirname(at)) all.push(at);
  return all;
}

/** What git prints, split at its line ends or NULs. */
async function git(...args: readonly string[]): Promise<readonly string[]> {
  const { stdout, stderr, failed, exitCode } = await execa('git', args, { reject: false, stdin: 'ignore' });
  if (failed) {
    const said = exitCode === undefined ? 'git is not installed' : stderr.trim().split('\n')[0] || 'no common history';
    const hint = 'changed needs a clone of git with that commit in it (in CI: fetch its history, too)';
    throw new UsageError(`cannot tell what has changed: ${said}`, { hint });
  }
  return stdout.split(/[\0\n]/).filter((line) => line !== '');
}
