import type { Runbook } from '../runbook/types.ts';

/** What can be written on a command line without quotes. */
const plain = /^[\w.:@%+-]+$/;

/** The names of the steps of the documents among these arguments, of those that can be read. */
export async function namesOfSteps(paths: readonly string[]): Promise<readonly string[]> {
  const runbooks = await readable(paths);
  const names = runbooks.flatMap(({ steps, exercise }) => [
    ...steps.map(({ name }) => name),
    ...(exercise?.tasks.map(({ name }) => name) ?? []),
  ]);
  return [...new Set(names)].filter((name) => plain.test(name));
}

/** The names of the nodes in their labs. */
export async function namesOfNodes(paths: readonly string[]): Promise<readonly string[]> {
  const runbooks = await readable(paths);
  return [...new Set(runbooks.flatMap(({ lab }) => lab.nodes.map(({ name }) => name)))];
}

/** Loaded only now: a command's page needs its options, not the engine. */
async function readable(paths: readonly string[]): Promise<readonly Runbook[]> {
  const { load } = await import('../run/load.ts');
  return (await Promise.all(paths.map((path) => load([path]).catch(() => [])))).flat();
}
