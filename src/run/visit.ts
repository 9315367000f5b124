import { UsageError } from '../errors.ts';
import type { RunbookResult, RunEvent } from '../events.ts';
import { load } from './load.ts';
import { prepare } from './prepare.ts';
import { runRunbook } from './run-runbook.ts';

export interface VisitOptions {
  readonly path: string;
  /** Run up to this step, by name or by the number that reports have for it; `undefined`: only setup steps. */
  readonly after: string | undefined;
  /** `undefined`: where steps run that name no node. */
  readonly node: string | undefined;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/**
 * Brings up a runbook's lab, runs its steps up to one of them, and gives this process's terminal to a shell there.
 * Resolves when the shell has ended and the lab has gone. Rejects with a `UsageError` for a step or node that is not there.
 */
export async function visit({ path, after, node, signal, onEvent }: VisitOptions): Promise<RunbookResult> {
  const [prepared] = await prepare(await load([path]), {});
  if (!prepared) throw new UsageError(`${path} has nothing to visit`);
  const { runbook, plan } = prepared;
  const last = plan.steps.findLastIndex(({ step }) => step.name === after || String(step.index) === after);
  if (after !== undefined && last < 0) {
    throw new UsageError(`no step is called ${JSON.stringify(after)}`, {
      hint: `netlab list ${path} shows their names`,
    });
  }
  const where = node ?? plan.steps[0]?.node ?? runbook.lab.nodes.find(({ kind }) => kind !== 'bridge')?.name;
  if (!runbook.lab.nodes.some(({ name, kind }) => name === where && kind !== 'bridge')) {
    const names = runbook.lab.nodes.filter(({ kind }) => kind !== 'bridge').map(({ name }) => name);
    throw new UsageError(`the lab has no node ${JSON.stringify(node)} with a shell`, {
      hint: `there are ${names.join(', ')}`,
    });
  }
  const steps = plan.steps.filter(({ step }, index) => step.phase !== 'main' || index <= last);
  return runRunbook(
    runbook,
    { ...plan, steps },
    {
      emit: onEvent,
      signal,
      keepGoing: false,
      visit: async (lab) => {
        await lab.nodes.get(where ?? '')?.attach?.();
      },
    },
  );
}
