import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';

const firstProcess = join(import.meta.dirname, '../../src/lab/first-process.sh');
const stdio = ['ignore', 'pipe', 'pipe', 'pipe'] as const;

// What joins in the background may get its first turn only when the root has been changed: seen once in a whole CI.
it('joins the groups it was given, though their paths lead elsewhere before what joins them runs', async () => {
  const group = mkdtempSync(join(tmpdir(), 'netlab-group-'));
  const processes = join(group, 'cgroup.procs');
  mkdirSync(join(group, 'elsewhere'));
  const processor = /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  // A path that the next builtin changes; on one processor, what is in the background mostly has not run by then.
  const script = 'NETLAB_GROUPS=/proc/$$/cwd; . "$0"; cd elsewhere; must_be_rooted; all_joined; printf $$';
  try {
    for (let turn = 0; turn < 10; turn++) {
      writeFileSync(processes, '');
      const { stdout } = await execa(
        'taskset',
        ['--cpu-list', processor, 'bash', '--norc', '-c', script, firstProcess],
        { cwd: group, stdio },
      );
      expect(readFileSync(processes, 'utf8')).toBe(`${stdout}\n`);
    }
  } finally {
    rmSync(group, { recursive: true });
  }
});

it('says which group it cannot join', async () => {
  const script = 'NETLAB_GROUPS=/nowhere; . "$0"; must_be_rooted; all_joined';
  const { exitCode, stderr } = await execa('bash', ['--norc', '-c', script, firstProcess], { reject: false, stdio });
  expect(exitCode).toBe(125);
  expect(stderr).toContain('cannot join /nowhere');
});
