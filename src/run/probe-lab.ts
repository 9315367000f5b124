import type { Prober } from '../check/types.ts';
import type { Lab } from '../lab/types.ts';

/** Asks the nodes of a lab about their state; `node` is the one that is asked when a check names none. */
export function proberOf(lab: Lab, env: Readonly<Record<string, string>>, node: string): Prober {
  return async (named, requests, signal) => {
    const found = lab.nodes.get(named ?? node);
    if (found) {
      const { probeNode } = await import('../shell/probe.ts');
      return probeNode({ ...found, env: { ...found.env, ...env } }, requests, signal);
    }
    const problem = `there is no node ${named ?? node}; there are ${[...lab.nodes.keys()].join(', ')}`;
    return requests.map(() => ({ stdout: '', stderr: '', exit: null, problem }));
  };
}
