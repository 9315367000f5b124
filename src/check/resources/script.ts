import { CheckProblem } from '../problem.ts';
import type { ProbeAnswer } from '../types.ts';
import type { OptionKind } from './types.ts';

/** Programs say what `read` looks for in English, whatever the runbook's environment. */
export const inEnglish = 'export LC_ALL=C\n';

/** In which network a question may be asked: that of a named namespace, or of a container. */
export const inNetworks: Readonly<Record<'netns' | 'container', OptionKind>> = { netns: 'text', container: 'text' };

/** `text` as one word of a shell. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The answer's text, of a script that ends with status 0 when there is one. */
export function textOf({ stdout, stderr, exit }: ProbeAnswer): string {
  if (exit === 0) return stdout;
  throw new CheckProblem(`cannot be probed: ${lastLine(stderr) ?? lastLine(stdout) ?? `status ${exit}`}`);
}

/** The last line that says something. */
export function lastLine(text: string): string | undefined {
  return text.trim().split('\n').at(-1)?.trim() || undefined;
}

/** The script as it runs in another network of the node; everything but the network stays the node's. */
export function insideNetwork(script: string, { netns, container }: Readonly<Record<string, unknown>>): string {
  const inner = `bash --norc --noprofile -c ${quote(script)}`;
  if (typeof netns === 'string') return `exec ip netns exec ${quote(netns)} ${inner}`;
  if (typeof container !== 'string') return script;
  return [
    `pid=$(docker inspect --type container -f '{{.State.Pid}}' ${quote(container)}) || exit`,
    `[ "$pid" -gt 0 ] || { echo ${quote(`the container ${container} is not running`)} >&2; exit 1; }`,
    `exec nsenter -t "$pid" -n ${inner}`,
  ].join('\n');
}
