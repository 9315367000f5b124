import { expect, it } from 'vitest';
import { lateLog } from '../../src/run/late-log.ts';
import { parse } from '../../src/runbook/parse.ts';
import { plan } from '../../src/runbook/plan.ts';

it('is bounded, whatever comes, and says how much it has not kept', () => {
  const { steps } = plan(parse('# Late\n\n```sh\ntrue\n```\n\n```sh\ntrue\n```\n', 'late.md', { expectationKeys: [] }));
  const log = lateLog();
  const [first, second] = steps.map((step) => log.of(step));
  first?.(Buffer.alloc(32 * 1024 - 5, 'x'));
  second?.(Buffer.from('1234567'));
  const before = process.memoryUsage().heapUsed;
  for (let n = 0; n < 1_000_000; n++) first?.(Buffer.from('y'));
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000);
  const lines = ['node1, after line 4:', `  ${'x'.repeat(32 * 1024 - 5)}`, 'node1, after line 8:', '  12345'];
  expect(log.text()).toBe(`${lines.join('\n')}\n[netlab: 1000002 bytes more are not kept]\n`);
});
