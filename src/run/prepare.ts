import { UsageError } from '../errors.ts';
import { missingFor, probeCapability } from '../lab/capabilities.ts';
import { everyStep } from '../runbook/every-step.ts';
import { type Plan, plan } from '../runbook/plan.ts';
import type { LabSpec, Runbook } from '../runbook/types.ts';

/** What the caller may decide about every runbook. */
export interface Wishes {
  readonly steps?: readonly string[] | undefined;
  readonly allowHost?: boolean;
  readonly network?: LabSpec['network'] | undefined;
}

/** A runbook ready to be run: with the caller's network, and what of it is skipped on this machine. */
export interface Prepared {
  readonly runbook: Runbook;
  readonly plan: Plan;
  /** Why this machine has not a capability that one of its steps asks for; `undefined` when it has. */
  readonly lacks: (capability: string) => string | undefined;
}

/** Decides what of each runbook will run. Rejects with a `UsageError` where the caller's wishes cannot be met. */
export async function prepare(runbooks: readonly Runbook[], wishes: Wishes): Promise<readonly Prepared[]> {
  return Promise.all(runbooks.map((runbook) => prepareOne(runbook, wishes)));
}

async function prepareOne(given: Runbook, wishes: Wishes): Promise<Prepared> {
  const network = wishes.network ?? given.lab.network;
  const runbook: Runbook = { ...given, lab: { ...given.lab, network } };
  const { path, lab } = runbook;
  if (lab.kind === 'none' && !wishes.allowHost) {
    throw new UsageError(`${path} would run on this machine itself (lab: none)`, {
      hint: 'if that is meant: netlab run --allow-host, or allowHost: true in a program',
    });
  }
  const onlyHosts = lab.links.length === 0 && lab.nodes.every((node) => node.kind === 'host' && !node.openvswitch);
  if (network === 'host' && !onlyHosts) {
    throw new UsageError(`${path}: its lab would change this machine's own network`, {
      hint: 'network: host is for labs of hosts alone: no links, no Docker Engine, no server, no switch',
    });
  }
  const needed = [...runbook.requires, ...everyStep(runbook).flatMap((step) => step.if ?? [])];
  const reasons = new Map(
    await Promise.all([...new Set(needed)].map(async (name) => [name, await lacking(name, path)] as const)),
  );
  const missing = (name: string): string | undefined => reasons.get(name);
  const planned = plan(runbook, { ...(wishes.steps && { steps: wishes.steps }), capabilities: missing });
  const lacks = [planned.skipReason, await labLacks(lab)].filter((reason) => reason !== undefined);
  const skipReason = lacks.length > 0 ? lacks.join('\n') : undefined;
  return { runbook, plan: { ...planned, skipReason }, lacks: missing };
}

/** Why this machine has not that capability, and how to get it; `undefined` when it has. */
async function lacking(name: string, path: string): Promise<string | undefined> {
  try {
    const { found, detail, remedy } = await probeCapability(name);
    return found ? undefined : `needs ${name}: ${detail}${remedy ? ` (${remedy})` : ''}`;
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${path}: ${error.message}`, { hint: error.hint });
    throw error;
  }
}

async function labLacks(lab: LabSpec): Promise<string | undefined> {
  if (lab.kind === 'none') return undefined;
  const kinds = new Set(lab.nodes.map((node) => node.kind));
  const missing = await missingFor(kinds.has('docker') ? 'docker' : 'sandbox');
  const special: readonly (readonly [string, boolean])[] = [
    ['dnsmasq', kinds.has('dns')],
    ['openvswitch', lab.nodes.some((node) => node.openvswitch)],
    ['iptables', lab.nodes.some((node) => node.nat.length > 0)],
    ['netem', lab.links.some((link) => link.impairment !== undefined)],
  ];
  for (const [name, needed] of special) {
    if (!needed || missing.some((each) => each.name === name)) continue;
    const status = await probeCapability(name);
    if (!status.found) missing.push(status);
  }
  if (missing.length === 0) return undefined;
  return missing
    .map(({ name, detail, remedy }) => `needs ${name}: ${detail}${remedy ? ` (${remedy})` : ''}`)
    .join('\n');
}
