import { randomUUID } from 'node:crypto';
import { chmod, chown, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isRoot } from '../lab/machine.ts';

/**
 * Puts `after` in the place of `before` in a file, all of it or nothing; its mode, its owner and a link to it stay.
 * Resolves to why it was left alone, if the file does not hold `before` any more or cannot be written.
 */
export async function rewriteFile(path: string, before: string, after: string): Promise<string | undefined> {
  let partial: string | undefined;
  try {
    const target = await realpath(path);
    const { mode, uid, gid } = await stat(target);
    partial = join(dirname(target), `.netlab-${randomUUID()}`);
    const file = await open(partial, 'wx', 0o600);
    try {
      await file.writeFile(after);
      await file.sync();
    } finally {
      await file.close();
    }
    if (isRoot()) await chown(partial, uid, gid);
    await chmod(partial, mode & 0o7777);
    const now = await readFile(target);
    if (!now.equals(Buffer.from(before))) {
      // Bytes that were read as U+FFFD would be lost.
      if (now.toString() === before) return 'it is not all UTF-8';
      return 'it has changed since it was read';
    }
    await rename(partial, target);
    partial = undefined;
    return undefined;
  } catch (error) {
    return `it cannot be written: ${(error as Error).message}`;
  } finally {
    if (partial !== undefined) await rm(partial, { force: true });
  }
}
