import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/run.ts';
import { leftSince, type MachineState, machineState } from '../lab/leaks.ts';

const folder = 'runbooks';
const names = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');

let before: MachineState;
beforeAll(async () => {
  before = await machineState();
});

describe('every runbook', () => {
  it.each(names)(
    '%s passes, all of it, and leaves nothing',
    async (name) => {
      const result = await run({ paths: [join(folder, name)] });
      const bad = result.runbooks.flatMap(({ steps }) => steps.filter(({ status }) => status !== 'passed'));
      expect(
        bad.map(({ line, command, reason, checks, stdout }) => ({ line, command, reason, checks, stdout })),
      ).toEqual([]);
      expect(result).toMatchObject({ status: 'passed', reason: null });
      expect(await leftSince(before, 1000)).toEqual([]);
    },
    120_000,
  );
});
