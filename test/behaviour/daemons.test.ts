import { describe, expect, it } from 'vitest';
import { attributes, block, ownFolder, sessions, step, verdictOf } from './documents.ts';

const folder = ownFolder();

const daemons = {
  'a child in the background': '(sleep 0.3; echo late; sleep 4321) & echo now',
  'a daemon in a session of its own': "setsid -f sh -c 'sleep 0.3; echo late; sleep 4321'; echo now",
  'a child without a terminal': "nohup sh -c 'sleep 0.3; echo late; sleep 4321' 2>/dev/null & echo now",
  'a child that never stops talking': '(sleep 0.3; while :; do echo late; sleep 0.005; done) & echo now',
} as const;

describe('a step that leaves something behind', () => {
  describe.each(sessions)('in a %s', (kind) => {
    it.each(Object.entries(daemons))('ends on its own status: %s', async (_, command) => {
      const { steps } = await verdictOf(
        folder(),
        block(`sh ${attributes(kind)}`, command) + block('text output', 'now'),
      );
      expect(steps[0]).toMatchObject({ status: 'passed', exit: 0, stdout: 'now\n' });
      expect(steps[0]?.duration_ms).toBeLessThan(1500);
    });
  });

  it.each(Object.entries(daemons))('tells late what no later step is told: %s', async (_, command) => {
    const text =
      block('sh', command) +
      block('text output', 'now') +
      block('console', '$ sleep 0.6; echo next', 'next', '$ sleep 0.1; echo last', 'last');
    const result = await verdictOf(folder(), text);
    expect(result.steps.map(({ stdout }) => stdout)).toEqual(['now\n', 'next\n', 'last\n']);
    expect(result.status).toBe('passed');
    expect(result.log).toMatch(/^node1, after line \d+:\n {2}late$/m);
  });

  it('has its log bounded', async () => {
    const text = block('sh', '(sleep 0.1; yes late) & echo now') + block('console', '$ sleep 1; echo next', 'next');
    const result = await verdictOf(folder(), text);
    expect(step(result, 1).stdout).toBe('next\n');
    expect(result.log?.length).toBeGreaterThan(1000);
    expect(result.log?.length).toBeLessThan(100_000);
  });
});
