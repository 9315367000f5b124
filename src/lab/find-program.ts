import { accessSync, constants, statSync } from 'node:fs';

/** Debian keeps them out of an ordinary user's PATH, though `ip` and its like are of use to every user. */
const administratorFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The folders in which programs are looked for: those of PATH, then the administrator's. */
export function programFolders(path: string = process.env['PATH'] ?? ''): string[] {
  const folders = path.split(':').filter((folder) => folder.startsWith('/'));
  return [...new Set([...folders, ...administratorFolders])];
}

/** The path of a program that this process may run; `undefined` when there is none. */
export function findProgram(name: string, path?: string): string | undefined {
  for (const folder of programFolders(path)) {
    const file = `${folder}/${name}`;
    if (isProgram(file)) return file;
  }
  return undefined;
}

function isProgram(path: string): boolean {
  try {
    // Most look-ups find nothing, and throwing is what costs.
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
