import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openTerminal } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'shell-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fence = '```';

/** Opens a shell in the lab of a document with this front matter and this setup, and leaves it when it is there. */
async function shell(front: string, setup = 'true'): Promise<{ status: number | null; told: string }> {
  const path = join(folder, 'visited.md');
  writeFileSync(path, `---\n${front}\n---\n\n# Visited\n\n${fence}sh {setup}\n${setup}\n${fence}\n`);
  await using terminal = await openTerminal(`exec node dist/netlab.cjs shell ${path}`, { columns: 120 });
  void terminal.waitFor(/root@node1:/).then(
    () => terminal.type('exit\r'),
    () => {},
  );
  return { status: await terminal.ended, told: terminal.screen() };
}

describe('the exit status of netlab shell', () => {
  it('is 0 when every step before the visit passed, and 1 when one did not', async () => {
    expect((await shell('lab: sandbox')).status).toBe(0);
    expect((await shell('lab: sandbox', 'false')).status).toBe(1);
  });

  it('is 2 when the lab could not be brought up', async () => {
    const { status, told } = await shell('lab: { limits: { disk: 1KiB } }');
    expect(told).toMatch(/error: node1 ended while it was starting[\s\S]*No space left on device/);
    expect(status).toBe(2);
  });

  it('is 2 without a lab, with an advice that can be followed', async () => {
    const { status, told } = await shell('lab: none');
    expect(told).toContain('would run on this machine itself (lab: none)');
    expect(told).toContain('try: if that is meant: netlab run --allow-host');
    expect(status).toBe(2);
  });
});
