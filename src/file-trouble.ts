import { readFile, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from './errors.ts';
import { thrownText } from './thrown.ts';

/** What the system's codes mean to somebody who named a file, and what to try. */
const troubles: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  ENOENT: ['there is no such file or folder', 'look at the name, and at the folder that this runs in'],
  ENOTDIR: ['a part of the path is no folder', 'look at the path'],
  EISDIR: ['it is a folder', 'name a file'],
  EACCES: ['this user may not', 'change its rights, or run as another user'],
  EROFS: ['it is on a file system that cannot be written to', 'name a place that can'],
  ENOSPC: ['the disk is full', 'make room, or name another place'],
};

/** Why a file could not be read or written, in words: the system's own are for programmers. */
export function fileTrouble(error: unknown): { readonly reason: string; readonly hint: string | undefined } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [reason, hint] = troubles[code] ?? [thrownText(error), undefined];
  return { reason, hint };
}

/** Why nothing can stand at a path: a file in the place of a folder, a link to itself, a name that no file can have. */
const nothingThere = new Set(['ENOTDIR', 'ELOOP', 'ENAMETOOLONG']);

/** What stands at a path; `undefined` where nothing does. */
export function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (nothingThere.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** The one path of a file that several lead to; of what is not there, the absolute one. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** What a shell gives in the place of a file: its end comes by itself, or the shell has it in its hands. */
const openedByShell = /^\/(?:dev\/stdin|(?:dev|proc\/self)\/fd\/\d+)$/;

/**
 * Throws a `UsageError` for a FIFO, a socket or a device: reading it may never end, nor be stopped by a signal. What a
 * shell has opened (`/dev/stdin`, `/dev/fd/63`) is let through, and so are folders and what is not there.
 */
export function refuseSpecialFile(path: string, shown: string = path): void {
  const stat = statIfThere(path);
  if (!stat || stat.isFile() || stat.isDirectory() || openedByShell.test(path)) return;
  const kind = stat.isFIFO() ? 'a FIFO' : stat.isSocket() ? 'a socket' : 'a device';
  throw new UsageError(`${shown} is ${kind}, not a file`, { hint: 'write what it gives into a file, and name that' });
}

/** The text of a file that a user named. Rejects with a `UsageError` that says why it cannot be read. */
export async function readNamedFile(path: string): Promise<string> {
  try {
    refuseSpecialFile(path);
    // What a shell gives may take its time.
    return statIfThere(path)?.isFile() ? readFileSync(path, 'utf8') : await promisify(readFile)(path, 'utf8');
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    const { reason, hint } = fileTrouble(cause);
    throw new UsageError(`cannot read ${path}: ${reason}`, { cause, hint });
  }
}
