import type { StepContext, StepDraft } from './step.ts';

/** What steps are looked up by; `undefined` for one that is not to be found. */
export type KeyOf = (step: StepDraft, context: StepContext) => string | undefined;

interface Known {
  /** How many of the steps have been looked at. */
  count: number;
  readonly last: Map<string, StepDraft>;
}

const knownOf = new WeakMap<StepContext, Map<KeyOf, Known>>();

/** The last step so far with a key. Found without a search, since each of ten thousand blocks may ask. */
export function lastStep(context: StepContext, keyOf: KeyOf, key: string): StepDraft | undefined {
  const all = knownOf.get(context) ?? new Map<KeyOf, Known>();
  knownOf.set(context, all);
  const known = all.get(keyOf) ?? { count: 0, last: new Map() };
  all.set(keyOf, known);
  for (; known.count < context.steps.length; known.count += 1) {
    const step = context.steps[known.count];
    const own = step && keyOf(step, context);
    if (step !== undefined && own !== undefined) known.last.set(own, step);
  }
  return known.last.get(key);
}
