import { identities, type Naming, type Part } from './parts.ts';

type Value = Extract<Part, { kind: 'value' }>;

/** Values of these must be long to stand for a thing: short ones agree by chance. */
const words = ['hex', 'word'];

/** All proposed lines of a step. */
export interface ProposedStep {
  readonly parts: readonly Part[];
  /** Its values may be captured: the step always runs, and its lines come in order. */
  readonly mayCapture: boolean;
}

/**
 * Names for the values that come more than once, in the same places in each run: `mac1`, `id1`, … `isTaken`: a name that
 * the document uses for something else. The lines must then be written in this order, each once.
 */
export function nameValues(steps: readonly ProposedStep[], isTaken: (name: string) => boolean): Naming {
  const counts = new Map<string, number>();
  const capturing = new Set<Part>();
  for (const { parts, mayCapture } of steps) {
    for (const part of parts) {
      const key = part.kind === 'value' ? keyOf(part) : undefined;
      if (key === undefined || (!mayCapture && !counts.has(key))) continue;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      if (mayCapture) capturing.add(part);
    }
  }
  const names = new Map<string, string>();
  const given = new Set<string>();
  return (part) => {
    const key = keyOf(part);
    if (key === undefined || (counts.get(key) ?? 0) < 2) return undefined;
    const known = names.get(key);
    if (known !== undefined) return { name: known, first: false };
    if (!capturing.has(part)) return undefined;
    let number = 1;
    while (given.has(`${part.type}${number}`) || isTaken(`${part.type}${number}`)) number += 1;
    const name = `${part.type}${number}`;
    given.add(name);
    names.set(key, name);
    return { name, first: true };
  };
}

/** The same for the same thing; `undefined` for values that are only ever compared by their type. */
function keyOf({ type, values }: Value): string | undefined {
  const lasting = identities.includes(type) || (words.includes(type) && values.every((value) => value.length >= 6));
  return lasting ? `${type} ${values.join(' ')}` : undefined;
}
