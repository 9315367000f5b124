import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/events.ts';
import { block } from './documents.ts';

/** A copy that every user may read, outside of folders that only root may enter. */
let staged: string;
beforeAll(() => {
  staged = mkdtempSync(join(tmpdir(), 'machines-'));
  chmodSync(staged, 0o755);
  for (const name of ['dist', 'package.json', 'test/lab/fixtures/short.md'])
    cpSync(name, join(staged, name.split('/').at(-1) ?? name), { recursive: true });
});
afterAll(() => rmSync(staged, { recursive: true, force: true }));

/** Runs a shell script in a mount namespace of its own: what it makes of the machine is gone with it. */
const onMachine = (script: string) =>
  execa('unshare', ['--mount', 'sh', '-c', script], {
    reject: false,
    cwd: staged,
    stdin: 'ignore',
    env: { HOME: '/tmp', NO_COLOR: '1' },
  });

const asUser = 'setpriv --reuid 65534 --regid 65534 --clear-groups';
const netlab = 'node dist/netlab.cjs';

async function runOn(
  machine: string,
  user = '',
): Promise<{ readonly run: RunResult; readonly exitCode: number | undefined }> {
  const { stdout, exitCode, stderr } = await onMachine(`${machine}${user} ${netlab} run -r json short.md`);
  if (!stdout.startsWith('{')) throw new Error(`${stdout}${stderr}`);
  return { run: JSON.parse(stdout) as RunResult, exitCode };
}

describe('a machine', () => {
  it('without control groups has labs without limits, and says so', async () => {
    const hide = 'umount -n -R /sys/fs/cgroup; mount -n -t tmpfs -o ro none /sys/fs/cgroup; ';
    const { run, exitCode } = await runOn(hide);
    expect(exitCode).toBe(0);
    expect(run.runbooks[0]).toMatchObject({ status: 'passed', unlimited: ['memory', 'pids'] });
    expect((await onMachine(`${hide} ${netlab} run short.md`)).stdout).toContain('not limited here: memory, pids');
    const doctor = (await onMachine(`${hide} ${netlab} doctor`)).stdout;
    expect(doctor).toContain('labs are not limited in memory, pids, cpu');
    expect(doctor).toContain('docker labs: not ready, for want of cgroups');
  });

  it('that is a chroot has no labs: what joins a mount namespace has its root, and that is another', async () => {
    const jail = 'mount -n -t tmpfs none /run; mkdir /run/upper /run/work /run/jail; ';
    const overlay = 'mount -n -t overlay -o lowerdir=/,upperdir=/run/upper,workdir=/run/work none /run/jail; ';
    const rest = 'for each in proc sys dev tmp; do mount -n --rbind /$each /run/jail/$each; done; ';
    const inJail = `${jail}${overlay}${rest}chroot /run/jail sh -c "cd $PWD; $*"`;
    const told = 'this is a chroot, where steps would reach the machine outside of it';
    const { stdout, exitCode } = await onMachine(`set -- ${netlab} run short.md; ${inJail}`);
    expect([exitCode, stdout]).toEqual([2, expect.stringContaining(`cannot start node1: ${told} (run netlab outside`)]);
    expect((await onMachine(`set -- ${netlab} doctor; ${inJail}`)).stdout).toContain(told);
  });

  it('with version 2 of control groups alone has labs', async () => {
    const { run, exitCode } = await runOn('umount -n -R /sys/fs/cgroup; mount -n -t cgroup2 none /sys/fs/cgroup; ');
    expect(exitCode).toBe(0);
    expect(run.runbooks[0]?.status).toBe('passed');
  });

  it('has an ordinary user’s nodes with a resolv.conf of their own, though that file is root’s', async () => {
    const front = `lab: { nodes: { left: { dns: { servers: [192.0.2.53] } }, right: {} }, links: [{ endpoints: ['left:eth0', 'right:eth0'] }] }`;
    const text = `---\n${front}\n---\n# Own\n\n${block('console {node=left}', '$ cat /etc/resolv.conf', 'nameserver 192.0.2.53')}`;
    writeFileSync(join(staged, 'own.md'), text);
    const { stdout } = await onMachine(`${asUser} ${netlab} run own.md`);
    expect(stdout).toContain('PASSED  1 passed');
  });

  it('has an ordinary user’s labs limited in processes, and says that their memory is not', async () => {
    const { run } = await runOn('', asUser);
    expect(run.runbooks[0]).toMatchObject({ status: 'passed', unlimited: ['memory'] });
  });

  it('has labs for a user whom it has no name for', async () => {
    const { run } = await runOn('unset HOME; ', 'setpriv --reuid 54321 --regid 54321 --clear-groups');
    expect([run.runbooks[0]?.reason, run.status]).toEqual([null, 'passed']);
  });

  it('names the limit of an ordinary user’s lab to a step that has met it, or all but, and does not say so', async () => {
    const lines = ['$ for n in {1..90}; do sleep 2 & done; echo alive', 'alive'];
    const text = block('console', ...lines);
    writeFileSync(join(staged, 'bomb.md'), `---\nlab: { limits: { pids: 100 } }\n---\n\n${text}`);
    const { stdout } = await onMachine(`${asUser} ${netlab} run -r json bomb.md`);
    const [step] = (JSON.parse(stdout) as RunResult).runbooks[0]?.steps ?? [];
    expect(step).toMatchObject({ status: 'errored', stdout: 'alive\n' });
    expect(step?.reason).toBe("the lab's limit of 100 processes was reached");
  });

  it('without user namespaces errors an ordinary user’s lab before its first step, and doctor says why', async () => {
    // As AppArmor does it: no new user namespaces from here on.
    const deny =
      'unshare --user --map-current-user --keep-caps sh -c "echo 0 >/proc/sys/user/max_user_namespaces; exec setpriv --inh-caps -all --ambient-caps -all';
    const ran = await onMachine(`${asUser} ${deny} ${netlab} run -r json short.md"`);
    const run = JSON.parse(ran.stdout) as RunResult;
    expect(run.runbooks[0]).toMatchObject({ status: 'errored', steps: [] });
    expect(run.runbooks[0]?.reason).toMatch(/^node1 ended while it was starting[\s\S]*unshare failed/);
    expect(ran.exitCode).toBe(2);
    const doctor = await onMachine(`${asUser} ${deny} ${netlab} doctor"`);
    expect(doctor.stdout).toMatch(/sandbox labs: not ready, for want of .*namespaces/);
  });

  it('with a covered /proc errors a lab in a user namespace before its first step, and says why, as doctor does', async () => {
    const cover = 'mount -n --bind /dev/null /proc/cmdline; ';
    const why =
      /in a user namespace the kernel mounts no \/proc while places of this one are covered, such as \/proc\/\w+/;
    const { run, exitCode } = await runOn(cover, asUser);
    expect([exitCode, run.runbooks[0]?.status, run.runbooks[0]?.steps]).toEqual([2, 'errored', []]);
    expect(run.runbooks[0]?.reason).toMatch(why);
    expect((await onMachine(`${cover}${asUser} ${netlab} doctor`)).stdout).toMatch(why);
    // Root of the machine may mount one, and does.
    expect((await runOn(cover)).run.status).toBe('passed');
  });

  it('without /dev/net/tun says so, and its labs have none', async () => {
    const hide = 'mount -n -t tmpfs none /dev/net; ';
    expect((await runOn(hide)).run.status).toBe('passed');
    expect((await onMachine(`${hide} ${netlab} doctor`)).stdout).toMatch(/[^✓] tun /);
  });

  it.each([
    ['a read-only /tmp', 'mount -n -t tmpfs -o ro none /tmp; '],
    ['a full /tmp', 'mount -n -t tmpfs -o size=4k none /tmp; head -c 1M /dev/zero >/tmp/fill 2>/dev/null; '],
  ])('with %s has labs', async (_, machine) => {
    // The staged copy stands in /tmp, too: it is shown elsewhere first.
    const { stdout, exitCode } = await onMachine(
      `mount -n -o bind ${staged} /srv; cd /srv; ${machine} ${netlab} run -r json short.md`,
    );
    expect([(JSON.parse(stdout) as RunResult).status, exitCode]).toEqual(['passed', 0]);
  });

  it('with file systems that cannot lie below an overlay, or are hidden by others, shows them to be read', async () => {
    const machine =
      'mount -n -t tmpfs none /srv; mkdir -p /srv/a:b /srv/c/d; mount -n -t tmpfs none /srv/a:b; echo there >/srv/a:b/file; ' +
      'mount -n -t tmpfs none /srv/c/d; mount -n -t tmpfs none /srv/c; ';
    writeFileSync(join(staged, 'mounts.md'), block('sh', 'cat /srv/a:b/file; touch /srv/c/new; ! touch /srv/a:b/new'));
    const { stdout } = await onMachine(`${machine} ${netlab} run -r json mounts.md`);
    const [runbook] = (JSON.parse(stdout) as RunResult).runbooks;
    expect([runbook?.status, runbook?.steps[0]?.reason]).toEqual(['passed', null]);
    expect(runbook?.steps[0]?.stdout).toMatch(/^there\ntouch: .*: Read-only file system\n$/);
  });

  const devicesOf =
    'mount -n -t tmpfs none /srv; cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty /srv; mkdir /srv/pts; ' +
    'mount -n --bind /dev/pts /srv/pts; ln -s pts/ptmx /srv/ptmx; mount -n --move /srv /dev; ';

  it('whose root may make no devices has them shown, and their mode and owner stay', async () => {
    const command =
      'chmod 600 /dev/null /dev/zero; chown 1 /dev/null; echo lost >/dev/null; head -c 3 /dev/zero | wc -c';
    writeFileSync(join(staged, 'devices.md'), block('sh', command));
    const { stdout } = await onMachine(
      `${devicesOf} setpriv --bounding-set -mknod ${netlab} run -r jsonl devices.md; stat -c %a:%u /dev/null /dev/zero`,
    );
    expect(stdout).toMatch(/Read-only file system\\n3\\n"/);
    expect(stdout).toMatch(/\n666:0\n666:0$/);
  });

  it('without /dev/fd has labs with one', async () => {
    writeFileSync(
      join(staged, 'fd.md'),
      block('bash', 'cat <(echo one) - </dev/fd/0; ls -l /dev/stdin; stat -c %a /dev/tty'),
    );
    const { stdout } = await onMachine(`${devicesOf} ${netlab} run -r json fd.md`);
    const [runbook] = (JSON.parse(stdout) as RunResult).runbooks;
    expect([runbook?.status, runbook?.steps[0]?.reason]).toEqual(['passed', null]);
    expect(runbook?.steps[0]?.stdout).toMatch(/^one\n.* -> fd\/0\n666\n$/);
  });

  const [nft, legacy] = ['/usr/sbin/xtables-nft-multi', '/usr/sbin/xtables-legacy-multi'];
  /** The one program stands where the other was, under all of its names. */
  const instead = (other: string, program: string): string => `mount -n --bind ${program} ${other}; `;
  const iptablesOf = async (machine: string): Promise<{ found: boolean } | undefined> => {
    const { stdout } = await onMachine(`${machine} ${netlab} doctor --json`);
    const { capabilities } = JSON.parse(stdout) as { capabilities: { name: string; found: boolean }[] };
    return capabilities.find(({ name }) => name === 'iptables');
  };
  const docker = `---\nlab: docker\n---\n\n${block('sh', 'iptables -V; iptables -t nat -S; docker run --rm busybox ping -c 1 172.17.0.1')}`;

  it.each([
    ['nf_tables', instead(legacy, nft), 'iptables-legacy'],
    ['legacy', instead(nft, legacy), 'iptables-nft'],
  ])('with iptables for %s alone has Docker labs', async (kind, machine, missing) => {
    expect((await onMachine(`${machine} ${missing} -t nat -nL`)).exitCode).not.toBe(0);
    expect(await iptablesOf(machine)).toMatchObject({ found: true });
    writeFileSync(join(staged, 'docker.md'), docker);
    const { stdout } = await onMachine(`${machine} ${netlab} run -r json docker.md`);
    const [step] = (JSON.parse(stdout) as RunResult).runbooks[0]?.steps ?? [];
    expect(step).toMatchObject({ status: 'passed', exit: 0 });
    expect(step?.stdout).toMatch(new RegExp(`^iptables v[\\d.]+ \\(${kind}\\)\\n`));
    expect(step?.stdout).toMatch(/^-A POSTROUTING -s 172\.17\.0\.0\/16 ! -o docker0 -j MASQUERADE$/m);
    expect(step?.stdout).toContain('1 packets received');
  });

  it('with no iptables that works errors a Docker lab before its first step, and doctor says why', async () => {
    const machine = instead(legacy, '/bin/false') + instead(nft, '/bin/false');
    expect(await iptablesOf(machine)).toMatchObject({ found: false });
    expect((await onMachine(`${machine} ${netlab} doctor`)).stdout).toContain(
      'docker labs: not ready, for want of iptables',
    );
    writeFileSync(join(staged, 'docker.md'), docker);
    const { stdout, exitCode } = await onMachine(`${machine} ${netlab} run -r json docker.md`);
    const [runbook] = (JSON.parse(stdout) as RunResult).runbooks;
    expect([exitCode, runbook?.status, runbook?.steps]).toEqual([2, 'errored', []]);
    expect(runbook?.reason).toMatch(/iptables/);
  });
});

describe('many at once', () => {
  it('twenty netlabs with the same runbook neither collide nor leave anything', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => runOn('')));
    expect(all.map(({ run }) => run.status)).toEqual(Array.from({ length: 20 }, () => 'passed'));
  }, 120_000);
});
