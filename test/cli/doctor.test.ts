import { describe, expect, test } from 'vitest';
import { doctorCommand } from '../../src/cli/doctor.ts';
import { probeAll } from '../../src/lab/capabilities.ts';
import { memoryTarget } from '../report/run-events.ts';

describe('netlab doctor, on this machine', () => {
  test('lists every capability, and a verdict for each kind of lab', async () => {
    const target = memoryTarget();
    const status = await doctorCommand({}, target);
    const seen = await probeAll();
    for (const { name, found, remedy } of seen) {
      expect(target.text()).toMatch(new RegExp(`^  [${found ? '✓' : '✗↷'}] ${name} `, 'm'));
      if (remedy !== null) expect(target.text()).toContain(`→ ${remedy}`);
    }
    const ready = seen.every(({ found, labs }) => found || labs.length === 0);
    expect(status).toBe(ready ? 0 : 1);
    expect(target.text()).toMatch(/\nsandbox labs: .*\ndocker labs: .*\n$/);
  });

  test('says the same to programs', async () => {
    const target = memoryTarget();
    await doctorCommand({ json: true }, target);
    const written = JSON.parse(target.text());
    expect(written).toMatchObject({ version: 1, labs: { sandbox: expect.any(Boolean), docker: expect.any(Boolean) } });
    expect(written.capabilities).toHaveLength((await probeAll()).length);
  });

  test('fits the terminal where it can, and ASCII where it must', async () => {
    const target = memoryTarget({ isTerminal: true, columns: 60, unicode: false });
    await doctorCommand({}, target);
    expect(target.text()).toMatch(/^[\n -~]*$/);
    const found = target
      .text()
      .split('\n')
      .filter((line) => line.startsWith('  ok '));
    for (const line of found) expect(line.length).toBeLessThanOrEqual(60);
  });
});
