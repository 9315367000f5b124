import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from '../errors.ts';
import { dockerEngine } from './docker.ts';
import { childrenOf } from './namespace.ts';
import { type RunningNode, serviceLog, servicesOf } from './node.ts';

/** How long the report of a service's end may take, in milliseconds. */
const reportMs = 500;

/** Looks whether what a node is and runs by itself is there; resolves to what has become of it when it is not. */
export type Examine = () => Promise<LabError | undefined>;

/** To be made when the node is up. `signal` aborts when nobody wants to know any more. */
export function examiner({ spec, pid }: RunningNode, signal: AbortSignal): Examine {
  // Its PID 1 has a child for each of them, which waits for its end; what it adopts comes after those.
  const waiting = childrenOf(pid);
  const services = servicesOf(spec).map(({ name }, index) => ({ name, parent: waiting[index] }));
  const engine = spec.kind === 'docker' ? dockerEngine(pid, signal) : undefined;
  const containerd = engine?.containerd();
  return async () => {
    if (stateOf(pid) === undefined) return new LabError('the lab ended: its first process was killed');
    for (const { name, parent } of services) {
      const state = stateOf(childrenOf(parent)[0]);
      if (state !== undefined && state !== 'T') continue;
      // Its status comes with the report of its end, which is on its way.
      if (state === undefined) await sleep(reportMs, undefined, { signal, ref: false }).catch(() => {});
      const what = state === undefined ? 'has ended' : 'is stopped';
      return new LabError(`${name} on ${spec.name} ${what}`, { log: serviceLog(pid, name) });
    }
    if (!engine) return undefined;
    const refusing = await engine.refusing();
    const anew = containerd === engine.containerd() ? '' : ' and was started anew';
    if (refusing === undefined && anew === '') return undefined;
    return new LabError(`${refusing ?? 'containerd'} on ${spec.name} has ended${refusing ? '' : anew}`, {
      log: engine.log(),
    });
  };
}

/** The letter of a process's state (proc(5)); of one that is not there, or only waits to be reaped, none. */
function stateOf(pid: number | undefined): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const state = stat[stat.lastIndexOf(')') + 2];
    return state === 'Z' ? undefined : state;
  } catch {
    return undefined;
  }
}
