import { load } from '../run/load.ts';
import type { CliCommand } from './command.ts';
import { selectFiles } from './select-files.ts';

export const command: CliCommand = {
  description: [
    'Shows each runbook with the lines and commands of its steps, each exercise with its tasks. Nothing is run.',
  ],
  define: (command) => {
    command.argument('<paths...>', 'Markdown files, folders or patterns').option('--json', 'as one JSON document');
  },
  offers: { paths: 'markdown' },
  run: listCommand,
  examples: [['netlab list docs/', 'What there is to run below docs/.']],
  exitStatus: { 0: 'listed', 2: 'a document cannot be read, or there is none' },
  seeAlso: ['netlab check', 'netlab graph', 'docs/cli.md'],
};

/** What stands before steps that have no prompt of their own; before a program, its language. */
const prompts: Readonly<Record<string, string>> = { script: 'sh: ', state: 'expect: ' };

/** `netlab list`: the runbooks and their steps, nothing being run. */
async function listCommand(paths: readonly string[], { json }: { readonly json?: boolean }): Promise<number> {
  const runbooks = await load(await selectFiles(paths));
  if (json) {
    const listed = runbooks.map(({ path, title, tags, steps, exercise }) => ({
      path,
      title,
      tags,
      steps: steps.map((step) => ({ name: step.name, line: step.span.start.line, kind: step.kind })),
      ...(exercise && {
        tasks: exercise.tasks.map((task) => ({
          name: task.name,
          title: task.title,
          line: task.span.start.line,
          requires: task.requires,
          hints: task.hints.length,
          criteria: task.criteria.map(({ description }) => description),
        })),
      }),
    }));
    process.stdout.write(`${JSON.stringify(listed, null, 2)}\n`);
    return 0;
  }
  for (const { path, title, steps, exercise } of runbooks) {
    process.stdout.write(`${path}  ${title}${exercise ? '  (exercise)' : ''}\n`);
    for (const task of exercise?.tasks ?? []) {
      process.stdout.write(`  ${String(task.span.start.line).padStart(4)}  task ${task.name}: ${task.title}\n`);
    }
    if (exercise) continue;
    for (const step of steps) {
      const prompt = step.prompt ?? prompts[step.kind] ?? `${step.language}: `;
      process.stdout.write(`  ${String(step.span.start.line).padStart(4)}  ${prompt}${step.name}\n`);
    }
  }
  return 0;
}
