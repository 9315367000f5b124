import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sanitize } from '../../src/check/sanitize.ts';
import { LabError } from '../../src/errors.ts';
import type { Lab } from '../../src/lab/types.ts';
import { openSession } from '../../src/shell/open.ts';
import type { Session } from '../../src/shell/types.ts';
import { firstNode, input, labOf, never } from './labs.ts';
import { leftSince, machineState } from './leaks.ts';

async function shellIn(
  lab: Lab,
  node = firstNode(lab),
): Promise<{ session: Session; run: (command: string) => Promise<string> }> {
  const session = await openSession(node, 'pipe');
  return { session, run: async (command) => sanitize((await session.run(input(command), never)).stdout) };
}

describe('a lab', () => {
  it('starts without what the reader has for their own shells', async () => {
    // Bash takes a socket on its standard input for a remote login (bash(1), "Invoked by remote shell daemon").
    const home = mkdtempSync(join(tmpdir(), 'home-'));
    writeFileSync(join(home, '.bashrc'), 'exit 7\n');
    const [own, level] = [process.env['HOME'], process.env['SHLVL']];
    process.env['HOME'] = home;
    delete process.env['SHLVL'];
    try {
      await using lab = await labOf('lab: sandbox');
      const { session, run } = await shellIn(lab);
      await using _ = session;
      expect(await run('echo "$HOME"')).toBe(`${home}\n`);
    } finally {
      Object.assign(process.env, { HOME: own, ...(level !== undefined && { SHLVL: level }) });
      rmSync(home, { recursive: true });
    }
  });
});

describe("a lab on the machine's own network", () => {
  it('comes up, and cannot change that network', async () => {
    await using lab = await labOf('lab: { network: host }');
    const { session, run } = await shellIn(lab);
    await using _ = session;
    expect(await run('readlink /proc/self/ns/net')).toBe(
      execFileSync('readlink', ['/proc/self/ns/net'], { encoding: 'utf8' }),
    );
    expect(await run('ip link set lo mtu 1400 2>&1; echo 1 2>&1 >/proc/sys/net/ipv4/ip_forward')).toMatch(
      /Operation not permitted\n.*Read-only file system\n$/,
    );
  });
});

describe('nodes that come up at the same time', () => {
  it('show the same control groups, though each of them mounts the same hierarchies', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    await using lab = await labOf(`lab: { nodes: { ${names.map((name) => `${name}: {}`).join(', ')} } }`);
    const listings = [...lab.nodes.values()].map(async (node) => {
      const { session, run } = await shellIn(lab, node);
      await using _ = session;
      return await run('ls /sys/fs/cgroup; grep -c " cgroup2* " /proc/self/mounts; cat /proc/1/cgroup | grep -c /$');
    });
    const [first, ...others] = await Promise.all(listings);
    expect(first).toMatch(/\n[1-9]\d*\n[1-9]\d*\n$/);
    for (const other of others) expect(other).toBe(first);
  });
});

describe('a sandbox', () => {
  let lab: Lab;
  let session: Session;
  let run: (command: string) => Promise<string>;
  beforeAll(async () => {
    lab = await labOf('lab: sandbox');
    ({ session, run } = await shellIn(lab));
  });
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    await lab[Symbol.asyncDispose]();
  });

  it('has a network with a loopback interface and no way out', async () => {
    expect(await run('ip -br link | cut -d" " -f1')).toBe('lo\n');
    expect(await run('ip route; ip -6 route | grep -v "dev lo"')).toBe('');
    expect(await run('ping -c 1 -W 1 192.0.2.1 2>&1')).toContain('Network is unreachable');
    expect(await run('ping -c 1 127.0.0.1 | grep -c ttl=')).toBe('1\n');
  });

  it('has namespaces of its own, all of them', async () => {
    for (const kind of ['net', 'mnt', 'pid', 'uts', 'ipc', 'cgroup']) {
      const own = execFileSync('readlink', [`/proc/self/ns/${kind}`], { encoding: 'utf8' });
      expect(await run(`readlink /proc/self/ns/${kind}`)).not.toBe(own);
    }
    expect(await run('hostname; echo $(($(pgrep -c .) < 12))')).toBe('node1\n1\n');
  });

  it('reads the files of the machine and throws every write away', async () => {
    const host = readFileSync('/etc/passwd', 'utf8');
    expect(await run('cat /etc/passwd')).toBe(host);
    await run('echo gone >/etc/passwd; rm -f /etc/hostname; touch /netlab-was-here /usr/bin/netlab-was-here');
    expect(await run('cat /etc/passwd')).toBe('gone\n');
    expect(readFileSync('/etc/passwd', 'utf8')).toBe(host);
    expect([existsSync('/netlab-was-here'), existsSync('/usr/bin/netlab-was-here')]).toEqual([false, false]);
  });

  it('starts its steps in the folder of the document', async () => {
    expect(await run('pwd')).toBe(`${process.cwd()}/test/lab\n`);
  });

  it('has neither the rights nor the files to hurt the machine', async () => {
    const bounding = BigInt(`0x${(await run("sed -n 's/CapBnd:\\t//p' /proc/self/status")).trim()}`);
    // Numbers of capability.h: sys_module, sys_rawio, sys_boot, sys_time, syslog, wake_alarm.
    for (const capability of [16n, 17n, 22n, 25n, 34n, 35n]) expect(bounding & (1n << capability)).toBe(0n);
    expect(await run('echo 1 2>&1 >/proc/sys/kernel/panic')).toMatch(/Read-only|denied/);
    expect(await run('ls /dev | tr "\\n" " "')).not.toMatch(/\b(?:sd|vd|nvme|loop|kmsg|mem|kvm)/);
    expect(await run('ls -A /run')).not.toContain('docker.sock');
    if (existsSync('/proc/kcore')) expect(await run('stat -c %t:%T /proc/kcore')).toBe('1:3\n');
  });

  it('survives, and the machine does, when a step deletes what it can', async () => {
    // The test above has read the locks; only now are the doors tried.
    const device = existsSync('/dev/null') && statSync('/dev/null').isCharacterDevice();
    const full = statSync('/dev/full');
    await using own = await labOf('lab: sandbox');
    const { session: shell, run: inside } = await shellIn(own);
    expect(await inside('chmod 0 /dev/full; chown 1:1 /dev/full; stat -c %a:%u /dev/full')).toBe('0:1\n');
    expect(statSync('/dev/full')).toMatchObject({ mode: full.mode, uid: full.uid, ctimeMs: full.ctimeMs });
    await inside('rm /dev/null');
    const { session: another } = await shellIn(own);
    const start = another.run(input('echo alive'), never);
    await expect(start).rejects.toThrow(/^the shell on \S+ did not start: .*\/dev\/null: No such file or directory/);
    await inside('rm -rf --no-preserve-root /dev /etc /srv /var/lib /run 2>/dev/null');
    await inside('date -s 2001-01-01 >/dev/null 2>&1; echo b 2>/dev/null >/proc/sysrq-trigger; kill -9 1');
    expect(await inside('echo alive; date +%Y')).toBe(`alive\n${new Date().getUTCFullYear()}\n`);
    await shell[Symbol.asyncDispose]();
    expect([device, statSync('/dev/null').isCharacterDevice(), existsSync('/etc/passwd')]).toEqual([true, true, true]);
  });

  it('holds a fork bomb by its limits, and says so', async () => {
    await using own = await labOf('lab: { nodes: { n: { kind: host } }, limits: { pids: 100 } }');
    const { session: shell } = await shellIn(own);
    const bomb = await shell.run(input('bomb() { bomb | bomb & }; bomb; sleep 0.5; wait', { timeoutMs: 2000 }), never);
    expect(bomb.stdout).toContain('fork: ');
    expect(bomb.note).toBe("the lab's limit of 100 processes was reached");
    const events = await shell.run(
      input('cat /sys/fs/cgroup/pids/pids.events /sys/fs/cgroup/pids.events 2>/dev/null'),
      never,
    );
    expect(Number(/max (\d+)/.exec(events.stdout)?.[1])).toBeGreaterThan(0);
    await shell[Symbol.asyncDispose]();
  });

  it('holds a memory hog and a full disk by its limits, and says so', async () => {
    await using own = await labOf('lab: { nodes: { n: { kind: host } }, limits: { memory: 200MiB } }');
    const { session: shell } = await shellIn(own);
    const hog = await shell.run(input('head -c 400M /dev/zero | tail -c 400M | wc -c', { timeoutMs: 8000 }), never);
    expect(hog.stdout).not.toContain(String(400 * 1024 * 1024));
    expect(hog.note).toBe("the kernel killed a process: the lab's memory limit (200 MiB) was reached");
    const fill = await shell.run(input('dd if=/dev/zero of=/tmp/fill bs=1M count=400; rm -f /tmp/fill'), never);
    expect(fill.note).toContain("the lab's memory limit (200 MiB) was reached");
    // What the lab hangs on is the last to go.
    expect((await shell.run(input('rm -f /tmp/fill; echo alive'), never)).stdout).toBe('alive\n');
    expect(own.broken.aborted).toBe(false);
    await shell[Symbol.asyncDispose]();
  });
});

describe('a docker lab', () => {
  it('has an engine of its own with real overlay2, the BusyBox image, and the addresses of the notes', async () => {
    const before = await machineState();
    {
      await using lab = await labOf('lab: docker');
      const { session, run } = await shellIn(lab);
      expect(await run('docker info --format "{{.Driver}} {{.Containers}}"')).toBe('overlay2 0\n');
      expect(await run('docker images --format "{{.Repository}}:{{.Tag}}"')).toBe('busybox:latest\n');
      expect(await run('ip -4 -br addr show docker0')).toContain('172.17.0.1/16');
      expect(
        await run('docker run --rm busybox:latest sh -c "busybox --list | grep -cx -e nslookup -e ifconfig -e httpd"'),
      ).toBe('3\n');
      await run('docker run -d busybox:latest sleep 600');
      await session[Symbol.asyncDispose]();
    }
    expect(await leftSince(before, 500)).toEqual([]);
  });

  it('builds an image from a Dockerfile beside the runbook, on top of one that it has', async () => {
    await using lab = await labOf(
      'lab: { nodes: { n: { kind: docker, images: [busybox, { name: "greeter:v1", build: fixtures/greeter }] } } }',
    );
    const { session, run } = await shellIn(lab);
    expect(await run('docker run --rm greeter:v1')).toBe('hello from the image\n');
    await session[Symbol.asyncDispose]();
  });

  it('says each source that was tried for an image that cannot be had', async () => {
    const before = await machineState();
    const failing = labOf('lab: { nodes: { n: { kind: docker, images: ["nowhere.invalid/none:1"] } } }');
    await expect(failing).rejects.toThrow(LabError);
    const error = await failing.catch((reason: LabError) => reason);
    expect((error as LabError).log).toMatch(/Dockerfile[\s\S]*Docker Engine[\s\S]*BusyBox[\s\S]*registry/);
    expect(await leftSince(before, 500)).toEqual([]);
  });

  it('dies neither of a step that eats its memory nor of a full disk', async () => {
    await using lab = await labOf('lab: { nodes: { n: { kind: docker } }, limits: { memory: 300MiB } }');
    const { session, run } = await shellIn(lab);
    for (const hog of [
      'head -c 600M /dev/zero | tail -c 500M | wc -c',
      'dd if=/dev/zero of=/tmp/fill bs=1M count=500',
    ]) {
      expect((await session.run(input(hog), never)).note).toContain("the lab's memory limit (300 MiB) was reached");
    }
    expect(await run('rm -f /tmp/fill; docker run --rm busybox echo alive')).toBe('alive\n');
    await session[Symbol.asyncDispose]();
  });

  it('says so when its engine dies in the middle', async () => {
    await using lab = await labOf('lab: docker');
    const { session } = await shellIn(lab);
    const { broken } = lab;
    const told = new Promise((resolve) => broken.addEventListener('abort', () => resolve(broken.reason)));
    void session.run(input('pkill -9 dockerd; sleep 5'), never).catch(() => {});
    const reason = await told;
    expect(reason).toBeInstanceOf(LabError);
    expect((reason as LabError).message).toContain('dockerd on node1 ended');
    await session[Symbol.asyncDispose]();
  });
});

describe('a lab of several nodes', () => {
  it('joins them by a cable, and by a bridge, with a resolver whose answers are not authoritative', async () => {
    await using lab = await labOf(`lab:
  nodes:
    a: { kind: host, dns: { servers: [10.0.0.3] } }
    b: { kind: host }
    lan: { kind: bridge }
    names: { kind: dns, records: { www.example.test: { CNAME: web.example.test }, web.example.test: 10.0.0.2 } }
  links:
    - { endpoints: ["a:eth0", lan], addresses: ["10.0.0.1/24"] }
    - { endpoints: ["b:eth0", lan], addresses: ["10.0.0.2/24"] }
    - { endpoints: ["names:eth0", lan], addresses: ["10.0.0.3/24"] }
    - { endpoints: ["a:eth1", "b:eth1"], addresses: ["10.1.0.1/24", "10.1.0.2/24"] }`);
    const { session, run } = await shellIn(lab);
    expect(await run('hostname; cat /etc/resolv.conf')).toBe('a\nnameserver 10.0.0.3\n');
    expect(await run('ping -c 1 10.1.0.2 | grep -c ttl=')).toBe('1\n');
    expect(await run('ping -c 1 www.example.test | head -1')).toContain('web.example.test (10.0.0.2)');
    expect(await run('busybox nslookup www.example.test')).toContain('Non-authoritative answer:');
    const b = lab.nodes.get('b');
    if (!b) throw new Error('no node b');
    const other = await shellIn(lab, b);
    expect(await other.run('hostname; ip -br -4 addr show eth0')).toMatch(/^b\neth0\S* +UP +10\.0\.0\.2\/24/);
    await other.session[Symbol.asyncDispose]();
    await session[Symbol.asyncDispose]();
  });
});

describe('a lab that cannot start', () => {
  it('stops at once when it is told to, and leaves nothing', async () => {
    const before = await machineState();
    const stop = new AbortController();
    const starting = labOf('lab: docker', stop.signal);
    setTimeout(() => stop.abort(), 150);
    await expect(starting).rejects.toThrow();
    expect(await leftSince(before, 1000)).toEqual([]);
  });

  it('is gone when it is stopped while a resolver is asked, where the first process reaps nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'first-process-'));
    const path = join(folder, 'names.md');
    const lab = '{ nodes: { names: { kind: dns, records: { www.example.test: 10.0.0.2 } }, a: { kind: host } } }';
    writeFileSync(path, `---\nlab: ${lab}\n---\n\n# Names\n\n\`\`\`console {node=a}\n$ true\n\`\`\`\n`);
    const apart = ['--pid', '--fork', '--kill-child', '--mount-proc', process.execPath];
    try {
      expect(execFileSync('unshare', [...apart, 'test/lab/fixtures/first-process.mjs', path]).toString()).toBe(
        'exit 130\n',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
