import {
  accessSync,
  appendFileSync,
  closeSync,
  constants,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { fileTrouble, statIfThere } from '../file-trouble.ts';
import type { ReportTarget } from '../report/types.ts';

/**
 * A file that a report is written to, and what writes it: all at once at the end, because half a report would look like
 * one. Throws a `UsageError` now for what could not be written then.
 */
export function fileTarget(name: string): { readonly target: ReportTarget; readonly save: () => void } {
  if (name === '') throw new UsageError('the report has no file', { hint: 'write its name after the "="' });
  const refuse = (reason: string, hint?: string): never => {
    throw new UsageError(`cannot write the report ${name}: ${reason}`, { hint });
  };
  const known = statIfThere(resolve(name));
  if (known?.isDirectory()) refuse('it is a folder', 'name a file in it');
  // Where a link leads to is what is written; a device or a pipe is written to, not replaced.
  const inPlace = known !== undefined && !known.isFile();
  const file = known && !inPlace ? realpathSync(name) : resolve(name);
  if (!inPlace && !statIfThere(dirname(file))?.isDirectory()) {
    refuse(`there is no folder ${dirname(name)}`, 'make it first, or name another place');
  }
  const partial = inPlace ? file : `${file}.partial-${process.pid}`;
  try {
    if (known) accessSync(file, constants.W_OK);
    // Rights alone do not tell: in /proc root may write, and make no file.
    if (!inPlace) {
      rmSync(partial, { force: true });
      closeSync(openSync(partial, 'wx'));
      rmSync(partial);
    }
  } catch (error) {
    const isNoPlace = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (isNoPlace) refuse(`no file can be made in ${dirname(name)}`, 'name another place');
    const { reason, hint } = fileTrouble(error);
    refuse(reason, hint);
  }
  const parts: string[] = [];
  const write = (more: string): void => void parts.push(more);
  const save = (): void => {
    // Nothing to say: the run never began, and an empty report would look like one.
    if (parts.length === 0) return;
    try {
      if (!inPlace) {
        sweep(file);
        writeFileSync(partial, '');
      }
      // Part by part: all of them as one string may be more than a string can hold.
      for (const part of parts) appendFileSync(partial, part);
      if (!inPlace) renameSync(partial, file);
    } catch (error) {
      if (!inPlace) rmSync(partial, { force: true });
      const { reason, hint } = fileTrouble(error);
      refuse(reason, hint);
    }
  };
  return { target: { write, isTerminal: false, colour: false, unicode: true, columns: 100 }, save };
}

/** Writing takes milliseconds: what is this old, in milliseconds, nobody writes any more. */
const staleMs = 60_000;

/** Removes what a process that was killed in the middle of this has left beside the report. */
function sweep(file: string): void {
  const folder = dirname(file);
  const begun = `${basename(file)}.partial-`;
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(begun) || !/^\d+$/.test(name.slice(begun.length))) continue;
    const modified = statIfThere(join(folder, name))?.mtimeMs ?? Date.now();
    if (Date.now() - modified > staleMs) rmSync(join(folder, name), { force: true });
  }
}
