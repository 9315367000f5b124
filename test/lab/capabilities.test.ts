import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { missingFor, probeAll, probeCapability } from '../../src/lab/capabilities.ts';
import { capabilities } from '../../src/lab/capability-list.ts';
import { findProgram } from '../../src/lab/find-program.ts';
import { processorTime } from '../processor-time.ts';

const path = process.env['PATH'];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netlab-test-'));
});

afterEach(async () => {
  process.env['PATH'] = path;
  await rm(folder, { recursive: true });
});

describe('on this machine', () => {
  test('everything is probed, and each answer is complete', async () => {
    const seen = await probeAll();
    expect(seen.map((one) => one.name)).toEqual(capabilities.map((one) => one.name));
    for (const one of seen) {
      expect(one.detail).not.toBe('');
      if (one.found) expect(one).toMatchObject({ remedy: null, packages: [] });
      else expect(one.remedy).toMatch(/./);
    }
  });

  test('what netlab runs on is found', async () => {
    const seen = await Promise.all(
      ['node', 'bash', 'util-linux', 'namespaces', 'overlayfs', 'iproute2', 'veth'].map(probeCapability),
    );
    expect(seen.filter((one) => !one.found)).toEqual([]);
  });

  test('a probe changes nothing', async () => {
    const state = async (): Promise<string> =>
      (
        await execa('sh', [
          '-c',
          'ip -o link | cut -d: -f2; cut -d" " -f2,3 /proc/mounts; ls /run/netns 2>/dev/null || true',
        ])
      ).stdout;
    const before = await state();
    await probeAll();
    expect(await state()).toBe(before);
  });

  test('looking for what a lab lacks starts no process and takes no time', async () => {
    await missingFor('docker');
    expect(await processorTime(() => missingFor('docker'))).toBeLessThan(0.02);
  });

  test('root is what it says', async () => {
    const root = await probeCapability('root');
    expect(root.found).toBe(process.getuid?.() === 0);
  });
});

describe('what is not there', () => {
  test('a name that is none is refused with the list', async () => {
    await expect(probeCapability('netme')).rejects.toThrow(UsageError);
    await expect(probeCapability('netme')).rejects.toMatchObject({ hint: expect.stringContaining('netem') });
  });

  test('a program that is missing is named, with what brings it', async () => {
    process.env['PATH'] = folder;
    const seen = await probeCapability('util-linux');
    expect(seen).toMatchObject({ found: false, packages: ['util-linux', 'bsdutils', 'mount'], remedy: 'netlab setup' });
    expect(seen.detail).toMatch(
      /^unshare, nsenter, setpriv, script, mount are not installed$|^unshare, .* are not installed$/,
    );
    expect((await missingFor('sandbox')).map((one) => one.name)).toContain('bash');
  });

  test('for a lab each package is missed once, and only what the lab cannot start without', async () => {
    process.env['PATH'] = folder;
    const missing = await missingFor('sandbox');
    const packages = missing.flatMap((one) => one.packages);
    expect(packages).toContain('util-linux');
    expect(packages).not.toContain('iputils-ping');
    expect(missing.map((one) => one.name)).not.toContain('namespaces');
  });

  test('a busybox with shared libraries cannot be an image', async () => {
    await copyFile('/bin/true', join(folder, 'busybox'));
    process.env['PATH'] = folder;
    const reason = `${join(folder, 'busybox')} needs shared libraries`;
    expect(await probeCapability('busybox')).toMatchObject({
      found: false,
      detail: reason,
      packages: ['busybox-static'],
    });
  });

  test('nor can a script of that name', async () => {
    await writeFile(join(folder, 'busybox'), '#!/bin/sh\n');
    await chmod(join(folder, 'busybox'), 0o755);
    process.env['PATH'] = folder;
    expect((await probeCapability('busybox')).found).toBe(false);
  });

  test('a busybox that needs none is found', async () => {
    const busybox = findProgram('busybox');
    expect(await probeCapability('busybox')).toMatchObject({ found: true, detail: busybox });
  });
});

describe('every capability', () => {
  test('says how to get it: a package, or what its probe knows', () => {
    for (const { programs, probe } of capabilities) {
      expect(Object.keys(programs).length > 0 || probe !== undefined).toBe(true);
      expect(Object.values(programs).every((name) => /^[a-z][a-z0-9.-]+$/.test(name))).toBe(true);
    }
  });

  test('has a name of its own', () => {
    expect(new Set(capabilities.map((one) => one.name)).size).toBe(capabilities.length);
  });
});

describe('findProgram', () => {
  test('finds what this user may run, also where only an administrator looks', async () => {
    await writeFile(join(folder, 'tool'), '');
    expect(findProgram('tool', folder)).toBeUndefined();
    await chmod(join(folder, 'tool'), 0o755);
    expect(findProgram('tool', folder)).toBe(join(folder, 'tool'));
    expect(findProgram('ip', folder)).toMatch(/bin\/ip$/);
    expect(existsSync(findProgram('ip', folder) ?? '')).toBe(true);
    expect(await readFile(join(folder, 'tool'), 'utf8')).toBe('');
  });

  test('a folder is not a program', () => {
    expect(findProgram('.', folder)).toBeUndefined();
  });
});
