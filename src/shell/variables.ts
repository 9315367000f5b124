import type { SessionInput } from './types.ts';

/** Which captures a shell has been told of: each is set once, and from then on is the reader's own variable. */
export interface SentVariables {
  /** The input with those variables alone that are new, or have another value. */
  fresh(input: SessionInput): SessionInput;
}

export function sentVariables(): SentVariables {
  const sent = new Map<string, string>();
  return {
    fresh(input) {
      if (Object.keys(input.variables).length === 0) return input;
      const variables = Object.entries(input.variables).filter(([name, value]) => sent.get(name) !== value);
      for (const [name, value] of variables) sent.set(name, value);
      return { ...input, variables: Object.fromEntries(variables) };
    },
  };
}
