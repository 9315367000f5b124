import { type Diagnostic, ParseError } from '../errors.ts';
import { readNamedFile } from '../file-trouble.ts';
import type { Runbook } from '../runbook/types.ts';
import { trace, tracing } from '../trace.ts';
import type { KeptDocuments } from './kept-documents.ts';

/** Reads and parses documents; rejects with one `ParseError` for all that is wrong in any of them. */
export async function load(paths: readonly string[], kept?: KeptDocuments): Promise<readonly Runbook[]> {
  const wrong: Diagnostic[] = [];
  const runbooks: Runbook[] = [];
  for (const path of paths) {
    try {
      const started = performance.now();
      const source = await readNamedFile(path);
      const known = kept?.find(source, path);
      runbooks.push(known ?? (await readAnew(source, path, kept)));
      if (tracing.hasSubscribers) trace('run', `${path} ${known ? 'was read before' : 'read'}`, started);
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      wrong.push(...error.diagnostics);
    }
  }
  const [first, ...rest] = wrong;
  if (first) throw new ParseError([first, ...rest]);
  return runbooks;
}

async function readAnew(source: string, path: string, kept?: KeptDocuments): Promise<Runbook> {
  const { readDocument } = await import('./read-document.ts');
  const runbook = readDocument(source, path);
  kept?.keep(runbook);
  return runbook;
}
