/** What the learner can type in the lab. */
export const commandNames = ['task', 'check', 'hint', 'solution', 'reset', 'next', 'skip', 'node', 'quit'] as const;

export type CommandName = (typeof commandNames)[number];

/** The key after Ctrl-] that does the same. */
export const keyOf: Readonly<Record<CommandName, string>> = {
  task: 't',
  check: 'c',
  hint: 'h',
  solution: 's',
  reset: 'r',
  next: 'n',
  skip: 'k',
  node: 'o',
  quit: 'q',
};

/** The command that a key after Ctrl-] stands for. */
export function nameOfKey(key: string): CommandName | undefined {
  return commandNames.find((name) => keyOf[name] === key.toLowerCase());
}
