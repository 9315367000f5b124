import { readFileSync } from 'node:fs';
import type { Bash } from './bash.ts';
import { waitFor } from './ending.ts';
import { quote } from './quote.ts';
import { privateFd } from './step-line.ts';

/** How long a shell may take to say what it is, in milliseconds. */
const patienceMs = 5000;

/**
 * Has a session's bash, between two steps, write its folder, variables, functions, aliases and options into a file of the
 * node, as commands that another bash can read. `execute`: how it is told. Resolves to whether it is all there.
 */
export async function saveShell(bash: Bash, execute: Bash['execute'], file: string): Promise<boolean> {
  const key = bash.nextKey();
  const report = bash.report(key);
  const script = readFileSync(new URL('./save-shell.sh', import.meta.url), 'utf8');
  const tell = (status: number): string => `\\builtin printf '%s ${status}\\n' ${key} >&${privateFd.status}`;
  execute(
    `__netlab_file=${quote(file)}; if \\builtin eval ${quote(script)}; then ${tell(0)}; else ${tell(1)}; fi; \\builtin unset __netlab_file\n`,
  );
  const waited = await waitFor(report, patienceMs, new AbortController().signal);
  return waited.value === '0';
}
