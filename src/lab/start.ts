import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from '../errors.ts';
import type { Runbook } from '../runbook/types.ts';
import { trace, traced, tracing } from '../trace.ts';
import { makeCgroups } from './cgroups.ts';
import { dockerService } from './docker.ts';
import { engineEnvironment } from './environment.ts';
import { examiner } from './examine.ts';
import { thaw } from './freezer.ts';
import { type InAdvance, startInAdvance } from './in-advance.ts';
import { connect } from './links.ts';
import { machineItself } from './machine-itself.ts';
import { type Lifeline, labScript, makeNamespaces, type NamespaceOptions, type Namespaces } from './namespace.ts';
import { asNode, droppedIn, nodeEnvironment, prepareNode, type RunningNode, serviceLog, startNode } from './node.ts';
import type { Lab } from './types.ts';

/**
 * Brings up the lab of a runbook. Rejects with a `LabError`; then, as after disposal, nothing of it is left. `meanwhile` is
 * called for each node that is on its way, for what can be done until it is up.
 */
export async function startLab(runbook: Runbook, signal: AbortSignal, meanwhile = (): void => {}): Promise<Lab> {
  const folder = dirname(resolve(runbook.path));
  if (runbook.lab.kind === 'none') return machineItself(folder);
  const { limits, network } = runbook.lab;
  const started = performance.now();
  const cgroups = makeCgroups(limits, { all: runbook.lab.nodes.some((node) => node.kind === 'docker') });
  if (tracing.hasSubscribers) trace('lab', `${cgroups.directories.length} control groups made`, started);
  const lifelines: Lifeline[] = [];
  const specs = runbook.lab.nodes.filter((spec) => spec.kind !== 'bridge');
  let waits: InAdvance | undefined;
  const breakage = new AbortController();
  const over = new AbortController();
  const takeDown = async (): Promise<void> => {
    over.abort();
    if (tracing.hasSubscribers) trace('lab', 'is taken down');
    const since = performance.now();
    const dismissed = waits?.dismiss();
    thaw(cgroups.directories);
    for (const { release } of lifelines) release();
    await Promise.all([endOf(lifelines), dismissed]);
    await cgroups[Symbol.asyncDispose]();
    if (tracing.hasSubscribers) trace('lab', 'has gone, with its control groups', since);
  };
  try {
    // Nodes that nothing is to be done about from outside stand by themselves.
    const joined =
      runbook.lab.links.length > 0 ||
      runbook.lab.nodes.some((node) => node.kind === 'bridge' || node.routes.length > 0);
    const watched = AbortSignal.any([signal, breakage.signal]);
    const startNodes = (ground?: Namespaces): Promise<PromiseSettledResult<RunningNode>[]> =>
      Promise.allSettled(
        specs.map(async (spec) => {
          const context = { ground, cgroups, lifelines, signal: watched, breakage, onMade: meanwhile };
          return { ...(await startNode(spec, runbook.lab, context)), spec };
        }),
      );
    const grounding = joined ? startGround({ cgroups, ownNetwork: network !== 'host', lifelines, signal }) : undefined;
    const starting = grounding ? grounding.then(startNodes) : startNodes();
    // To start a process takes this one milliseconds: those of the lab are waited for, this one is not yet.
    const env = nodeEnvironment();
    waits = startInAdvance(cgroups, env, droppedIn(runbook.lab));
    const nodes = (await starting).map((result) => unwrap(result));
    const ground = await grounding;
    if (ground) await traced('lab', 'nodes joined', connect(runbook.lab, nodes, ground.pid));
    const context = { cgroups, folder, signal: AbortSignal.any([watched, over.signal]), breakage };
    await Promise.all(nodes.map((node) => prepareNode(node, runbook.lab, context)));
    const startsIn = makeFolders(nodes, runbook.startsIn);
    if (tracing.hasSubscribers) trace('lab', 'is up', started);
    let disposed: Promise<void> | undefined;
    for (const { gone } of lifelines) {
      void gone.then(() => {
        if (!disposed)
          breakage.abort(new LabError('the lab ended: its first process was killed', { log: logs(nodes) }));
      });
    }
    const examiners = nodes.map((node) => examiner(node, context.signal));
    return {
      nodes: new Map(
        nodes.map((node) => {
          const { name } = node.spec;
          // Most documents begin on the node that is first.
          const inAdvance = name === specs[0]?.name ? waits : undefined;
          return [name, asNode(node, runbook.lab, { cgroups, folder: startsIn ?? folder, env, inAdvance })];
        }),
      ),
      broken: breakage.signal,
      async examine() {
        const found = await Promise.all(examiners.map((examine) => examine()));
        // What is known already is told with all that is known of it.
        return breakage.signal.aborted ? breakage.signal.reason : found.find(Boolean);
      },
      unlimited: cgroups.unkept,
      log: () => logs(nodes),
      [Symbol.asyncDispose]() {
        disposed ??= takeDown();
        return disposed;
      },
    };
  } catch (error) {
    await takeDown();
    throw breakage.signal.aborted ? breakage.signal.reason : error;
  }
}

/** The kernel takes milliseconds for it, on a busy machine tenths of a second. */
const endMs = 10_000;

/** Waits until namespaces have gone. Rejects when they do not go. */
async function endOf(lifelines: readonly Lifeline[]): Promise<void> {
  const all = Promise.all(lifelines.map(({ gone }) => gone)).then(() => true);
  if (await Promise.race([all, sleep(endMs, false, { ref: false })])) return;
  for (const { abandon } of lifelines) abandon();
  throw new LabError(`the lab did not end within ${endMs / 1000} s`, {
    hint: 'one of its processes may wait for PID 1 of this machine to reap it: in a container, run netlab below an init (docker run --init)',
  });
}

/** The namespaces on whose network bridges stand, and inside of which nodes are made. */
function startGround(
  options: Pick<NamespaceOptions, 'cgroups' | 'ownNetwork' | 'lifelines' | 'signal'>,
): Promise<Namespaces> {
  const script = labScript('ground.sh');
  return makeNamespaces({ name: 'ground', script, env: engineEnvironment(), inside: undefined, ...options });
}

/** Makes folders on all nodes. Returns the last of them. */
function makeFolders(nodes: readonly RunningNode[], folders: readonly string[] = []): string | undefined {
  for (const { pid, spec } of nodes) {
    for (const path of folders) {
      try {
        // Not with `recursive`: below the /proc of a process that has gone, Node would look for a parent for ever.
        mkdirSync(`/proc/${pid}/root${path}`);
      } catch (error) {
        // The lab begins with what the machine has.
        const there = (error as NodeJS.ErrnoException).code === 'EEXIST';
        const hint = there ? 'steps are to start in an empty folder: move it away' : undefined;
        const why = there ? 'it is there already, on this machine' : (error as Error).message;
        throw new LabError(`cannot make the folder ${path} on ${spec.name}: ${why}`, { hint });
      }
    }
  }
  return folders.at(-1);
}

/** The end of every service's log, each under the name of its node. */
function logs(nodes: readonly RunningNode[]): string {
  return nodes
    .map(({ spec, pid }) => ({ name: spec.name, text: serviceLog(pid, dockerService.name) }))
    .flatMap(({ name, text }) => (text === '' ? [] : [`${name}:\n${text}`]))
    .join('\n');
}

function unwrap<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
