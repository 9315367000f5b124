import { inTurn } from '../../src/run/in-turn.ts';
import { load } from '../../src/run/load.ts';
import { prepare } from '../../src/run/prepare.ts';
import { runRunbook } from '../../src/run/run-runbook.ts';
import type { Runbook, Step } from '../../src/runbook/types.ts';
import type { Recording } from './record.ts';
import type { Fate } from './worlds.ts';

/** A document whose world is made differently: a command replaced, a container without its network, a cable not plugged. */
interface Mutant {
  readonly kind: string;
  readonly place: string;
  readonly what: string;
  readonly runbook: Runbook;
}

/** Nothing that holds needs longer; what does not hold is seen sooner. */
const limits = { timeoutMs: 12_000, eventuallyMs: 4_000 };

/** Runs every wrong world of these runbooks in a lab of its own. `tell` is called after each. */
export async function wrongWorlds(
  recordings: readonly Recording[],
  tell: (fate: Fate) => void,
): Promise<readonly Fate[]> {
  const all = (await load(recordings.map(({ path }) => path))).flatMap((runbook, index) =>
    mutantsOf(runbook, recordings[index] as Recording),
  );
  const tasks = all.map((mutant) => async (): Promise<Fate> => {
    const { kind, place, what, runbook } = mutant;
    const [prepared] = await prepare([hasty(runbook)], {});
    if (!prepared) throw new Error(`${place}: nothing was prepared`);
    const signal = new AbortController().signal;
    const { status } = await runRunbook(prepared.runbook, prepared.plan, { emit: () => {}, signal, keepGoing: false });
    const fate: Fate = { kind, place, what, fate: status === 'passed' ? 'survived' : 'killed' };
    tell(fate);
    return fate;
  });
  return inTurn(tasks, 2, () => {});
}

function mutantsOf(runbook: Runbook, { path, steps }: Recording): readonly Mutant[] {
  const put = (step: Step, command: string): Runbook => ({
    ...runbook,
    steps: runbook.steps.map((each) => (each.index === step.index ? { ...step, command } : each)),
  });
  const place = (step: Step): string => `${path}:${step.span.start.line}`;
  // A command that prints something and is replaced fails by its own output, which the re-checks have shown.
  const silent = steps.filter(({ planned, output }) => output.stdout === '' && planned.step.phase !== 'teardown');
  const replaced = silent
    .filter(({ planned: { step }, output }) => output.exit === 0 && step.kind === 'command')
    .map(({ planned: { step } }) => ({
      kind: 'a command replaced by true',
      place: place(step),
      what: step.name,
      runbook: put(step, 'true'),
    }));
  const withoutNetwork = steps
    .filter(({ planned: { step } }) => /\bdocker run\b/.test(step.command) && !step.command.includes('--network none'))
    .map(({ planned: { step } }) => {
      const command = step.command.replace(/ --(?:network|net|ip|dns|hostname)[= ]\S+/g, '');
      return {
        kind: 'a container without its network',
        place: place(step),
        what: step.name,
        runbook: put(step, command.replace('docker run', 'docker run --network none')),
      };
    });
  const unplugged = runbook.lab.links.map((link) => ({
    kind: 'a cable not plugged in',
    place: `${path}:${link.span.start.line}`,
    what: link.endpoints.map(({ node }) => node).join(' to '),
    runbook: { ...runbook, lab: { ...runbook.lab, links: runbook.lab.links.filter((each) => each !== link) } },
  }));
  return [...replaced, ...withoutNetwork, ...unplugged];
}

function hasty(runbook: Runbook): Runbook {
  const steps = runbook.steps.map((step) => ({
    ...step,
    timeoutMs: Math.min(step.timeoutMs, limits.timeoutMs),
    eventuallyMs: step.eventuallyMs === undefined ? undefined : Math.min(step.eventuallyMs, limits.eventuallyMs),
  }));
  return { ...runbook, steps };
}
