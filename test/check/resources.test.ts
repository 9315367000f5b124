import { describe, expect, test } from 'vitest';
import { CheckProblem } from '../../src/check/problem.ts';
import { findResource, resourceKeys, resources } from '../../src/check/resources/index.ts';
import { misspellings } from '../../src/check/resources/validate.ts';
import { checkState } from '../../src/check/state.ts';
import type { ProbeAnswer, Prober } from '../../src/check/types.ts';
import type { Expectation } from '../../src/runbook/types.ts';

const answer = (stdout: string, rest: Partial<ProbeAnswer> = {}): ProbeAnswer => ({
  stdout,
  stderr: '',
  exit: 0,
  problem: undefined,
  ...rest,
});

function read(key: string, name: string, came: ProbeAnswer, options = {}, expected = {}) {
  const resource = findResource(key);
  if (!resource) throw new Error(`no resource ${key}`);
  return resource.read(came, { name, expected, options });
}

const sockets = `tcp   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
tcp    0: 0100007F:0035 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
tcp    1: 0100007F:0050 0200007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0 20 4 30 10 -1
tcp6    0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 3 1 0 100 0 0 10 0
udp  100: 00000000:0044 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4 2 0 0
`;
const link = {
  ifindex: 2,
  ifname: 'eth0',
  flags: ['UP'],
  mtu: 1500,
  operstate: 'UP',
  link_type: 'ether',
  address: '02:42:ac:11:00:02',
};
const links = JSON.stringify([
  { ifname: 'lo', addr_info: [] },
  { ...link, addr_info: [{ local: '10.0.0.1', prefixlen: 24 }] },
]);
const stats = 'stat 640 6 0 1000 root users regular file\n';
const processes =
  '40\n1 (netlab-init) S 0 1 1\n7 (my app) S 1 7 7\n8 (gone) Z 1 8 8\n40 (bash) S 0 0 0\n41 (timeout) S 40 0 0\n42 (sh) S 41 0 0\n';
const routing = JSON.stringify([
  { dst: 'default', gateway: '10.0.0.9', dev: 'eth1', metric: 200, flags: [] },
  { dst: 'default', gateway: '10.0.0.1', dev: 'eth0', metric: 100, flags: [] },
  { dst: '10.0.0.0/24', dev: 'eth0', scope: 'link', prefsrc: '10.0.0.1', flags: [] },
]);
const mounts =
  '30 1 0:20 / / rw - overlay overlay rw,lowerdir=/\n31 30 0:21 / /two\\040words rw,nosuid shared:3 - tmpfs none rw,size=4k\n';
const ovs = `ovs\n{"data":[["p1",1],["p2",2]],"headings":["name","ofport"]}\np1\np2\n\n port  VLAN  MAC                Age\n    2     0  0a:00:00:00:00:01    3\nLOCAL    0  0a:00:00:00:00:02    1\n`;
const inspected = (running: boolean) =>
  `name web\nname idle\n${JSON.stringify([
    {
      Name: '/web',
      State: { Running: running, Status: running ? 'running' : 'exited', ExitCode: 3 },
      Config: { Image: 'busybox:latest' },
      NetworkSettings: { Networks: { bridge: { IPAddress: running ? '172.17.0.2' : '', IPPrefixLen: 16 } } },
    },
  ])}\n`;
const pinged = `PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.
64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=0.050 ms

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time 0ms
rtt min/avg/max/mdev = 0.050/0.050/0.050/0.000 ms
`;
const unanswered = `PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.
From 10.0.0.1 icmp_seq=1 Destination Host Unreachable

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time 0ms
`;
const looked = `Server:\t\t10.0.0.2\nAddress:\t10.0.0.2:53\n\nNon-authoritative answer:\nwww.example.com\tcanonical name = web.example.com\nName:\tweb.example.com\nAddress: 10.0.0.9\n\nstatus 0\n`;

describe('an answer is read', () => {
  test.each<[string, string, string, Record<string, unknown>, string?]>([
    ['addr', 'tcp://10.0.0.2:80', 'status 0\n', { reachable: true }],
    ['addr', 'tcp://10.0.0.2:80', 'status 124\n', { reachable: false }, 'no answer within 500 ms'],
    [
      'bridge',
      'br0',
      `linux\n[{"ifname":"v0"}]\n\n[{"mac":"0a:00:00:00:00:01","ifname":"v0"}]\n`,
      { ports: ['v0'], fdb: [{ ifname: 'v0' }] },
    ],
    ['bridge', 'br0', 'linux\n\n[]\n', { exists: true, ports: [], fdb: [] }],
    [
      'bridge',
      'sw',
      ovs,
      { ports: ['p1', 'p2'], fdb: [{ mac: '0a:00:00:00:00:01', ifname: 'p2', vlan: 0 }, { ifname: 'LOCAL' }] },
    ],
    ['bridge', 'br9', 'none\n3: br0: <BROADCAST>\nsw\n', { exists: false }, 'no bridge br9; there are br0, sw'],
    ['command', 'true', 'started\nhi\n', { 'exit-status': 0, stdout: 'hi\n' }],
    [
      'container',
      'web',
      inspected(true),
      { running: true, image: 'busybox:latest', addrs: ['172.17.0.2/16'], networks: ['bridge'], 'exit-code': null },
    ],
    [
      'container',
      'web',
      inspected(false),
      { running: false, status: 'exited', addrs: [], 'exit-code': 3 },
      'the container is exited',
    ],
    ['container', 'x', 'name web\nname idle\n', { exists: false }, 'no container x; there are web, idle'],
    [
      'dns',
      'www.example.com',
      '10.0.0.9 STREAM web\n10.0.0.9 DGRAM\nstatus 0\n',
      { resolvable: true, addrs: ['10.0.0.9'] },
    ],
    ['dns', 'www.example.com', 'status 2\n', { resolvable: false, addrs: [] }, 'the node’s resolver does not know it'],
    [
      'dns',
      'www.example.com',
      'status 124\n',
      { resolvable: null, addrs: null, status: 'TIMEOUT' },
      'no answer within 2000 ms',
    ],
    [
      'file',
      '/x',
      `${stats}contents\nhello\n`,
      {
        exists: true,
        mode: '0640',
        size: 6,
        owner: 'root',
        group: 'users',
        gid: 1000,
        filetype: 'file',
        contents: 'hello\n',
      },
    ],
    [
      'file',
      '/x',
      'stat 777 3 0 0 root root symbolic link\nlink www\nsha256 ab12  -\n',
      { filetype: 'symlink', 'linked-to': 'www', sha256: 'ab12', contents: null },
    ],
    [
      'http',
      'http://h/',
      'HTTP/1.1 302 Found\r\nLocation: /a\r\n\r\nHTTP/1.1 200 OK\r\nA: é\r\n\r\nhé\nnetlab 200 62 0\n',
      { status: 200, headers: 'A: é', body: 'hé' },
    ],
    ['interface', 'eth0', links, { exists: true, mtu: 1500, addrs: ['10.0.0.1/24'], master: null }],
    ['interface', 'eth1', links, { exists: false }, 'no interface eth1; there are lo, eth0'],
    ['kernel-param', 'net.ipv4.tcp_rmem', '4096\t131072\t6291456\n', { value: '4096 131072 6291456' }],
    [
      'mount',
      '/two words',
      mounts,
      { exists: true, opts: ['rw', 'nosuid'], 'vfs-opts': ['rw', 'size=4k'], source: 'none', filesystem: 'tmpfs' },
    ],
    ['mount', '/two_words', mounts, { exists: false }, 'nothing is mounted on /two_words; there is /two words'],
    ['netns', 'w1', 'w1 lo v1\nw2 lo\n', { exists: true, interfaces: ['lo', 'v1'] }],
    ['netns', 'w3', 'w1 lo v1\nw2 lo\n', { exists: false }, 'no network namespace w3; there are w1, w2'],
    ['port', 'tcp:53', sockets, { listening: true, ip: ['127.0.0.1'] }],
    ['port', 'tcp6:8080', sockets, { listening: true, ip: ['::1'] }],
    ['port', 'udp:68', sockets, { listening: true, ip: ['0.0.0.0'] }],
    ['port', 'tcp:80', sockets, { listening: false, ip: [] }, 'listened to are tcp:53, tcp6:8080, udp:68'],
    ['process', 'my app', processes, { running: true }],
    ['process', 'gone', processes, { running: false }, 'no process gone'],
    ['process', 'timeout', processes, { running: false }, 'no process timeout'],
    ['reach', '10.0.0.2', pinged, { reachable: true, packets_received: 1, round_trip_ms_avg: 0.05 }],
    ['routes', 'default', routing, { exists: true, gateway: '10.0.0.1' }],
    ['routes', '10.0.0.0/24', routing, { dev: 'eth0', prefsrc: '10.0.0.1', gateway: null }],
    [
      'routes',
      '10.1.0.0/16',
      routing,
      { exists: false },
      'no route to 10.1.0.0/16; there are default, default, 10.0.0.0/24',
    ],
  ])('%s %s %#', (key, name, stdout, fields, note) => {
    const state = read(key, name, answer(stdout));
    expect(state.fields).toMatchObject(fields);
    if (note !== undefined) expect(state.note).toBe(note);
  });

  test('of a server that was asked for a name', () => {
    const fields = { resolvable: true, addrs: ['10.0.0.9'], status: 'NOERROR' };
    expect(read('dns', 'www.example.com', answer(looked), { server: '10.0.0.2' }).fields).toEqual(fields);
  });

  test('of addresses that do not answer', () => {
    const refused = answer('status 1\n', {
      stderr: 'bash: connect: Connection refused\nbash: line 1: /dev/tcp/h/80: Connection refused\n',
    });
    expect(read('addr', 'tcp://h:80', refused)).toEqual({ fields: { reachable: false }, note: 'Connection refused' });
    const dead = read('reach', '10.0.0.2', answer(unanswered, { exit: 1 }));
    expect(dead).toMatchObject({
      fields: { reachable: false, packets_received: 0 },
      note: 'Destination Host Unreachable',
    });
    const nowhere = answer('', { exit: 2, stderr: 'ping: connect: Network is unreachable\n' });
    expect(read('reach', '10.0.0.2', nowhere).fields['reachable']).toBe(false);
    const silent = answer('\nnetlab 000 0 7\n', { stderr: 'curl: (7) Failed to connect\n' });
    expect(read('http', 'http://h/', silent)).toMatchObject({ fields: { status: null, body: null } });
  });

  test('of what is not there', () => {
    const nothing = answer('', { exit: 1, stderr: "stat: cannot statx '/x': No such file or directory\n" });
    expect(read('file', '/x', nothing)).toEqual({ fields: { exists: false }, note: 'no file /x' });
    const unknown = answer('', { exit: 1, stderr: 'cat: /proc/sys/net/x: No such file or directory\n' });
    expect(read('kernel-param', 'net.x', unknown).fields).toEqual({ value: null });
  });
});

describe('what is no answer is refused', () => {
  test.each(resourceKeys)('%s without its tool', (key) => {
    const broken = answer('', { exit: 127, stderr: 'bash: line 1: ip: command not found\n' });
    expect(() => read(key, 'x', broken)).toThrow(CheckProblem);
  });

  test.each([
    ['addr', answer('status 1\n', { stderr: 'bash: nosuch: Name or service not known\n' })],
    ['command', answer('', { exit: 1, stderr: 'Cannot open network namespace "w1"\n' })],
    ['command', answer('started\n', { exit: 127 })],
    ['dns', answer('status 127\n')],
    ['file', answer('', { exit: 1, stderr: "stat: cannot statx '/x': Permission denied\n" })],
    ['file', answer(`${stats}contents\n${'x'.repeat(1024 * 1024 + 1)}`)],
    ['http', answer('\nnetlab 000 0 3\n', { stderr: 'curl: (3) URL using bad/illegal format\n' })],
    ['interface', answer('Object "addr" is unknown\n')],
    ['reach', answer('', { exit: 2, stderr: 'ping: nosuch: Name or service not known\n' })],
    ['container', answer('name web\n[{}]\n')],
  ])('%s %#', (key, came) => {
    expect(() => read(key, 'x', came)).toThrow(CheckProblem);
  });
});

describe('what is written is looked at before anything is run', () => {
  test.each<[string, unknown, string[], string]>([
    ['port', 'tcp:80', [], 'takes a mapping'],
    ['port', {}, [], 'takes a mapping'],
    ['port', { 'tcp:80': true }, ['tcp:80'], 'takes a mapping'],
    ['port', { 'tcp:99999': { listening: true } }, ['tcp:99999'], 'is no port'],
    ['port', { 'tcp:80': {} }, ['tcp:80'], 'expects nothing of tcp:80'],
    ['port', { 'tcp:80': { netns: 'w1' } }, ['tcp:80'], 'expects nothing of tcp:80'],
    ['port', { 'tcp:80': { listning: true } }, ['tcp:80', 'listning'], 'is nothing that can be asked of a port'],
    ['reach', { h: { reachable: true, timeout: 'soon' } }, ['h', 'timeout'], 'takes milliseconds'],
    ['http', { 'http://h': { status: 200, 'allow-insecure': 'yes' } }, ['http://h', 'allow-insecure'], 'takes true'],
    ['process', { 'a-name-that-is-too-long': { running: true } }, ['a-name-that-is-too-long'], 'is no process'],
    ['addr', { 'udp://h:53': { reachable: true } }, ['udp://h:53'], 'is no addr'],
    ['dns', { 'X:h': { resolvable: true } }, ['X:h'], 'is no dns'],
  ])('%s %j', (key, value, path, message) => {
    const [first] = misspellings(key, value);
    expect(first?.path).toEqual(path);
    expect(first?.message).toContain(message);
  });

  test('a name with a capture is known only later', () => {
    expect(misspellings('routes', { '{{net}}': { exists: true } })).toEqual([]);
  });

  test('no name of a resource is that of its option', () => {
    for (const { fields, options = {} } of resources) expect(fields.filter((field) => field in options)).toEqual([]);
  });
});

describe('checks of a state', () => {
  const point = { line: 20, column: 1, offset: 0 };
  const asks = (key: string, value: unknown, rest: Partial<Expectation> = {}): Expectation => {
    return { key, value, span: { start: point, end: point }, ...rest };
  };
  const port = (listening: boolean, rest: Partial<Expectation> = {}) => asks('port', { 'tcp:53': { listening } }, rest);
  const never = new AbortController().signal;

  test('ask each node once for what stands together', async () => {
    const asked: [string | undefined, number][] = [];
    const probe: Prober = async (node, requests) => {
      asked.push([node, requests.length]);
      return requests.map(() => answer(sockets));
    };
    const two = asks('port', { 'tcp:53': { listening: true }, 'tcp:80': { listening: false } });
    const { checks } = await checkState([two, port(true), port(true, { node: 'b' })], new Map(), probe, never);
    expect(asked).toEqual([
      [undefined, 3],
      ['b', 1],
    ]);
    expect(checks.map(({ ok, line, kind }) => [ok, line, kind])).toEqual(
      Array.from({ length: 4 }, () => [true, 20, 'port']),
    );
  });

  test('ask again until all holds, and say how often', async () => {
    let times = 0;
    const probe: Prober = async (_, requests) => requests.map(() => answer(++times < 3 ? '' : sockets));
    const { checks } = await checkState([port(true, { eventuallyMs: 5000 })], new Map(), probe, never);
    expect(checks[0]).toMatchObject({ ok: true, message: expect.stringMatching(/at try 3, after [\d.]+ s/) });
    const late = await checkState([port(false, { eventuallyMs: 300 })], new Map(), probe, never);
    expect(late.checks[0]).toMatchObject({ ok: false, message: expect.stringMatching(/tried \d times in [\d.]+ s/) });
  });

  test('keep captures only when all holds', async () => {
    const probe: Prober = async (_, requests) => requests.map(() => answer(links));
    const addrs = (mtu: number) => asks('interface', { eth0: { addrs: ['{{ip:ipv4}}/24'], mtu } });
    expect((await checkState([addrs(1500)], new Map(), probe, never)).captures).toEqual(new Map([['ip', '10.0.0.1']]));
    expect((await checkState([addrs(9000)], new Map(), probe, never)).captures).toEqual(new Map());
  });

  test('are errored where nothing can be asked', async () => {
    const dead: Prober = async (_, requests) =>
      requests.map(() => answer('', { exit: null, problem: 'b cannot be asked' }));
    const all = [port(false), asks('exit', 0), asks('file', { '/x': { exists: false } })];
    const { checks } = await checkState(all, new Map(), dead, never);
    expect(checks.map(({ ok, errored }) => [ok, errored])).toEqual(Array.from({ length: 3 }, () => [false, true]));
    const { checks: lost } = await checkState([port(false)], new Map(), async () => [], never);
    expect(lost[0]).toMatchObject({ ok: false, errored: true });
  });
});
