import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';

/** Tells that something was saved, in files or folders that may be others from one run to the next. */
export interface FileWatch {
  /** What matters from now on: files, whether they are there or not, and folders with all that is in them. */
  follow(paths: { readonly files: readonly string[]; readonly folders: readonly string[] }): void;
  close(): Promise<void>;
}

/** A save is several events, and of an editor that writes a new file and renames it, on several files. */
const calmMs = 40;

/** Where the kernel's events get lost among those of a file that goes and comes, its state tells, in milliseconds. */
const lookMs = 300;

/**
 * Watches. An event is only a hint that something may have changed: what did, the caller finds out by looking. The folders
 * of files are watched, not the files, so that one may go and come back under its name.
 */
export function watchFiles(changed: () => void): FileWatch {
  let timer: NodeJS.Timeout | undefined;
  const hint = (): void => {
    clearTimeout(timer);
    timer = setTimeout(changed, calmMs);
  };
  const ignored = /(?:^|\/)(?:\.git|node_modules)(?:\/|$)/;
  const open = (depth?: number): FSWatcher => {
    const options = { ignoreInitial: true, ignored, ...(depth !== undefined && { depth }) };
    // A folder that cannot be watched is looked at with the next save elsewhere.
    return watch([], options).on('all', hint).on('error', hint);
  };
  const flat = open(0);
  const deep = open();
  const known = { flat: new Set<string>(), deep: new Set<string>() };
  const add = (watcher: FSWatcher, had: Set<string>, paths: readonly string[]): void => {
    const fresh = paths.map((path) => resolve(path)).filter((path) => !had.has(path));
    for (const path of fresh) had.add(path);
    if (fresh.length > 0) watcher.add(fresh);
  };
  const states = new Map<string, string>();
  const stateOf = (file: string): string => {
    const stat = statSync(file, { throwIfNoEntry: false });
    return `${stat?.ino} ${stat?.mtimeMs} ${stat?.size}`;
  };
  const looking = setInterval(() => {
    for (const [file, state] of states) {
      const now = stateOf(file);
      if (now === state) continue;
      states.set(file, now);
      hint();
    }
  }, lookMs);
  return {
    follow({ files, folders }) {
      for (const file of files) if (!states.has(file)) states.set(file, stateOf(file));
      add(flat, known.flat, [...new Set(files.map((file) => dirname(resolve(file))))]);
      add(deep, known.deep, folders);
    },
    async close() {
      clearTimeout(timer);
      clearInterval(looking);
      await Promise.all([flat.close(), deep.close()]);
    },
  };
}
