/** What the learner can type in the lab, and the key after Ctrl-] that does the same. */
interface LearnerCommand {
  readonly name: string;
  readonly key: string;
  readonly summary: string;
}

const commands: readonly LearnerCommand[] = [
  { name: 'task', key: 't', summary: 'what is asked' },
  { name: 'check', key: 'c', summary: 'what holds, and what does not, and why' },
  { name: 'hint', key: 'h', summary: 'the next hint' },
  { name: 'solution', key: 's', summary: 'the solution; it is marked as shown' },
  { name: 'reset', key: 'r', summary: 'a fresh lab, as at the start of the task' },
  { name: 'next', key: 'n', summary: 'the next task' },
  { name: 'skip', key: 'k', summary: 'leave this task, and go on' },
  { name: 'node', key: 'o', summary: 'another node of the lab: node NAME' },
  { name: 'quit', key: 'q', summary: 'leave; what is done is remembered' },
];

/** The names of the programs that a lab's nodes get. */
export const commandNames: readonly string[] = commands.map(({ name }) => name);

/** The command that a key after Ctrl-] stands for. */
export function nameOfKey(key: string): string | undefined {
  return commands.find((command) => command.key === key.toLowerCase())?.name;
}

/** All commands, one a line. */
export function commandsText(): string {
  const lines = commands.map(({ name, key, summary }) => `  ${name.padEnd(10)} Ctrl-] ${key}   ${summary}`);
  return [...lines, '', 'Ctrl-] reaches the tutor when no prompt does: from a container, or a shell that hangs.'].join(
    '\n',
  );
}
