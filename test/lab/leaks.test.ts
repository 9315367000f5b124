import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isOrphanGroup, leftSince, machineState } from './leaks.ts';

const cgroupRoot =
  ['/sys/fs/cgroup/pids', '/sys/fs/cgroup'].find((folder) => existsSync(`${folder}/cgroup.procs`)) ?? '';

/** Runs a command of the machine; true where it could. */
function can(command: string): boolean {
  const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin` };
  return spawnSync('sh', ['-c', command], { env, stdio: 'ignore' }).status === 0;
}

/** Something that is made, and taken away again; `make` is false where this machine cannot. */
interface Thing {
  readonly make: () => boolean;
  readonly undo: () => unknown;
}

const done = (_made: unknown): boolean => true;
const file = (path: string): Thing => ({ make: () => done(writeFileSync(path, '')), undo: () => rmSync(path) });
const group = (name: string): Thing => ({
  make: () => done(mkdirSync(join(cgroupRoot, name))),
  undo: () => rmdirSync(join(cgroupRoot, name)),
});
const command = (make: string, undo: string): Thing => ({ make: () => can(make), undo: () => can(undo) });
/** A process that is let go of. */
function orphan(argv: string): Thing {
  return {
    make: () => can(`${argv} sleep 4322 >/dev/null 2>&1 & until pgrep -fx 'sleep 4322'; do sleep 0.01; done`),
    undo: () => can("pkill -9 -fx 'sleep 4322'"),
  };
}

function childOfOwn(): Thing {
  let child: ChildProcess | undefined;
  return {
    make() {
      child = spawn('sleep', ['4323'], { stdio: 'ignore' });
      return child.pid !== undefined;
    },
    undo: () => child?.kill('SIGKILL'),
  };
}

function openFile(): Thing {
  let descriptor = -1;
  return {
    make() {
      descriptor = openSync('/etc/passwd', 'r');
      return true;
    },
    undo: () => closeSync(descriptor),
  };
}

/** Which would be another file that is left. */
const noLock = 'XTABLES_LOCKFILE=/dev/null';

/** One of each kind of thing that a test may leave; the first is what is told of it. */
const things: readonly (readonly [told: RegExp, thing: Thing])[] = [
  [/^process \d+ sleep 4322/, orphan('setsid')],
  [/^process \d+ (?:unshare|sleep) .*4322/, orphan('unshare --pid --mount --fork --kill-child')],
  [/^process \d+ sleep 4323/, childOfOwn()],
  [/^link leak0$/, command('ip link add leak0 type veth peer name leak1', 'ip link del leak0')],
  [
    /^file \/run\/netns\/leak$/,
    command('test ! -e /run/netns && ip netns add leak', 'ip netns del leak; umount -n /run/netns; rmdir /run/netns'),
  ],
  [/^mount \d+ \/mnt$/, command('mount -n -t tmpfs none /mnt', 'umount -n /mnt')],
  [/^cgroup .*\/foreign-leak$/, group('foreign-leak')],
  [new RegExp(`^cgroup .*/netlab-${process.pid}-`), group(`netlab-${process.pid}-1-1-0`)],
  [/^rule .*leak/, command('iptables-nft -N leak', 'iptables-nft -X leak')],
  [/^rule .*leak/, command('ip6tables-nft -N leak', 'ip6tables-nft -X leak')],
  [/^rule .*leak/, command('nft add table ip leak', 'nft delete table ip leak')],
  [/^rule .*leak/, command(`${noLock} iptables-legacy -N leak`, `${noLock} iptables-legacy -X leak`)],
  [/^rule .*leak/, command(`${noLock} ip6tables-legacy -N leak`, `${noLock} ip6tables-legacy -X leak`)],
  [
    /^loop device loop\d+ \/tmp\/leak.img/,
    command(
      'truncate -s 1M /tmp/leak.img; losetup -f /tmp/leak.img || { rm /tmp/leak.img; false; }',
      'losetup -d $(losetup -n -O NAME -j /tmp/leak.img); rm -f /tmp/leak.img',
    ),
  ],
  [/^file \/tmp\/foreign$/, file('/tmp/foreign')],
  [/^file \/run\/foreign$/, file('/run/foreign')],
  [/^file \/dev\/shm\/foreign$/, file('/dev/shm/foreign')],
  [/^descriptor \d+ \/etc\/passwd$/, openFile()],
];

describe('the look around a test', () => {
  it.each(things)('finds %s', async (told, { make, undo }) => {
    const before = machineState();
    // What this machine cannot make is not left on it either: nft, loop devices, legacy tables.
    const made = make();
    try {
      if (made) expect(await leftSince(before, 0)).toEqual(expect.arrayContaining([expect.stringMatching(told)]));
    } finally {
      if (made) undo();
    }
    expect(await leftSince(before, 1000)).toEqual([]);
  });

  it('has most of these to find', () => {
    const cannot = things.filter(([, { make, undo }]) => {
      const made = make();
      if (made) undo();
      return !made;
    });
    expect(cannot.length).toBeLessThan(5);
  });

  it('tells the groups of engines that have gone from those of others', () => {
    expect(isOrphanGroup(`cgroup ${cgroupRoot}/netlab-4194305-1-1-0`)).toBe(true);
    expect(isOrphanGroup(`cgroup ${cgroupRoot}/netlab-4194305-1-1-0/docker/abc`)).toBe(true);
    expect(isOrphanGroup(`cgroup ${cgroupRoot}/foreign`)).toBe(false);
  });
});
