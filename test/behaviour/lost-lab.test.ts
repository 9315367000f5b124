import { expect, it } from 'vitest';
import type { StepResult } from '../../src/events.ts';
import { startLab } from '../../src/lab/start.ts';
import { runSteps } from '../../src/run/run-steps.ts';
import { openSessions } from '../../src/run/sessions.ts';
import { runbookStatus } from '../../src/run/tally.ts';
import { parse } from '../../src/runbook/parse.ts';
import { plan } from '../../src/runbook/plan.ts';
import { block } from './documents.ts';

it('a lab that is lost between two steps makes what comes next errored, and is not looked at', async () => {
  const commands = block('console', '$ echo one', 'one', '$ echo two', 'two', '$ echo three', 'three');
  const runbook = parse(`# Lost\n\n${commands}${block('sh {teardown}', 'echo down')}`, 'test/behaviour/lost.md', {
    expectationKeys: [],
  });
  const results: StepResult[] = [];
  const { signal } = new AbortController();
  await using lab = await startLab(runbook, signal);
  await using sessions = openSessions(lab, {});
  const told = new Promise<unknown>((resolve) => lab.broken.addEventListener('abort', resolve));
  let visited = false;
  const options = {
    visit: async () => {
      visited = true;
    },
    emit: () => {},
    signal,
    keepGoing: true,
    // After the first step, and before the second: the lab is known to be lost when that would begin.
    async afterStep(_planned: unknown, { captures }: { captures: ReadonlyMap<string, string> }) {
      process.kill([...lab.nodes.values()][0]?.pid ?? 0, 'SIGKILL');
      await told;
      return captures;
    },
  };
  await runSteps(plan(runbook), { lab, env: {}, sessions }, options, (result) => void results.push(result));
  const [first, second, ...rest] = results;
  expect(first).toMatchObject({ status: 'passed', stdout: 'one\n' });
  expect(second).toMatchObject({
    status: 'errored',
    stdout: '',
    reason: 'the lab ended: its first process was killed',
  });
  expect(rest.map(({ status }) => status)).toEqual(['skipped', 'errored']);
  expect(visited).toBe(false);
  expect(runbookStatus(results)).toBe('errored');
});
