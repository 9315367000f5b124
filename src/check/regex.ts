import vm from 'node:vm';
import { CheckProblem } from './problem.ts';

/** Wall time that the regular expressions of one call may take. */
const limitMs = 1000;

let context: vm.Context | undefined;
let script: vm.Script | undefined;

/** Says why a regular expression cannot be used; `undefined` when it can. */
export function checkRegex(source: string, flags = ''): string | undefined {
  if (/[gy]/.test(flags)) return `/${source}/${flags}: the flags g and y have no meaning here`;
  try {
    new RegExp(source, flags);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Whether the expression is found in each of the texts. It runs in V8's `vm`, whose time limit is the only one that
 * can stop a regular expression in the middle of its backtracking.
 */
export function searchAll(source: string, flags: string, texts: readonly string[]): readonly boolean[] {
  const problem = checkRegex(source, flags);
  if (problem !== undefined) throw new CheckProblem(problem);
  context ??= vm.createContext({});
  script ??= new vm.Script('{ const re = new RegExp(source, flags); texts.map((text) => re.test(text)); }');
  Object.assign(context, { source, flags, texts });
  try {
    return [...(script.runInContext(context, { timeout: limitMs }) as boolean[])];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new CheckProblem(`/${source}/ took longer than ${limitMs} ms; write it without nested repetition`);
  } finally {
    Object.assign(context, { texts: [] });
  }
}

/** Whether the expression is found in the text, within the time limit. */
export function search(source: string, flags: string, text: string): boolean {
  return searchAll(source, flags, [text])[0] === true;
}

/** Reads `/source/flags`; `undefined` when the text is not written like that. */
export function parseRegex(text: string): { readonly source: string; readonly flags: string } | undefined {
  const match = /^\/(.+)\/([a-z]*)$/s.exec(text);
  return match ? { source: match[1] ?? '', flags: match[2] ?? '' } : undefined;
}
