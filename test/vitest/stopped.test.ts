import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { startRun } from '../../src/vitest/document-run.ts';
import { block, page } from './documents.ts';

const folder = mkdtempSync(join(tmpdir(), 'vitest-stopped-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('a run that is stopped before it begins is interrupted, and keeps nobody waiting', async () => {
  const path = join(folder, 'steps.md');
  const source = page('Steps', block('console', '$ echo one', 'one'));
  writeFileSync(path, source);
  const run = startRun({ path, source, options: {} });
  run.stop();
  await run.ready;
  const skipped = { status: 'skipped', reason: 'not run: interrupted' };
  expect(await run.ended).toMatchObject({ ...skipped, steps: [skipped] });
  expect(await run.result(0)).toMatchObject(skipped);
});
