import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { block, ownFolder, step, verdictOf } from './documents.ts';

const folder = ownFolder();

/** Proves that a lab's limit is set before anything tries it: these steps only read. */
async function limitsOf(front: string): Promise<string> {
  const read =
    'cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/{pids,memory}.max 2>/dev/null; df --output=size -B1 /tmp | tail -1';
  const result = await verdictOf(folder(), block('sh', `${read}; true`), { front });
  return step(result, 0).stdout.replace(/ /g, '');
}

const tight = 'lab: { limits: { pids: 100, memory: 200MiB, disk: 50MiB } }';

describe('a lab with limits', () => {
  it('has them before anything tries them', async () => {
    expect((await limitsOf(tight)).split('\n')).toEqual(
      expect.arrayContaining(['100', String(200 * 2 ** 20), String(50 * 2 ** 20)]),
    );
    const defaults = (await limitsOf('lab: sandbox')).split('\n');
    expect(defaults).toEqual(expect.arrayContaining(['4096', String(4 * 2 ** 30)]));
  });

  it.each([
    ['a fork bomb', 'bomb() { bomb | bomb & }; bomb; sleep 0.5; wait', "the lab's limit of 100 processes was reached"],
    [
      'a memory hog',
      'head -c 400M /dev/zero | tail -c 400M | wc -c; false',
      "the lab's memory limit (200 MiB) was reached",
    ],
    ['a full disk', 'dd if=/dev/zero of=/tmp/fill bs=1M count=100', 'No space left on device'],
  ])('stops %s, names the cause, and goes on', async (_, command, cause) => {
    const after = block('console', '$ rm -f /tmp/fill; echo alive', 'alive');
    const result = await verdictOf(folder(), block('sh {timeout=4s continue}', command) + after, { front: tight });
    expect(['failed', 'timed_out', 'errored']).toContain(step(result, 0).status);
    expect(`${step(result, 0).reason} ${step(result, 0).stdout}`).toContain(cause);
    expect(step(result, 1).status).toBe('passed');
  });
});

describe('a step that would hurt the machine', () => {
  it('has not the rights to, which is proved before it tries', async () => {
    const text = block(
      'sh',
      "sed -n 's/CapBnd:\\t//p' /proc/self/status; stat -c %t:%T /dev/null; grep -c ' / / ' /proc/self/mountinfo",
    );
    const [bounding = ''] = step(await verdictOf(folder(), text), 0).stdout.split('\n');
    // sys_module, sys_rawio, sys_boot, sys_time, syslog, wake_alarm
    for (const right of [16n, 17n, 22n, 25n, 34n, 35n]) expect(BigInt(`0x${bounding}`) & (1n << right)).toBe(0n);
  });

  it.each([
    ['deletes /', 'rm -rf --no-preserve-root / 2>/dev/null', /failed|errored|timed_out/],
    ['reboots', 'reboot -f', /failed/],
    ['powers off by sysrq', 'echo o >/proc/sysrq-trigger; false', /failed/],
    ['kills PID 1', 'kill -9 1; kill -TERM 1; kill -INT 1; sleep 0.3; false', /failed/],
    ['changes the clock', "date -s '2001-01-01'", /failed/],
    ['writes to the kernel', 'echo 1 >/proc/sys/kernel/panic', /failed/],
    ['kills all that it sees', 'kill -9 -1', /failed|errored/],
  ])('%s: the machine is unharmed, and the run does not pass', async (_, command, status) => {
    const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
    const panic = readFileSync('/proc/sys/kernel/panic', 'utf8');
    const result = await verdictOf(folder(), block('sh {timeout=10s}', command));
    expect(step(result, 0).status).toMatch(status);
    expect(result.status).not.toBe('passed');
    expect(new Date().getUTCFullYear()).toBeGreaterThan(2020);
    expect(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0])).toBeGreaterThanOrEqual(uptime);
    expect(readFileSync('/proc/sys/kernel/panic', 'utf8')).toBe(panic);
    expect([existsSync('/etc/passwd'), existsSync('/bin/sh'), statSync('/dev/null').isCharacterDevice()]).toEqual([
      true,
      true,
      true,
    ]);
  });
});
