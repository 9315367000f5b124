import { type Stats, statSync } from 'node:fs';
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

/** What stands at a path; `undefined` where nothing does, a file in the place of a folder included. */
export function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}
