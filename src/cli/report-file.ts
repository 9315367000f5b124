import {
  accessSync,
  appendFileSync,
  constants,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import type { ReportTarget } from '../report/types.ts';

/**
 * A file that a report is written to, and what writes it: all at once at the end, because half a report would look like
 * one. Throws a `UsageError` now for what could not be written then.
 */
export function fileTarget(name: string): { readonly target: ReportTarget; readonly save: () => void } {
  const refuse = (reason: string): never => {
    throw new UsageError(`cannot write the report ${name}: ${reason}`);
  };
  const known = statSync(resolve(name), { throwIfNoEntry: false });
  if (known?.isDirectory()) refuse('it is a folder');
  // Where a link leads to is what is written; a device or a pipe is written to, not replaced.
  const inPlace = known !== undefined && !known.isFile();
  const file = known && !inPlace ? realpathSync(name) : resolve(name);
  try {
    if (known) accessSync(file, constants.W_OK);
    if (!inPlace) accessSync(dirname(file), constants.W_OK);
  } catch (error) {
    refuse((error as Error).message);
  }
  const parts: string[] = [];
  const write = (more: string): void => void parts.push(more);
  const save = (): void => {
    // Nothing to say: the run never began, and an empty report would look like one.
    if (parts.length === 0) return;
    const partial = inPlace ? file : `${file}.partial-${process.pid}`;
    try {
      if (!inPlace) writeFileSync(partial, '');
      // Part by part: all of them as one string may be more than a string can hold.
      for (const part of parts) appendFileSync(partial, part);
      if (!inPlace) renameSync(partial, file);
    } catch (error) {
      if (!inPlace) rmSync(partial, { force: true });
      refuse((error as Error).message);
    }
  };
  return { target: { write, isTerminal: false, colour: false, unicode: true, columns: 100 }, save };
}
