import { describe, expect, test } from 'vitest';
import { CheckProblem } from '../../src/check/problem.ts';
import { findResource, resourceKeys, resources } from '../../src/check/resources/index.ts';
import { misspellings, optionsOf } from '../../src/check/resources/validate.ts';
import { checkState } from '../../src/check/state.ts';
import type { ProbeAnswer, Prober } from '../../src/check/types.ts';
import { UnreadableError } from '../../src/errors.ts';
import type { Expectation } from '../../src/runbook/types.ts';
import { answer, asks } from './asking.ts';

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
      `${stats}contents 6\nhello\n`,
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
    ['bridge', 'br9', 'none\n12: br0: <UP>\n  sw\n', { exists: false }, 'no bridge br9; there are br0, sw'],
    ['bridge', 'br9', 'none\n', { exists: false }, 'no bridge br9; there are none'],
    ['bridge', 'br0', 'linux\n[{"ifname":"v0"},7]\n\n\n', { exists: true, ports: ['v0'], fdb: [] }],
    ['container', 'x', 'name my name a\nname b\n[]\n', { exists: false }, 'no container x; there are my name a, b'],
    ['container', 'x', '', { exists: false }, 'no container x; there are none'],
    [
      'dns',
      'h',
      '10.0.0.9   STREAM h\n10.0.0.8 STREAM\nstatus 0\n',
      { addrs: ['10.0.0.9', '10.0.0.8'], status: 'NOERROR' },
    ],
    ['dns', 'h', 'status 2\n', { resolvable: false, addrs: [], status: null }],
    [
      'http',
      'http://h/',
      'HTTP/1.0 200 OK\nA: 1\n\nhi\n\nnetlab 200 22 0\n',
      { status: 200, headers: 'A: 1', body: 'hi\n' },
    ],
    ['interface', 'lo', '[{"ifname":"lo"},7]', { exists: true, addrs: [], mtu: null }],
    ['interface', 'lo', '[{"ifname":"lo","addr_info":[7,{"local":"::1","prefixlen":128}]}]', { addrs: ['::1/128'] }],
    ['kernel-param', 'net.x', ' a  b\t\tc \n', { value: 'a b c' }],
    ['mount', '/', mounts, { exists: true, opts: ['rw'], 'vfs-opts': ['rw', 'lowerdir=/'], filesystem: 'overlay' }],
    ['mount', '/x', `nonsense\n${mounts}`, { exists: false }],
    [
      'port',
      'tcp:80',
      sockets.slice(0, sockets.indexOf('\n') + 1),
      { listening: false },
      'nothing listens on any port',
    ],
    ['port', 'udp:53', sockets, { listening: false, ip: [] }],
    ['port', 'tcp:53', `${sockets}${sockets.replace('0100007F', '0200000A')}`, { ip: ['127.0.0.1', '10.0.0.2'] }],
    ['process', 'my app', processes, { running: true }],
    ['process', 'my ap', processes, { running: false }, 'no process my ap; there is my app'],
    ['process', 'a) S 1 (b', `${processes}50 (a) S 1 (b) S 1 0 0\n`, { running: true }],
    ['process', 'sh', `${processes.replace('40\n', '40\n\n')}43 (sh) S 1 0 0\n`, { running: true }],
    ['process', 'gone', processes, { running: false }, 'no process gone'],
    ['routes', '0.0.0.0/0', routing, { gateway: '10.0.0.1' }],
    ['routes', '10.0.0.7/32', '[{"dst":"10.0.0.7","dev":"eth9"},7]', { exists: true, dev: 'eth9', metric: null }],
    ['routes', '10.0.0.7', '[{"dst":"10.0.0.7","dev":"eth9"}]', { exists: true }],
    ['routes', '2001:DB8:0::/32', '[{"dst":"2001:db8::/32","dev":"eth9"}]', { exists: true }],
    ['routes', '2001:db8::1', '[{"dst":"2001:db8::1","dev":"eth9"}]', { exists: true }],
    ['routes', '::/0', '[{"dst":"default","dev":"eth9"}]', { exists: true }],
    ['routes', '::1', '', { exists: false }, 'no route to ::1; there are none'],
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
    const inside = answer('', { exit: 1, stderr: "stat: cannot statx '/x/y': Not a directory\n" });
    expect(read('file', '/x/y', inside)).toEqual({ fields: { exists: false }, note: 'no file /x/y' });
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
    ['file', answer(`${stats}contents 1048577\n${'é'.repeat(1024 * 512)}`)],
    ['http', answer('\nnetlab 000 0 3\n', { stderr: 'curl: (3) URL using bad/illegal format\n' })],
    ['interface', answer('Object "addr" is unknown\n')],
    ['reach', answer('', { exit: 2, stderr: 'ping: nosuch: Name or service not known\n' })],
    ['container', answer('name web\n[{}]\n')],
    ['container', answer('[{"State":{},"Config":{}}]\n')],
    ['container', answer('[{"State":{},"NetworkSettings":{}}]\n')],
    ['container', answer('[{"Config":{},"NetworkSettings":{}}]\n')],
    ['addr', answer('')],
    ['addr', answer('my status 0\n')],
    ['addr', answer('status 0 or so\n')],
    ['addr', answer('status 124 or so\n')],
    ['addr', answer('status 127\n', { stderr: 'Connection refused\n' })],
    ['bridge', answer('ovs\n[]\n\n')],
    ['bridge', answer('ovs\n{"data":{}}\n\n')],
    ['bridge', answer('linux\n{}\n\n[]\n')],
    ['dns', answer('10.0.0.9 STREAM\nstatus 1\n')],
    ['dns', answer('10.0.0.9 STREAM\nmy status 0\n')],
    ['dns', answer('status 0\nor so\n')],
    ['dns', answer('status 2\n', { exit: 1 })],
    ['dns', answer('')],
    ['file', answer('my stat 640 6 0 1000 root users regular file\n')],
    ['file', answer('')],
    ['file', answer('', { exit: 1, stderr: 'stat: x: No such file or directory, or so\n' })],
    ['file', answer('', { exit: 2, stderr: 'stat: x: No such file or directory\n' })],
    ['http', answer('')],
    ['http', answer('\nnetlab 000 0 7\nmore\n')],
    ['http', answer('\nnetlab 200 0 77\n')],
    ['interface', answer('')],
    ['interface', answer('[]')],
    ['interface', answer('{"ifname":"x"}')],
    ['kernel-param', answer('', { exit: 1, stderr: 'Cannot open network namespace "w": No such file or directory\n' })],
    ['kernel-param', answer('', { exit: 1, stderr: 'bash: cat: /x: No such file or directory\n' })],
    ['kernel-param', answer('', { exit: 1, stderr: 'cat: x: No such file or directory, or so\n' })],
    ['mount', answer('')],
    ['netns', answer('x\n')],
    ['port', answer('')],
    ['process', answer('40\n1 (init) S 0 1 1\n')],
    ['process', answer('40\n')],
    ['reach', answer('', { exit: 2, stderr: 'ping: connect: Network is unreachable, or so\n' })],
  ])('%s %#', (key, came) => {
    expect(() => read(key, 'x', came)).toThrow(CheckProblem);
  });
});

test('an answer of ping that is none is as unreadable as it is to the parser', () => {
  expect(() => read('reach', 'x', answer(''))).toThrow(UnreadableError);
  const unreached = answer('', { exit: 1, stderr: 'ping: connect: Network is unreachable\n' });
  expect(() => read('reach', 'x', unreached)).toThrow(UnreadableError);
});

describe('the reason is told', () => {
  test.each<[string, ProbeAnswer, string]>([
    ['port', answer('out\n', { exit: 3, stderr: 'a\n  b \n' }), 'cannot be probed: b'],
    ['port', answer('first\nlast\n', { exit: 3 }), 'cannot be probed: last'],
    ['port', answer('', { exit: 3, stderr: ' \n' }), 'cannot be probed: status 3'],
    ['addr', answer('status 1\n', { stderr: 'x: who knows\n' }), 'cannot be probed: x: who knows'],
    ['addr', answer('status 9\n'), 'cannot be probed: status 9'],
    ['command', answer('', { exit: 1 }), 'cannot be run: no reason given'],
    ['command', answer('', { exit: 1, stderr: 'why\n' }), 'cannot be run: why'],
    ['command', answer('started\n', { exit: 126 }), 'cannot be run: status 126'],
    ['dns', answer('', { exit: 1, stderr: 'why\n' }), 'cannot be probed: why'],
    ['dns', answer('', { exit: 1 }), 'cannot be probed: status 1'],
    ['http', answer('\nnetlab 000 0 3\n', { stderr: 'curl: (3) wrong\n' }), 'cannot be probed: curl: (3) wrong'],
    ['http', answer('\nnetlab 000 0 3\n'), 'cannot be probed: status 3'],
    ['http', answer('', { exit: 9 }), 'cannot be probed: status 9'],
    ['reach', answer('', { exit: 2, stderr: 'ping: no\n' }), 'cannot be probed: ping: no'],
    ['reach', answer('', { exit: 127 }), 'cannot be probed: status 127'],
    ['interface', answer('x'.repeat(100)), `ip -j addr did not print a list in JSON: "${'x'.repeat(80)}"`],
    ['file', answer('stat x\n'), 'stat printed "stat x\\n"'],
    ['netns', answer('x\n'), 'x cannot be probed: it is no network namespace'],
  ])('%s %#: %s', (key, came, message) => {
    expect(() => read(key, 'x', came)).toThrow(new CheckProblem(message));
  });

  test.each([
    ['From 10.0.0.1 icmp_seq=1 Destination Host Unreachable', 'Destination Host Unreachable'],
    ['From gw (10.0.0.1): icmp_seq=12 Time to live exceeded', 'Time to live exceeded'],
    ['From fe80::1%eth0: Destination unreachable: No route', 'Destination unreachable: No route'],
    ['From 10.0.0.1 icmp_seq=1 Frag needed and DF set (mtu = 1300)', 'Frag needed and DF set (mtu = 1300)'],
    ['From 10.0.0.1 icmp_seq=10 Packet filtered', 'Packet filtered'],
  ])('of no reply: %s', (line, reason) => {
    const came = unanswered.replace('From 10.0.0.1 icmp_seq=1 Destination Host Unreachable', line);
    const dead = read('reach', '10.0.0.2', answer(came, { exit: 1, stderr: 'ping: sendmsg: no\n' }));
    expect(dead).toMatchObject({ fields: { reachable: false }, note: reason });
  });

  test('of no reply at all', () => {
    const came = unanswered.replace(/From .*\n/, '').replace('+1 errors, ', '');
    expect(read('reach', 'h', answer(came, { exit: 1 })).note).toBe('no reply');
    const refused = answer(came, { exit: 1, stderr: 'ping: sendmsg: Operation not permitted\n' });
    expect(read('reach', 'h', refused).note).toBe('ping: sendmsg: Operation not permitted');
    expect(read('reach', '10.0.0.2', answer(pinged)).note).toBeUndefined();
  });

  test.each([
    'Connection refused',
    'No route to host',
    'Network is unreachable',
    'Connection timed out',
    'Connection reset by peer',
  ])('of no connection: %s', (reason) => {
    const came = answer('status 1\n', { stderr: `bash: connect: ${reason}\nbash: /dev/tcp/h/80: ${reason}\n` });
    expect(read('addr', 'tcp://h:80', came).note).toBe(reason.replace(' by peer', ''));
    expect(read('addr', 'tcp://h:80', answer('status 124\n'), { timeout: 70 }).note).toBe('no answer within 70 ms');
    expect(read('dns', 'h', answer('status 124\n'), { timeout: 70 }).note).toBe('no answer within 70 ms');
  });
});

describe('a server that is asked for a name', () => {
  const asked = (text: string, name = 'h') => read('dns', name, answer(`${text}status 1\n`), { server: '10.0.0.2' });
  const head = 'Server:\t\t10.0.0.2\nAddress:\t10.0.0.2#53\n\n';

  test.each([
    ';; connection timed out; no servers could be reached\n',
    'nslookup: read: Connection refused\n',
    ';; communications error to 10.0.0.2#53: connection refused\n',
    ';; no servers could be reached\n',
  ])('and does not answer: %j', (text) => {
    expect(asked(text)).toEqual({
      fields: { resolvable: null, addrs: null, status: 'TIMEOUT' },
      note: 'the server did not answer',
    });
  });

  test('and knows none', () => {
    expect(asked(`${head}** server can't find h: NXDOMAIN\n`)).toEqual({
      fields: { resolvable: false, addrs: [], status: 'NXDOMAIN' },
      note: 'the answer is NXDOMAIN',
    });
  });

  test('and knows only an alias', () => {
    expect(asked(`${head}www.x.com\tcanonical name = web.x.com.\n`, 'CNAME:www.x.com').fields).toMatchObject({
      resolvable: true,
      addrs: [expect.stringContaining('web.x.com')],
    });
  });
});

describe('a forwarding table of Open vSwitch', () => {
  test('has the names of its ports', () => {
    const text =
      'ovs\n{"data":[["p1",1],["p2",12]]}\np1\np2\n\n port  VLAN  MAC                Age\n   12     7  0a:00:00:00:00:01    3\nLOCAL    0  0a:00:00:00:00:02    1\n   99     0  0a:00:00:00:00:03    1\n    1     0  0a:00:00:00:00:04:05    1\n    1     0  x0a:00:00:00:00:04    1\n';
    expect(read('bridge', 'sw', answer(text))).toEqual({
      fields: {
        exists: true,
        ports: ['p1', 'p2'],
        fdb: [
          { mac: '0a:00:00:00:00:01', ifname: 'p2', vlan: 7 },
          { mac: '0a:00:00:00:00:02', ifname: 'LOCAL', vlan: 0 },
          { mac: '0a:00:00:00:00:03', ifname: '99', vlan: 0 },
        ],
      },
    });
  });
});

describe('what a document may write', () => {
  test.each<[string, string, string, string]>([
    ['addr', 'reachable', '', 'timeout netns container'],
    ['bridge', 'exists ports fdb', '', 'netns container'],
    ['command', 'exit-status stdout stderr', 'stdout stderr', 'exec timeout netns'],
    ['container', 'exists running status exit-code image addrs networks inspect', '', ''],
    ['dns', 'resolvable addrs status', '', 'server timeout netns'],
    ['file', 'exists mode size owner group uid gid filetype linked-to contents md5 sha256 sha512', 'contents', ''],
    [
      'http',
      'status headers body',
      'headers body',
      'timeout method request-headers request-body no-follow-redirects allow-insecure username password netns container',
    ],
    [
      'interface',
      'exists addrs ifindex mtu operstate flags link_type address master qdisc linkinfo',
      '',
      'netns container',
    ],
    ['kernel-param', 'value', '', 'netns container'],
    ['mount', 'exists opts vfs-opts source filesystem', '', ''],
    ['netns', 'exists interfaces', '', ''],
    ['port', 'listening ip', '', 'netns container'],
    ['process', 'running', '', ''],
    [
      'reach',
      'reachable packets_transmitted packets_received packet_loss_percent round_trip_ms_min round_trip_ms_avg round_trip_ms_max responses',
      '',
      'timeout count size local-address netns container',
    ],
    ['routes', 'exists gateway dev protocol scope prefsrc metric type flags nexthops', '', 'table netns container'],
  ])('of %s', (key, fields, texts, options) => {
    const resource = findResource(key);
    expect(resource?.fields.join(' ')).toBe(fields);
    expect((resource?.texts ?? []).join(' ')).toBe(texts);
    expect(Object.keys(resource?.options ?? {}).join(' ')).toBe(options);
  });

  test('every key has its row there', () => expect(resourceKeys).toHaveLength(15));

  test.each<[string, readonly string[], readonly string[]]>([
    [
      'addr',
      ['tcp://h:80', 'tcp://10.0.0.2:65535', 'tcp://[fe80::1]:80', 'tcp://web-1.x:1'],
      ['h:80', 'udp://h:53', 'tcp://h', 'tcp://h:', 'tcp://h:123456', 'tcp://h:80/x', 'xtcp://h:80', 'tcp://a b:80'],
    ],
    ['bridge', ['br0', 'a-name.of_15-ch'], ['a/b', 'a b', 'a-name-of-16-chr', '']],
    [
      'dns',
      ['h', 'www.x.com', 'MX:x.com', 'PTR:2.0.0.10.in-addr.arpa'],
      ['a b', 'x:h', 'XX:h', 'A:', '!h', 'h!', 'aMX:h', 'AA:BB:h'],
    ],
    ['http', ['http://h', 'https://h/x?y'], ['h', 'ftp://h', 'http://', 'http:///x', 'xhttp://h', 'http:// h']],
    [
      'kernel-param',
      ['net.ipv4.ip_forward', 'net/ipv4/x', 'net.ipv4.conf.eth0/1.x'],
      ['net', 'net.', '.net', 'net..x', 'net.a b', 'a b.x', '../x'],
    ],
    ['mount', ['/', '/mnt'], ['mnt', '']],
    [
      'port',
      ['tcp:80', 'tcp6:0', 'udp:65535', 'udp6:53'],
      ['80', 'tcp:', 'tcp:x', 'tcp:65536', 'sctp:80', 'tcp:80x', 'xtcp:80', '!tcp:80', 'TCP:80'],
    ],
    ['process', ['busybox', 'of-15-character'], ['of-16-characters']],
    ['reach', ['10.0.0.2', 'www.x.com', '::1', 'fe80::1%eth0', 'h'], ['-f', 'a b', 'h;x', '', '%h', '!h']],
    [
      'routes',
      [
        'default',
        '10.0.0.0/24',
        '10.0.0.1',
        '10.0.0.1/32',
        '0.0.0.0/0',
        '::/0',
        '2001:db8::/32',
        '2001:db8::1/128',
        '10.0.0.0/8',
      ],
      [
        'x',
        'dead',
        '10.0.0.1/24',
        '10.0.0.0/33',
        '10.0.0.0/',
        '10.0.0/24',
        '10.0.0.0/24/8',
        '/10.0.0.0',
        '2001:db8::1/64',
        '2001:db8::/129',
        'fe80::1%eth0',
        '192.0.0.0/1',
        '::/0x',
        '10.0.0.0/0008',
      ],
    ],
  ])('as a name of %s', (key, right, wrong) => {
    const wrongName = findResource(key)?.wrongName;
    expect(right.filter((name) => wrongName?.(name) !== undefined)).toEqual([]);
    expect(wrong.filter((name) => wrongName?.(name) === undefined)).toEqual([]);
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

  test.each<['ms' | 'text' | 'number' | 'flag' | 'texts', unknown, unknown]>([
    ['ms', 300, 300],
    ['ms', '300', 300],
    ['ms', '300ms', 300],
    ['ms', '2s', 2000],
    ['ms', '1.25s', 1250],
    ['ms', '300s', 300_000],
    ['ms', 300_001, undefined],
    ['ms', 0, undefined],
    ['ms', -5, undefined],
    ['ms', '5m', undefined],
    ['ms', 'a5', undefined],
    ['ms', '', undefined],
    ['ms', null, undefined],
    ['flag', true, true],
    ['flag', false, false],
    ['flag', 'true', undefined],
    ['number', 3, 3],
    ['number', 0, 0],
    ['number', -1, undefined],
    ['number', 1.5, undefined],
    ['number', '3', undefined],
    ['texts', ['a', 1, true], ['a', '1', 'true']],
    ['texts', [], []],
    ['texts', ['a', []], undefined],
    ['texts', 'a', undefined],
    ['text', 'a', 'a'],
    ['text', 5, '5'],
    ['text', '', undefined],
    ['text', null, undefined],
    ['text', ['a'], undefined],
  ])('an option that takes %s, given %j, is %j', (kind, written, value) => {
    expect(optionsOf({ option: kind }, { option: written, other: 1 })).toEqual({ option: value });
    expect(optionsOf({ option: kind }, { other: 1 })).toEqual({});
  });

  test.each<[string, Record<string, unknown>]>([
    ['reach', { h: { reachable: true, timeout: 300, count: 2, netns: 'w1' } }],
    ['http', { 'http://h': { status: 200, 'allow-insecure': true, 'request-headers': ['A: 1'], method: 'GET' } }],
    ['file', { '/x': { exists: true } }],
  ])('%s %j is right', (key, value) => expect(misspellings(key, value)).toEqual([]));

  test.each<[string, unknown, readonly string[] | undefined]>([
    ['nothing', 'x', undefined],
    ['port', { 'tcp:80': true }, ['listening', 'ip', 'netns', 'container']],
    ['port', { 'tcp:80': { netns: 'w1' } }, ['listening', 'ip']],
    ['port', { 'tcp:80': { listning: true } }, ['listening', 'ip', 'netns', 'container']],
    ['port', { 'tcp:80': { listening: true, netns: '' } }, undefined],
    ['reach', { '-f': {} }, undefined],
  ])('%s %j could have been one of %j', (key, value, known) =>
    expect(misspellings(key, value)[0]?.known).toEqual(known),
  );

  test('all that is wrong is said', () => {
    const value = { 'tcp:80': { listening: true, netns: '', x: 1 }, 'tcp:x': {}, '{{name}}': { y: 1 } };
    expect(misspellings('port', value).map(({ path, message }) => `${path.join('.')} ${message}`)).toEqual([
      'tcp:80.netns takes a text',
      'tcp:80.x is nothing that can be asked of a port',
      'tcp:x is no port: it takes a protocol and a number, tcp:80',
      '{{name}}.y is nothing that can be asked of a port',
    ]);
  });

  test('a name with a capture is known only later', () => {
    expect(misspellings('routes', { '{{net}}': { exists: true } })).toEqual([]);
  });

  test('no name of a resource is that of its option', () => {
    for (const { fields, options = {} } of resources) expect(fields.filter((field) => field in options)).toEqual([]);
  });
});

describe('checks of a state', () => {
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
      Array.from({ length: 4 }, () => [true, 30, 'port']),
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
