// The same as forms.test.ts of the other programs: what a line of theirs can be, and what it cannot.
import { describe, expect, it, test } from 'vitest';
import { type Item, last, parse, stops } from './parsing.ts';

describe('iptables', () => {
  const chain = 'Chain INPUT (policy ACCEPT)';
  const plain = `${chain}\ntarget     prot opt source               destination         `;
  const full =
    'Chain INPUT (policy DROP 12 packets, 3K bytes)\nnum   pkts bytes target     prot opt in     out     source               destination         ';

  it.each([
    [
      `${plain}\nACCEPT     tcp  --  anywhere             10.0.0.1             tcp dpt:ssh`,
      { target: 'ACCEPT', prot: 'tcp', opt: null, source: 'anywhere', destination: '10.0.0.1', options: 'tcp dpt:ssh' },
    ],
    [`${plain}\nACCEPT     tcp  -f  anywhere             10.0.0.1`, { opt: '-f', options: null }],
    [`${plain}\nACCEPT     tcp  !f  anywhere             10.0.0.1`, { opt: '!f' }],
    [`${plain}\nACCEPT     tcp      anywhere             10.0.0.1`, { opt: null, source: 'anywhere' }],
    [`${plain}\n           all  --  anywhere             anywhere            `, { target: null, prot: 'all' }],
    [
      `${full}\n12      34  5678 DROP       all  --  eth0   *       0.0.0.0/0            0.0.0.0/0           `,
      { num: 12, pkts: 34, bytes: 5678, target: 'DROP', in: 'eth0', out: '*' },
    ],
    [
      `${full}\n1        0     0            all  --  *      *       0.0.0.0/0            0.0.0.0/0           `,
      { num: 1, pkts: 0, bytes: 0, target: null },
    ],
    [
      `${full}\n1       1K    2M ACCEPT     all  --  *      *       0.0.0.0/0            0.0.0.0/0            /* x */`,
      { pkts: 1000, bytes: 2_000_000, options: '/* x */' },
    ],
  ])('%j', async (text, rule) => {
    const [read] = (await parse('iptables', text)) as { rules: Item[] }[];
    expect(read?.rules).toEqual([expect.objectContaining(rule)]);
  });

  it('tells policies, their counters, and that users made a chain', async () => {
    const text = `${full}\n\nChain MINE (2 references)\ntarget     prot opt source               destination\n\n# Warning: iptables-legacy tables present\nChain X (ERROR obtaining refs)\ntarget     prot opt source               destination`;
    expect(await parse('iptables', text)).toEqual([
      { chain: 'INPUT', default_policy: 'DROP', default_packets: 12, default_bytes: 3000, rules: [] },
      { chain: 'MINE', default_policy: null, default_packets: null, default_bytes: null, rules: [] },
      { chain: 'X', default_policy: null, default_packets: null, default_bytes: null, rules: [] },
    ]);
  });

  it.each([
    ['a rule before any chain', 'ACCEPT     tcp  --  anywhere             anywhere', 1],
    ['a chain without its headings', `${chain}\n${plain}`, 1],
    ['a chain alone', chain, 1],
    ['other headings', `${chain}\nsource target`, 2],
    ['a rule that is cut', `${plain}\nACCEPT     tcp  --  anywhere`, 3],
    ['a rule without a source', `${plain}\nACCEPT     tcp  --  --  anywhere`, 3],
    ['a rule without a destination', `${plain}\nACCEPT     tcp  --  anywhere --`, 3],
    [
      'a number that is none',
      `${full}\nx        0     0 DROP       all  --  *      *       0.0.0.0/0            0.0.0.0/0`,
      3,
    ],
    [
      'a counter that is none',
      `${full}\n1        x     0 DROP       all  --  *      *       0.0.0.0/0            0.0.0.0/0`,
      3,
    ],
    ['rules as commands', '-P INPUT ACCEPT', 1],
  ])('stops at %s', async (_, text, line) => {
    expect(await stops('iptables', text)).toBe(line);
  });
});

describe('ip route', () => {
  const blank = {
    via: null,
    dev: null,
    metric: null,
    proto: null,
    scope: null,
    src: null,
    status: null,
    type: 'unicast',
    table: null,
    nexthops: [],
  };

  it.each([
    [
      'default via 10.0.0.1 dev eth0 proto dhcp metric 100',
      { ip: 'default', via: '10.0.0.1', dev: 'eth0', proto: 'dhcp', metric: 100 },
    ],
    [
      '10.0.0.0/8 dev eth0 scope link src 10.0.0.9 linkdown',
      { ip: '10.0.0.0/8', dev: 'eth0', scope: 'link', src: '10.0.0.9', status: 'linkdown' },
    ],
    ['local 10.0.0.9 dev eth0 table local', { ip: '10.0.0.9', dev: 'eth0', type: 'local', table: 'local' }],
    ['blackhole 10.9.0.0/16', { ip: '10.9.0.0/16', type: 'blackhole' }],
    ['unreachable default metric 7', { ip: 'default', type: 'unreachable', metric: 7 }],
    ['10.0.0.0/8 via inet6 fe80::1 dev eth0', { ip: '10.0.0.0/8', via: 'fe80::1', dev: 'eth0' }],
    ['fd00::/8 via inet 10.0.0.1 dev eth0', { ip: 'fd00::/8', via: '10.0.0.1', dev: 'eth0' }],
    ['10.0.0.0/8', { ip: '10.0.0.0/8' }],
    [
      '10.0.0.2 via 10.0.0.1 dev eth0 src 10.0.0.9 uid 0\n    cache',
      { ip: '10.0.0.2', via: '10.0.0.1', dev: 'eth0', src: '10.0.0.9' },
    ],
    ['10.0.0.2 via 10.0.0.1 dev eth0 \\    cache', { ip: '10.0.0.2', via: '10.0.0.1', dev: 'eth0' }],
    [
      'default proto static\n\tnexthop via 10.0.0.1 dev eth0 weight 2\n\tnexthop dev eth1 weight 1',
      {
        ip: 'default',
        proto: 'static',
        nexthops: [
          { via: '10.0.0.1', dev: 'eth0', weight: 2 },
          { via: null, dev: 'eth1', weight: 1 },
        ],
      },
    ],
  ])('%j', async (text, route) => {
    expect(await parse('ip_route', text)).toEqual([{ ...blank, ...route }]);
  });

  it.each([
    ['a network that is none', '10.0.0/8 dev eth0', 1],
    ['a length that is none', '10.0.0.0/x dev eth0', 1],
    ['an error', 'Error: ipv4: FIB table does not exist.', 1],
    ['an error about an address', '10.0.0.1 x: not found', 1],
    ['a route that leads nowhere', 'default proto static', 1],
    ['a host that leads nowhere', '10.0.0.1', 1],
    ['such a route before another', 'default scope global\n10.0.0.0/8 dev eth0', 1],
    ['such a network with a protocol', '10.0.0.0/8 proto static', 1],
    ['such a network with a scope', '10.0.0.0/8 scope link', 1],
    ['such a network with an address', '10.0.0.0/8 src 10.0.0.1', 1],
    ['such a network with a metric', '10.0.0.0/8 metric 7', 1],
    ['anything below a route', '10.0.0.0/8 dev eth0\n    other words', 2],
  ])('stops at %s', async (_, text, line) => {
    expect(await stops('ip_route', text)).toBe(line);
  });

  it('is the same of JSON', async () => {
    const text = JSON.stringify([
      {
        dst: 'default',
        gateway: '10.0.0.1',
        dev: 'eth0',
        protocol: 'static',
        flags: ['linkdown'],
        metric: 5,
        prefsrc: '10.0.0.9',
        scope: 'link',
      },
      {
        type: 'blackhole',
        dst: '10.0.0.0/8',
        via: { family: 'inet6', host: 'fe80::1' },
        table: 'x',
        flags: [],
        nexthops: [{ gateway: '10.0.0.2', dev: 'e1', weight: 1 }, null, 7],
      },
    ]);
    expect(await parse('ip_route', text)).toEqual([
      {
        ...blank,
        ip: 'default',
        via: '10.0.0.1',
        dev: 'eth0',
        proto: 'static',
        status: 'linkdown',
        metric: 5,
        src: '10.0.0.9',
        scope: 'link',
      },
      {
        ...blank,
        ip: '10.0.0.0/8',
        via: 'fe80::1',
        type: 'blackhole',
        table: 'x',
        nexthops: [{ via: '10.0.0.2', dev: 'e1', weight: 1 }],
      },
    ]);
    expect(await stops('ip_route', '[{"dev": "eth0"}]')).toBe(1);
    expect(await parse('ip_route', '')).toEqual([]);
  });
});

describe('ip link', () => {
  const heading = '2: eth0@if7: <BROADCAST,UP> mtu 1500 qdisc noqueue state UP group default qlen 1000';
  const link = (...lines: readonly string[]): string => [heading, ...lines].join('\n');

  it.each([
    [
      link('    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff'),
      {
        ifindex: 2,
        ifname: 'eth0',
        flags: ['BROADCAST', 'UP'],
        mtu: 1500,
        qdisc: 'noqueue',
        operstate: 'UP',
        group: 'default',
        txqlen: 1000,
        link_type: 'ether',
        address: '02:00:00:00:00:01',
        broadcast: 'ff:ff:ff:ff:ff:ff',
      },
    ],
    [
      link('    link/ipip 10.0.0.1 peer 10.0.0.2'),
      { link_type: 'ipip', address: '10.0.0.1', link_pointtopoint: true, broadcast: '10.0.0.2' },
    ],
    [link('    link/none', '    alias the door  to it'), { link_type: 'none', ifalias: 'the door  to it' }],
    [link('    link/none', '    altname a', '    altname b'), { altnames: ['a', 'b'] }],
    [link('    link/none', '    vf 0 MAC 00:00', '    prog/xdp id 7'), { link_type: 'none' }],
    [link('    link/ether 02:00:00:00:00:01'), { address: '02:00:00:00:00:01' }],
  ])('%j', async (text, expected) => {
    expect(await last('ip_link', text)).toMatchObject(expected);
  });

  it('without addresses has none', async () => {
    const read = await last('ip_link', link('    link/none promiscuity 0 allmulti 0'));
    expect(read).not.toHaveProperty('address');
    expect(read).toMatchObject({ promiscuity: 0 });
    expect(await last('ip_link', link('    link/ether 02:00:00:00:00:01 other x'))).not.toHaveProperty('broadcast');
    expect(await last('ip_link', link('    link/ether 02:00:00:00:00:01 brd'))).not.toHaveProperty('broadcast');
    expect(await last('ip_link', `${heading.replace('<BROADCAST,UP>', '<>')}\n    link/none`)).toMatchObject({
      flags: [],
    });
  });

  it.each([
    ['a heading alone', heading, 1],
    ['a heading before another', link(heading, '    link/none'), 1],
    ['a heading without an MTU', `${heading.replace('mtu 1500 ', '')}\n    link/none`, 1],
    ['strange words below it', link('    ++ what'), 2],
    ['counters that are cut', link('    link/none', '    RX: bytes  packets  errors  dropped missed  mcast'), 3],
    ['something else later on', link('    link/none', 'what'), 3],
  ])('stops at %s', async (_, text, line) => {
    expect(await stops('ip_link', text)).toBe(line);
  });

  it('is JSON as it is, without what is empty', async () => {
    expect(await parse('ip_link', '[{}, {"ifname":"lo","mtu":7}, {}]')).toEqual([{ ifname: 'lo', mtu: 7 }]);
    expect(await stops('ip_link', '[{"mtu":7}]')).toBe(1);
  });

  it.each([
    [
      'eth0@if7        UP             10.0.0.1/24 fe80::1/64',
      {
        ifname: 'eth0',
        operstate: 'UP',
        addr_info: [
          { local: '10.0.0.1', prefixlen: 24 },
          { local: 'fe80::1', prefixlen: 64 },
        ],
      },
    ],
    [
      'tun0        UNKNOWN             10.0.0.1 peer 10.0.0.2/32 fe80::1/64',
      { addr_info: [{ local: '10.0.0.1', address: '10.0.0.2', prefixlen: 32 }, { local: 'fe80::1' }] },
    ],
    [
      'eth0        UP             10.0.0.1/24 metric 100 10.0.0.2/24',
      { addr_info: [{ local: '10.0.0.1', metric: 100 }, { local: '10.0.0.2' }] },
    ],
    ['lo        UNKNOWN             ', { ifname: 'lo', addr_info: [] }],
    [
      'eth0        DOWN             02:00:00:00:00:01 <BROADCAST,UP>',
      { address: '02:00:00:00:00:01', flags: ['BROADCAST', 'UP'] },
    ],
    ['eth0        DOWN             <>', { flags: [] }],
  ])('in brief: %j', async (line, expected) => {
    const read = await last('ip_addr', line);
    expect(read).toMatchObject(expected);
    if ('addr_info' in expected) expect(read['addr_info']).toHaveLength(expected.addr_info.length);
  });

  it.each(['eth0 up 10.0.0.1/24', 'eth0 UP 10.0.0/24', 'eth0', 'eth0 XUP'])('in brief stops at %j', async (line) => {
    expect(await stops('ip_addr', line)).toBe(1);
  });

  it('has addresses in single lines', async () => {
    const text =
      '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever\n1: lo    inet6 ::1/128 scope host \\       valid_lft forever preferred_lft forever\n2: eth0    inet 10.0.0.1/24 scope global eth0';
    expect(await parse('ip_addr', text)).toMatchObject([
      {
        ifindex: 1,
        ifname: 'lo',
        addr_info: [{ local: '127.0.0.1', valid_life_time: 4_294_967_295 }, { local: '::1' }],
      },
      { ifindex: 2, ifname: 'eth0', addr_info: [{ local: '10.0.0.1' }] },
    ]);
  });
});

describe('lsns', () => {
  const header = '        NS TYPE NPROCS   PID USER COMMAND';

  it.each([
    [
      `${header}\n4026531840 net      96     1 root /sbin/init`,
      { ns: 4026531840, type: 'net', nprocs: 96, pid: 1, user: 'root', command: '/sbin/init' },
    ],
    [`${header}\n4026531840 net      96     1 root └─a b  c`, { command: 'a b c' }],
    [`${header}\n4026531840 net       0            `, { nprocs: 0, pid: null, user: null, command: null }],
    [
      '        NS TYPE NPROCS   PID USER    NETNSID NSFS COMMAND\n4026532179 net       2  7271 root unassigned      lsns -t net',
      { netnsid: 'unassigned', nsfs: null, command: 'lsns -t net' },
    ],
  ])('%j', async (text, expected) => {
    expect(await last('lsns', text)).toMatchObject(expected);
  });

  it('passes over places where a namespace is mounted besides', async () => {
    const text = '        NS TYPE NSFS\n4026532218 net  /run/netns/a\n                /run/netns/b';
    expect(await parse('lsns', text)).toEqual([{ ns: 4026532218, type: 'net', nsfs: '/run/netns/a' }]);
  });

  it.each([
    ['a heading that is not known', 'NS TYPE WHAT\n1 net x', 1],
    ['headings without the namespace', 'TYPE PID\nnet 1', 1],
    ['a namespace that is none', `${header}\nx net      96     1 root init`, 2],
    ['a number that is none', `${header}\n4026531840 net      96     x root init`, 2],
    ['a line of a word', `${header}\nwhat`, 2],
    ['other JSON', '{"other": []}', 1],
    ['JSON without a list', '{"namespaces": {}}', 1],
  ])('stops at %s', async (_, text, line) => {
    expect(await stops('lsns', text)).toBe(line);
  });

  it('is JSON as it is', async () => {
    expect(await parse('lsns', '{"namespaces": [{"ns": 7}]}')).toEqual([{ ns: 7 }]);
  });
});

describe('ovs-vsctl show', () => {
  const uuid = '0a1b2c3d-0000-1111-2222-0123456789ab';
  const show = (...lines: readonly string[]): string => [uuid, ...lines].join('\n');

  it('is a tree', async () => {
    const text = show(
      '    Manager "ptcp:6640"',
      '        is_connected: true',
      '    Bridge "br\\"0"',
      '        Controller "tcp:127.0.0.1:6653"',
      '            is_connected: true',
      '        fail_mode: secure',
      '        Port eth0',
      '            tag: 7',
      '            trunks: [1, 2]',
      '            Interface eth0',
      '                type: vxlan',
      '                options: {key=flow, remote_ip="10.0.0.2,x"}',
      '                empty: []',
      '                on: false',
      '        Port b',
      '            Interface b',
      '    Bridge br1',
      '    ovs_version: "3.1.0"',
    );
    expect(await parse('ovs_vsctl', text)).toEqual({
      uuid,
      ovs_version: '3.1.0',
      bridges: [
        {
          name: 'br"0',
          fail_mode: 'secure',
          ports: [
            {
              name: 'eth0',
              tag: 7,
              trunks: [1, 2],
              interfaces: [
                {
                  name: 'eth0',
                  type: 'vxlan',
                  options: { key: 'flow', remote_ip: '10.0.0.2,x' },
                  empty: [],
                  on: false,
                },
              ],
            },
            { name: 'b', tag: null, interfaces: [{ name: 'b', type: null, options: {} }] },
          ],
        },
        { name: 'br1', ports: [] },
      ],
    });
  });

  it.each([
    ['no number', 'what', 1],
    ['more than a number', `${uuid}0`, 1],
    ['a port without a bridge', show('        Port a'), 2],
    ['an interface without a port', show('    Bridge a', '            Interface a'), 3],
    ['a setting without a bridge', show('    is_connected: true'), 2],
    ['other words', show('    Bridge a', '        what'), 3],
  ])('stops at %s', async (_, text, line) => {
    expect(await stops('ovs_vsctl', text)).toBe(line);
  });
});

describe('arp', () => {
  const header = 'Address                  HWtype  HWaddress           Flags Mask            Iface';

  it.each([
    [
      `${header}\n10.0.0.1 ether 02:00:00:00:00:01 C eth0`,
      { address: '10.0.0.1', hwtype: 'ether', hwaddress: '02:00:00:00:00:01', flags_mask: 'C', iface: 'eth0' },
    ],
    [`${header}\n10.0.0.1 ether 02:00:00:00:00:01 CM 255.0.0.0 eth0`, { flags_mask: 'CM 255.0.0.0', iface: 'eth0' }],
    [`${header}\n10.0.0.1 (incomplete) eth0`, { hwtype: null, hwaddress: null, iface: 'eth0' }],
    [
      'gate (10.0.0.1) at 02:00:00:00:00:01 [ether] on eth0',
      {
        name: 'gate',
        address: '10.0.0.1',
        hwtype: 'ether',
        hwaddress: '02:00:00:00:00:01',
        iface: 'eth0',
        permanent: false,
      },
    ],
    ['? (10.0.0.1) at <incomplete> on eth0', { name: null, hwaddress: null, hwtype: null, iface: 'eth0' }],
    ['? (10.0.0.1) at 02:00:00:00:00:01 [ether] PERM on eth0', { permanent: true }],
    [
      '? (10.0.0.1) at 2:0:0:0:0:1 on en0 ifscope permanent [ethernet]',
      { hwtype: 'ethernet', iface: 'en0', permanent: true },
    ],
    [
      '? (10.0.0.1) at 2:0:0:0:0:1 on em0 expires in 1100 seconds [ethernet]',
      { expires: 1100, iface: 'em0', permanent: false },
    ],
    ['? (10.0.0.1) at (incomplete) on en0 ifscope [ethernet]', { hwaddress: '(incomplete)' }],
  ])('%j', async (text, expected) => {
    expect(await last('arp', text)).toMatchObject(expected);
  });

  it.each([
    ['a cell less', `${header}\n10.0.0.1 ether 02:00:00:00:00:01 eth0`, 2],
    ['two cells more', `${header}\n10.0.0.1 ether 02:00:00:00:00:01 C 1 2 eth0`, 2],
    ['flags that are none', `${header}\n10.0.0.1 ether 02:00:00:00:00:01 7 eth0`, 2],
    ['no interface', '? (10.0.0.1) at 02:00:00:00:00:01 [ether]', 1],
    ['an address that is missing', 'gate at 02:00:00:00:00:01 [ether] on eth0', 1],
    ['fewer than there are', `${header}\n10.0.0.1 ether 02:00:00:00:00:01 C eth0\nEntries: 2\tSkipped: 0\tFound: 2`, 3],
  ])('stops at %s', async (_, text, line) => {
    expect(await stops('arp', text)).toBe(line);
  });

  it.each([
    'arp: in 3 entries no match found.',
    '10.0.0.9 (10.0.0.9) -- no entry',
    '10.0.0.9 (10.0.0.9) -- no entry on eth0',
  ])('knows of none: %s', async (text) => {
    expect(await parse('arp', text)).toEqual([]);
  });

  it('has as many as it counts', async () => {
    const text = `${header}\n10.0.0.1 ether 02:00:00:00:00:01 C eth0\nEntries: 1\tSkipped: 0\tFound: 1`;
    expect(await parse('arp', text)).toHaveLength(1);
  });
});

describe('netstat of BSD and macOS', () => {
  const connections =
    'Active Internet connections\nProto Recv-Q Send-Q  Local Address          Foreign Address        (state)';
  const sockets =
    'Active UNIX domain sockets\nAddress          Type   Recv-Q Send-Q            Inode             Conn             Refs          Nextref Addr';
  const routes = 'Routing tables\n\nInternet:\nDestination        Gateway            Flags     Netif Expire';
  const interfaces = 'Name  Mtu   Network       Address            Ipkts Ierrs    Opkts Oerrs  Coll';

  it.each([
    [
      `${connections}\ntcp4       0      7  192.0.2.1.443     192.0.2.2.51000      ESTABLISHED`,
      {
        proto: 'tcp4',
        send_q: 7,
        local_address: '192.0.2.1',
        local_port: '443',
        local_port_num: 443,
        foreign_port: '51000',
        state: 'ESTABLISHED',
        network_protocol: 'ipv4',
        transport_protocol: 'tcp',
      },
    ],
    [
      `${connections}\nudp6       0      0  *.5353     *.*`,
      { state: null, local_address: '*', foreign_port: '*', network_protocol: 'ipv6', transport_protocol: 'udp' },
    ],
    [`${connections}\nicm4       0      0  *.*     *.*`, { transport_protocol: 'icmp' }],
    [
      `${sockets}\n58bd8d0e2f3d1e2f stream      1      2  0 58bd 0 0 /var/run/a b`,
      {
        address: '58bd8d0e2f3d1e2f',
        type: 'stream',
        recv_q: 1,
        send_q: 2,
        conn: '58bd',
        addr: '/var/run/a b',
        kind: 'socket',
      },
    ],
    [`${sockets}\n58bd8d0e2f3d1e2f stream      1      2  0 58bd 0 0`, { addr: null }],
    [
      `${routes}\ndefault            192.0.2.1          UGS         em0`,
      { destination: 'default', gateway: '192.0.2.1', route_flags: 'UGS', iface: 'em0', kind: 'route' },
    ],
    [`${routes}\n192.0.2.2          02:00:00:00:00:01  UHLW        em0   1100`, { expire: '1100' }],
    [
      `${interfaces}\nem0  1500 <Link#1>      02:00:00:00:00:01  1 2 3 4 5`,
      {
        iface: 'em0',
        mtu: 1500,
        network: '<Link#1>',
        address: '02:00:00:00:00:01',
        ipkts: 1,
        coll: 5,
        kind: 'interface',
      },
    ],
    [`${interfaces}\nlo0  16384 <Link#2>       1 - 3 4 5`, { address: null, ipkts: 1, ierrs: null, coll: 5 }],
  ])('%j', async (text, expected) => {
    expect(await last('netstat', text)).toMatchObject(expected);
  });

  it('has no end of a route that it does not tell', async () => {
    expect(
      await last('netstat', `${routes}\ndefault            192.0.2.1          UGS         em0`),
    ).not.toHaveProperty('expire');
    expect(await last('netstat', `${connections}\nudp6       0      0  *.5353     *.*`)).not.toHaveProperty(
      'foreign_port_num',
    );
  });

  it.each([
    ['an address without a port', `${connections}\ntcp4       0      7  host     192.0.2.2.51000      ESTABLISHED`, 3],
    [
      'a foreign address without a port',
      `${connections}\ntcp4       0      7  192.0.2.1.443     host      ESTABLISHED`,
      3,
    ],
    [
      'a queue that is none',
      `${connections}\ntcp4       x      7  192.0.2.1.443     192.0.2.2.51000      ESTABLISHED`,
      3,
    ],
    [
      'a protocol that is none',
      `${connections}\nTCP4       0      7  192.0.2.1.443     192.0.2.2.51000      ESTABLISHED`,
      3,
    ],
    ['a word more', `${connections}\ntcp4       0      7  192.0.2.1.443     192.0.2.2.51000      ESTABLISHED x`, 3],
    ['a socket that is cut', `${sockets}\n58bd8d0e2f3d1e2f stream      1      2  0 58bd 0`, 3],
    ['a socket whose queue is none', `${sockets}\n58bd8d0e2f3d1e2f stream      x      2  0 58bd 0 0`, 3],
    ['a socket whose other queue is none', `${sockets}\n58bd8d0e2f3d1e2f stream      1      x  0 58bd 0 0`, 3],
    ['a route with flags that are none', `${routes}\ndefault            192.0.2.1          U-S         em0`, 5],
    ['a route with a word less', `${routes}\ndefault            192.0.2.1          UGS`, 5],
    ['a route with a word more', `${routes}\ndefault            192.0.2.1          UGS         em0 1 2`, 5],
    ['an interface with a word less', `${interfaces}\nem0  1500 <Link#1>  x    02:00:00:00:00:01  1 2`, 2],
    ['rows without a table', 'Active Internet connections\ntcp4 0 7 192.0.2.1.443 192.0.2.2.51000 ESTABLISHED', 2],
    ['titles alone', 'Active Internet connections\nRouting tables', 2],
  ])('stops at %s', async (_, text, line) => {
    expect(await stops('netstat', text)).toBe(line);
  });
});

describe('dig', () => {
  const header = (counts: string, flags = 'qr rd ra'): string =>
    `;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 7\n;; flags: ${flags}; ${counts}\n`;
  const one = header('QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 0');
  const question = '\n;; QUESTION SECTION:\n;w.example.\t\t\tIN\tA\n';
  const answer = '\n;; ANSWER SECTION:\nw.example.\t\t300\tIN\tA\t192.0.2.1\n';

  it('tells all of an answer', async () => {
    const text = `${one}${question}${answer}\n;; Query time: 12 msec\n;; SERVER: 10.0.0.1#53(10.0.0.1)\n;; WHEN: x\n;; MSG SIZE  rcvd: 54\n`;
    expect(await parse('dig', text)).toMatchObject([
      {
        id: 7,
        opcode: 'QUERY',
        status: 'NOERROR',
        flags: ['qr', 'rd', 'ra'],
        query_num: 1,
        answer_num: 1,
        question: { name: 'w.example.', class: 'IN', type: 'A' },
        answer: [{ name: 'w.example.', class: 'IN', type: 'A', ttl: 300, data: '192.0.2.1' }],
        authority: null,
        additional: null,
        query_time: 12,
        server: '10.0.0.1#53(10.0.0.1)',
        rcvd: 54,
      },
    ]);
  });

  it.each([
    ['w.example.\t300\tIN\tA\t192.0.2.1', { name: 'w.example.', class: 'IN', type: 'A', ttl: 300, data: '192.0.2.1' }],
    ['w.example.\tIN\tA\t192.0.2.1', { class: 'IN', ttl: null }],
    ['w.example.\t300\tA\t192.0.2.1', { class: null, ttl: 300 }],
    ['w.example.\t1w2d3h4m5s\tA\t192.0.2.1', { ttl: 604_800 + 2 * 86_400 + 3 * 3600 + 4 * 60 + 5 }],
    ['w.example.\t300\tCLASS12\tTYPE65\t\\# 0', { class: 'CLASS12', type: 'TYPE65', data: '\\# 0' }],
    ['w.example.\t300\tIN\tTXT\t"a \\"b\\""', { data: 'a \\"b\\"' }],
    ['w.example.\t300\tIN\tTXT\t"a" "b"', { data: '"a" "b"' }],
  ])('reads %j', async (record, expected) => {
    expect(await parse('dig', `${record}\n`)).toMatchObject([{ answer: [expected] }]);
  });

  it('reads time in microseconds', async () => {
    expect(await last('dig', `${one}${question}${answer}\n;; Query time: 1500 usec\n`)).toMatchObject({
      query_time: 1.5,
    });
    expect(await last('dig', `${one}${question}${answer}\n;; Query time: x msec\n`)).toMatchObject({
      query_time: null,
    });
  });

  it('reads EDNS, which is counted as a record', async () => {
    const text = `${header('QUERY: 1, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 1')}\n;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags: do; udp: 1232\n; COOKIE: 0102030405060708 (good)\n; NSID: 6e 73 ("ns")\n${question}\n;; ADDITIONAL SECTION:\n`;
    expect(await last('dig', text)).toMatchObject({
      opt_pseudosection: { edns: { version: 0, flags: ['do'], udp: 1232 }, cookie: '0102030405060708', nsid: 'ns' },
      additional: [],
    });
    expect(await stops('dig', text.replace(/\n;; OPT PSEUDOSECTION:\n(?:; .*\n)+/, '\n'))).not.toBe(0);
  });

  it.each([
    ['an answer with fewer records than it counts', one.replace('ANSWER: 1', 'ANSWER: 2') + question + answer],
    ['a header without its counts', ';; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 7\n'],
    ['counts without a header', ';; flags: qr; QUERY: 1, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 0\n'],
    ['a name without its dot', 'w.example\t300\tIN\tA\t192.0.2.1\n'],
    ['a type that is none', 'w.example.\t300\tIN\ta\t192.0.2.1\n'],
    ['a record without data', 'w.example.\t300\tIN\tA\n'],
    ['parentheses that are never closed', 'w.example.\t300\tIN\tSOA\ta. b. (\n1\n'],
    ['a transfer that failed', '; <<>> DiG 9.18 <<>> axfr w.example\n; Transfer failed.\n'],
    ['remarks alone', ';; connection timed out; no servers could be reached\n'],
  ])('stops at %s', async (_, text) => {
    expect(await stops('dig', text)).not.toBe(0);
  });

  it('reads several answers one after the other', async () => {
    const read = (await parse(
      'dig',
      `${one}${question}${answer}\n${one.replace('id: 7', 'id: 8')}${question}${answer}`,
    )) as Item[];
    expect(read.map(({ id }) => id)).toEqual([7, 8]);
    expect(read.map((each) => (each['answer'] as unknown[]).length)).toEqual([1, 1]);
  });
});

describe('JSON', () => {
  test.each([
    ['[1, 2]', [1, 2]],
    ['{"a": 1}\n{"a": 2}\n', [{ a: 1 }, { a: 2 }]],
    [' {"a": 1}\n\n', { a: 1 }],
    ['7', 7],
  ])('%j', async (text, expected) => {
    expect(await parse('json', text)).toEqual(expected);
  });

  test.each([
    ['', 1],
    ['\n\n', 1],
    ['{"a": 1}\n\nwhat\n', 3],
    ['{"a": 1', 1],
  ])('stops in %j', async (text, line) => {
    expect(await stops('json', text)).toBe(line);
  });

  test.each(['[1]', '["a"]', '[null]', '[[]]', '7'])('is of no container: %s', async (text) => {
    expect(await stops('docker_inspect', text)).toBe(1);
  });
});

describe('ifconfig', () => {
  it.each([
    [
      'eth0: flags=4163<UP,BROADCAST>  mtu 1500\n        inet 10.0.0.1  netmask 255.255.255.0  broadcast 10.0.0.255',
      {
        flags: 4163,
        state: ['UP', 'BROADCAST'],
        mtu: 1500,
        metric: null,
        ipv4: [{ address: '10.0.0.1', mask: '255.255.255.0', broadcast: '10.0.0.255' }],
      },
    ],
    [
      'en0: flags=8863<UP> metric 7 mtu 1500\n\tinet 10.0.0.1 netmask 0xffff0000',
      { flags: 8863, metric: 7, ipv4_mask: '255.255.0.0', ipv4_bcast: null },
    ],
    ['en0: flags=88a3<UP> mtu 1500', { flags: 0x88a3, state: ['UP'] }],
    ['en0: flags=0<>', { flags: 0, state: null, mtu: null }],
    ['en0: flags=1<UP> mtu 1\n\tinet 10.0.0.1/24 broadcast 10.0.0.255', { ipv4_mask: '255.255.255.0' }],
    ['en0: flags=1<UP> mtu 1\n\tinet 10.0.0.1/0', { ipv4_mask: '0.0.0.0' }],
    ['en0: flags=1<UP> mtu 1\n\tinet 10.0.0.1/32', { ipv4_mask: '255.255.255.255' }],
    [
      'en0: flags=1<UP> mtu 1\n\tinet6 fe80::1%en0 prefixlen 64 scopeid 0x5',
      { ipv6: [{ address: 'fe80::1', scope_id: 'en0', mask: 64, scope: '0x5', type: null }] },
    ],
    [
      'eth0: flags=1<UP> mtu 1\n        inet6 fe80::1  prefixlen 64  scopeid 0x20<link>',
      { ipv6_scope: '0x20', ipv6_type: 'link' },
    ],
    [
      'eth0: flags=1<UP> mtu 1\n        ether 02:00:00:00:00:01  txqueuelen 1000  (Ethernet)',
      { mac_addr: '02:00:00:00:00:01', type: 'Ethernet' },
    ],
    [
      'lo: flags=1<UP> mtu 1\n        loop  txqueuelen 1000  (Local Loopback)',
      { mac_addr: null, type: 'Local Loopback' },
    ],
    ['en0: flags=1<UP> mtu 1\n\tether 2:0:0:0:0:1\n\tstatus: active', { mac_addr: '2:0:0:0:0:1', status: 'active' }],
    [
      'eth0      Link encap:Ethernet  HWaddr 02:00:00:00:00:01\n          inet addr:10.0.0.1  Bcast:10.0.0.255  Mask:255.255.255.0\n          inet6 addr: fe80::1/64 Scope:Link\n          UP BROADCAST  MTU:1500  Metric:1',
      {
        type: 'Ethernet',
        mac_addr: '02:00:00:00:00:01',
        ipv4_addr: '10.0.0.1',
        ipv4_bcast: '10.0.0.255',
        ipv6_scope: 'Link',
        ipv6_mask: 64,
        state: ['UP', 'BROADCAST'],
        mtu: 1500,
        metric: 1,
      },
    ],
    [
      'lo        Link encap:Local Loopback\n          [NO FLAGS]  MTU:1500  Metric:1',
      { type: 'Local Loopback', mac_addr: null, state: null, mtu: 1500 },
    ],
    [
      'eth0      Link encap:Ethernet\n          RX packets:1 errors:2 dropped:3 overruns:4 frame:5\n          TX packets:6 errors:7 dropped:8 overruns:9 carrier:10\n          collisions:11 txqueuelen:1000\n          RX bytes:12 (1.0 B)  TX bytes:13 (1.0 B)',
      {
        rx_packets: 1,
        rx_errors: 2,
        rx_dropped: 3,
        rx_overruns: 4,
        rx_frame: 5,
        tx_packets: 6,
        tx_errors: 7,
        tx_dropped: 8,
        tx_overruns: 9,
        tx_carrier: 10,
        tx_collisions: 11,
        rx_bytes: 12,
        tx_bytes: 13,
      },
    ],
    [
      'eth0: flags=1<UP> mtu 1\n        RX packets 1  bytes 2 (2.0 B)\n        TX errors 7  dropped 8 overruns 0  carrier 0  collisions 9',
      { rx_packets: 1, rx_bytes: 2, tx_errors: 7, tx_collisions: 9, tx_packets: null },
    ],
  ])('%j', async (text, expected) => {
    expect(await last('ifconfig', text)).toMatchObject(expected);
  });

  it.each([
    ['an indented line before any interface', '    inet 10.0.0.1', 1],
    ['a line that is none', 'eth0: flags=1<UP> mtu 1\nwhat', 2],
    ['nothing', '\n\n', 1],
  ])('stops at %s', async (_, text, line) => {
    expect(await stops('ifconfig', text)).toBe(line);
  });
});
