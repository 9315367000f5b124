import { mkdirSync } from 'node:fs';

/** Makes a folder of the engine's own on a node, if it is not there yet; false when the node has gone. */
export function makeOwnFolder(path: string): boolean {
  try {
    // Not with `recursive`: below the /proc of a process that has gone, Node would look for a parent for ever.
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST';
  }
}
