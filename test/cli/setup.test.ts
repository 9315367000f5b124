import { describe, expect, test } from 'vitest';
import { type SetupIo, type SetupSystem, setupCommand } from '../../src/cli/setup.ts';
import type { CapabilityStatus } from '../../src/lab/capabilities.ts';

const found: CapabilityStatus = {
  name: 'iproute2',
  what: 'ip, tc',
  why: 'make links',
  labs: ['sandbox', 'docker'],
  found: true,
  detail: '/usr/sbin/ip',
  packages: [],
  remedy: null,
};
const lacksPing: CapabilityStatus = {
  ...found,
  name: 'ping',
  what: 'ping',
  why: 'ping',
  found: false,
  detail: 'ping is not installed',
  packages: ['iputils-ping'],
  remedy: 'netlab setup',
};
const lacksRoot: CapabilityStatus = {
  ...found,
  name: 'root',
  labs: ['docker'],
  found: false,
  detail: 'this is an ordinary user',
  remedy: 'run as root',
};
const lacksOptional: CapabilityStatus = { ...lacksPing, name: 'tcpdump', labs: [], packages: ['tcpdump'] };

/** A machine that lacks ping until it is installed, and a user who is not there. */
function machine(change: Partial<SetupSystem> = {}): {
  system: SetupSystem;
  io: SetupIo;
  told: string[];
  installed: string[];
} {
  const told: string[] = [];
  const installed: string[] = [];
  return {
    told,
    installed,
    io: { tell: (line) => void told.push(line), ask: undefined, env: {} },
    system: {
      probe: async () => [
        found,
        installed.length > 0 ? { ...lacksPing, found: true, packages: [] } : lacksPing,
        lacksOptional,
      ],
      install: async (packages) => {
        installed.push(...packages.map(({ name }) => name));
        return 0;
      },
      hasDebianPackages: true,
      name: 'Debian GNU/Linux 12 (bookworm)',
      isRoot: true,
      ...change,
    },
  };
}

describe('netlab setup', () => {
  test('says what it installs and why, installs it, and looks again', async () => {
    const { system, io, told, installed } = machine();
    expect(await setupCommand({ yes: true }, io, system)).toBe(0);
    expect(installed).toEqual(['iputils-ping']);
    expect(told).toEqual([
      'Debian packages to install:',
      '  iputils-ping  ping: to ping',
      'Only programs are needed: no service that comes with them is started, now or at the next boot.',
      'The same by hand: apt-get install -y --no-install-recommends iputils-ping',
      'Installed: every package that labs need is here.',
    ]);
  });

  test('with nothing to do says so, and what no package brings', async () => {
    const { system, io, told } = machine({ probe: async () => [found, lacksRoot, lacksOptional] });
    expect(await setupCommand({}, io, system)).toBe(0);
    expect(told).toEqual([
      'Nothing to install: every package that labs need is here.',
      'Still missing for docker labs: root (this is an ordinary user): run as root.',
    ]);
  });

  test('a dry run only tells', async () => {
    const { system, io, installed } = machine();
    expect(await setupCommand({ dryRun: true, yes: true }, io, system)).toBe(0);
    expect(installed).toEqual([]);
  });

  test.each([
    [true, 0, ['iputils-ping']],
    [false, 2, []],
  ] as const)('asks, and does what was answered: %j', async (answer, status, expected) => {
    const { system, io, installed } = machine();
    expect(await setupCommand({}, { ...io, ask: async () => answer }, system)).toBe(status);
    expect(installed).toEqual(expected);
  });

  test('with nobody to ask goes on in CI only', async () => {
    const away = machine();
    expect(await setupCommand({}, away.io, away.system)).toBe(2);
    expect(away.told.at(-1)).toContain('netlab setup --yes');
    const ci = machine();
    expect(await setupCommand({}, { ...ci.io, env: { CI: 'true' } }, ci.system)).toBe(0);
  });

  test('an ordinary user is told what to run', async () => {
    const { system, io, told, installed } = machine({ isRoot: false });
    expect(await setupCommand({ yes: true }, io, system)).toBe(2);
    expect(told.at(-1)).toBe('  sudo apt-get install -y --no-install-recommends iputils-ping');
    expect(installed).toEqual([]);
  });

  test('without Debian packages says what is missing', async () => {
    const { system, io, told } = machine({ hasDebianPackages: false, name: 'Alpine Linux' });
    expect(await setupCommand({ yes: true }, io, system)).toBe(2);
    expect(told).toEqual([
      'Alpine Linux has no Debian packages, so this is for you to install:',
      '  ping: ping is not installed; to ping',
      'On Debian they are in: iputils-ping',
    ]);
  });

  test('a failure of apt-get, or one that it does not notice, is none of success', async () => {
    const failing = machine({ install: async () => 100 });
    expect(await setupCommand({ yes: true }, failing.io, failing.system)).toBe(2);
    expect(failing.told.at(-1)).toBe('apt-get ended with status 100: see its messages above.');
    const idle = machine({ install: async () => 0 });
    expect(await setupCommand({ yes: true }, idle.io, idle.system)).toBe(2);
    expect(idle.told.at(-1)).toBe('apt-get had no complaint, and still: ping: ping is not installed');
  });
});
