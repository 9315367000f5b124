import { resolve } from 'node:path';
import { LabError, UsageError } from '../errors.ts';
import type { Lab } from '../lab/types.ts';
import { defaultNode } from '../runbook/lab-spec.ts';
import type { Runbook } from '../runbook/types.ts';
import { environmentOf } from './closed-network.ts';
import { receiveGuests, type Welcome } from './guests.ts';
import type { Prepared } from './prepare.ts';

/** A lab that stays up after its runbook was run, for people to look around in. */
export interface KeptLab {
  readonly id: string;
  readonly path: string;
  readonly nodes: readonly string[];
}

export interface KeepLab {
  /** Told once the lab receives guests; the lab stays until what it returns resolves. */
  readonly until: (lab: KeptLab) => Promise<void>;
}

/** Throws a `UsageError` where there is not exactly one lab that a person could go into. */
export function mustBeKeepable(prepared: readonly Prepared[]): void {
  const [first, ...more] = prepared.map(({ runbook }) => runbook);
  const what =
    more.length > 0
      ? `the lab of one runbook can be kept, and ${prepared.length} were chosen`
      : first?.exercise
        ? `${first.path} is an exercise, whose tasks have a lab each`
        : first?.lab.kind === 'none'
          ? `${first.path} has no lab: it runs on this machine itself`
          : undefined;
  if (what !== undefined)
    throw new UsageError(what, { hint: 'give one runbook that has a lab with --keep-lab (keepLab)' });
}

/** Keeps a lab as its runbook has left it, with its doors open, until that is enough. Rejects when the lab breaks meanwhile. */
export async function keepLab(lab: Lab, runbook: Runbook, { until }: KeepLab): Promise<void> {
  lab.broken.throwIfAborted();
  const path = resolve(runbook.path);
  const close = receiveGuests(lab, { kind: 'run', path }, welcomeTo(lab, runbook));
  const broke = new Promise<never>((_, reject) => {
    lab.broken.addEventListener('abort', () => reject(lab.broken.reason), { once: true });
  });
  try {
    await Promise.race([until({ id: String(process.pid), path, nodes: [...lab.nodes.keys()] }), broke]);
  } finally {
    close();
  }
}

/** Opens a shell on a node of a runbook's lab, in the document's folder and with its environment. */
export function welcomeTo(lab: Lab, runbook: Runbook): Welcome {
  return async ({ node: name, rows, columns, term }, output) => {
    const node =
      name === null
        ? (lab.nodes.get(defaultNode(runbook.lab)?.name ?? '') ?? [...lab.nodes.values()][0])
        : lab.nodes.get(name);
    if (!node) throw new LabError(`there is no node ${name}; there are ${[...lab.nodes.keys()].join(', ')}`);
    const env = { ...node.env, ...environmentOf(runbook), TERM: term, NETLAB_FOLDER: node.cwd };
    const script = 'cd "$NETLAB_FOLDER"; unset NETLAB_FOLDER; exec bash';
    return node.openTerminal({ script, env, rows, columns, output });
  };
}
