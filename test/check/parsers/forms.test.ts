// One row for each thing that a line of these programs can be, and for each that it cannot.
import { describe, expect, it } from 'vitest';
import { type Item, last, parse, stops } from './parsing.ts';

describe('netstat of Linux', () => {
  const connections =
    'Active Internet connections (w/o servers)\nProto Recv-Q Send-Q Local Address           Foreign Address         State      ';
  const row = 'tcp        0      0 10.0.0.1:22             10.0.0.2:51000          ESTABLISHED';
  const full = `${connections} User       Inode      PID/Program name     Security Context     Timer`;
  const sockets =
    'Active UNIX domain sockets (servers and established)\nProto RefCnt Flags       Type       State         I-Node   ';
  const interfaces =
    'Kernel Interface table\nIface      MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg';

  it.each([
    [
      'a row',
      `${connections}\n${row}`,
      { proto: 'tcp', local_address: '10.0.0.1', local_port: '22', state: 'ESTABLISHED', transport_protocol: 'tcp' },
    ],
    [
      'a row without a state',
      `${connections}\nudp        0      0 10.0.0.1:53             0.0.0.0:*`,
      { state: null, foreign_port: '*' },
    ],
    [
      'a raw socket, whose state is a number',
      `${connections}\nraw        0      0 0.0.0.0:1               0.0.0.0:*               7`,
      { state: '7' },
    ],
    [
      'everything',
      `${full}\n${row} 0          1234       887/systemd resolve  system_u:system_r:x  keepalive (7.10/0/0)`,
      {
        user: '0',
        inode: 1234,
        program_name: 'systemd resolve',
        pid: 887,
        security_context: 'system_u:system_r:x',
        timer: 'keepalive (7.10/0/0)',
      },
    ],
    [
      'everything of somebody else',
      `${full}\n${row} 0          1234       -                    -                    off (0.00/0/0)`,
      { program_name: null, pid: null, security_context: '-', timer: 'off (0.00/0/0)' },
    ],
    ['a table without rows', connections, undefined],
  ])('%s', async (_, text, expected) => {
    const read = await last('netstat', text);
    if (expected === undefined) expect(read).toBeUndefined();
    else expect(read).toMatchObject(expected);
  });

  it.each([
    ['words behind the state', `${connections}\n${row} more`, 3],
    ['a number missing', `${connections}\ntcp        0      10.0.0.1:22  10.0.0.2:51000 ESTABLISHED`, 3],
    ['a protocol in capitals', `${connections}\n${row.replace('tcp', 'TCP')}`, 3],
    ['a header without its end', `${connections.replace('State', '')}\n${row}`, 3],
    ['a socket without its number', `${sockets}Path\nunix  2      [ ACC ]     STREAM     LISTENING     /run/x`, 3],
    [
      'an interface with a cell less',
      `${interfaces}\neth0      1500        1      0      0 0             5      0      0`,
      3,
    ],
    [
      'an interface with a cell more',
      `${interfaces}\neth0      1500        1      0      0 0             5      0      0      0 BMRU x`,
      3,
    ],
    [
      'an interface whose MTU is none',
      `${interfaces}\neth0      x        1      0      0 0             5      0      0      0 BMRU`,
      3,
    ],
    [
      'a route with a cell more',
      'Kernel IP routing table\nDestination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n0.0.0.0         10.0.0.1        0.0.0.0         UG        0 0          0 eth0 x',
      3,
    ],
  ])('stops at %s', async (_, text, line) => {
    expect(await stops('netstat', text)).toBe(line);
  });

  it.each([
    [
      'a socket',
      'unix  2      [ ACC ]     STREAM     LISTENING     12345    /run/a b.sock',
      { refcnt: 2, flags: 'ACC', type: 'STREAM', state: 'LISTENING', inode: 12345, path: '/run/a b.sock' },
    ],
    [
      'one without flags, state and path',
      'unix  3      [ ]         DGRAM                    7',
      { flags: null, state: null, inode: 7, path: null },
    ],
  ])('%s', async (_, line, expected) => {
    expect(await last('netstat', `${sockets}Path\n${line}`)).toMatchObject({ ...expected, kind: 'socket' });
  });

  it.each([
    ['12/init             ', '/run/x', { program_name: 'init', pid: 12, path: '/run/x' }],
    ['12/a b              ', '/run/x', { program_name: 'a b', pid: 12, path: '/run/x' }],
    ['-                   ', '/run/x', { program_name: null, pid: null, path: '/run/x' }],
    ['-                   ', '', { program_name: null, path: null }],
    ['123456/a-very-long-na', ' /run/x', { program_name: 'a-very-long-na', path: '/run/x' }],
  ])('a socket of %s', async (program, path, expected) => {
    const text = `${sockets}PID/Program name     Path\nunix  2      [ ACC ]     STREAM     LISTENING     12345    ${program} ${path}`;
    expect(await last('netstat', text)).toMatchObject(expected);
  });

  it('a socket with its security context', async () => {
    const text = `${sockets}PID/Program name     Path                 Security Context\nunix  2      [ ]         STREAM     CONNECTED     5        9/x                  /run/y               u:r:t:s0`;
    expect(await last('netstat', text)).toMatchObject({ path: '/run/y', security_context: 'u:r:t:s0' });
    const none = `${sockets}PID/Program name     Path                 Security Context\nunix  2      [ ]         STREAM     CONNECTED     5        9/x                  /run/y`;
    expect(await last('netstat', none)).toMatchObject({ path: '/run/y', security_context: null });
    expect(
      await last('netstat', `${sockets}Path\nunix  2      [ ]         STREAM     CONNECTED     5`),
    ).not.toHaveProperty('security_context');
  });

  it.each([
    [
      'with its counters',
      'eth0      1500        1      2      3 4             5      6      7      8 BMRU',
      { iface: 'eth0', mtu: 1500, rx_ok: 1, rx_ovr: 4, tx_ok: 5, tx_ovr: 8, flg: 'BMRU' },
    ],
    [
      'without flags',
      'eth0      1500        1      2      3 4             5      6      7      8',
      { tx_ovr: 8, flg: null },
    ],
    [
      'an alias',
      'eth0:1    1500 - no statistics available -                        BMRU',
      { iface: 'eth0:1', mtu: 1500, rx_ok: null, tx_ovr: null, flg: 'BMRU' },
    ],
  ])('an interface %s', async (_, line, expected) => {
    expect(await last('netstat', `${interfaces}\n${line}`)).toMatchObject({ ...expected, kind: 'interface' });
  });

  it('calls the metric of an old interface by its name', async () => {
    const text = `${interfaces.replace('MTU    RX', 'MTU Met RX')}\neth0      1500   0      1      2      3 4             5      6      7      8 BMRU`;
    expect(await last('netstat', text)).toMatchObject({ metric: 0, rx_ok: 1 });
  });

  it('reads Bluetooth', async () => {
    const text =
      'Active Bluetooth connections (w/o servers)\nProto  Destination       Source            State         PSM DCID   SCID      IMTU    OMTU Security\nl2cap 00:11:22:33:44:55 66:77:88:99:AA:BB CONNECTED       1 0x0040 0x0041     672     672 Low';
    const read = await last('netstat', text);
    expect(read).toMatchObject({ kind: 'bluetooth' });
    expect(Object.values(read)).toContain('CONNECTED');
    expect(Object.values(read)).toContain(672);
    expect(await stops('netstat', text.replace(' Low', ''))).toBe(3);
  });
});

describe('routes of Linux', () => {
  const v4 = 'Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface';
  const v6 = 'Kernel IPv6 routing table\nDestination                    Next Hop                   Flag Met Ref Use If';

  it.each([
    [
      'a row',
      `${v4}\n10.0.0.0        0.0.0.0         255.0.0.0       U     7      1      2 eth0`,
      { destination: '10.0.0.0', metric: 7, ref: 1, use: 2, iface: 'eth0', flags: 'U' },
    ],
    [
      'what does not apply',
      `${v4}\n10.0.0.0        -         255.0.0.0       !H    -      -      - -`,
      { metric: null, ref: null, use: null, flags: '!H' },
    ],
    [
      'IPv6 without flags',
      `${v6}\nfe80::/64                      ::                                256 1     0 eth0`,
      { flags: '', metric: 256, ref: 1, use: 0, iface: 'eth0' },
    ],
  ])('%s', async (_, text, expected) => {
    expect(await last('route', text)).toMatchObject(expected);
  });

  it.each([
    ['a word less', `${v4}\n10.0.0.0        0.0.0.0         255.0.0.0       U     0      0      eth0`, 3],
    ['a word more', `${v4}\n10.0.0.0        0.0.0.0         255.0.0.0       U     0      0      0 eth0 x`, 3],
    ['a metric that is none', `${v4}\n10.0.0.0        0.0.0.0         255.0.0.0       U     x      0      0 eth0`, 3],
    [
      'IPv6 with a word less and no number for the flags',
      `${v6}\nfe80::/64                      ::                         U  256 1 eth0`,
      3,
    ],
    [
      'columns in another order',
      `Kernel IP routing table\nGateway Destination Genmask Flags Metric Ref Use Iface\n1 2 3 U 0 0 0 eth0`,
      2,
    ],
    [
      'columns without flags',
      `Kernel IP routing table\nDestination Gateway Genmask Metric Ref Use Iface\n1 2 3 0 0 0 eth0`,
      2,
    ],
    [
      'columns without a gateway',
      `Kernel IP routing table\nDestination Genmask Flags Metric Ref Use Iface\n1 3 U 0 0 0 eth0`,
      2,
    ],
  ])('stop at %s', async (_, text, line) => {
    expect(await stops('route', text)).toBe(line);
  });
});

describe('routes of Windows', () => {
  const rule = '='.repeat(75);
  const v4 = [
    'IPv4 Route Table',
    rule,
    'Active Routes:',
    'Network Destination        Netmask          Gateway       Interface  Metric',
  ];
  const v6 = ['IPv6 Route Table', rule, 'Active Routes:', ' If Metric Network Destination      Gateway'];
  const text = (...lines: readonly string[]): string => [...lines, ''].join('\n');

  it('reads adapters, and those without an address', async () => {
    const read = await parse(
      'route',
      text(
        rule,
        'Interface List',
        ' 12...02 00 5e 10 00 0c ......Ethernet',
        '  1...........................Software Loopback Interface 1',
        rule,
        ...v4,
        '          0.0.0.0          0.0.0.0      192.0.2.1     192.0.2.20     25',
        rule,
      ),
    );
    expect(read).toEqual([
      {
        interfaces: [
          { id: '12', mac: '02:00:5e:10:00:0c', name: 'Ethernet' },
          { id: '1', mac: '', name: 'Software Loopback Interface 1' },
        ],
      },
      { destination: '0.0.0.0', genmask: '0.0.0.0', gateway: '192.0.2.1', iface: '192.0.2.20', metric: 25 },
    ]);
  });

  it('reads routes without adapters', async () => {
    expect(await parse('route', text(...v4, '  10.0.0.0  255.0.0.0  On-link  10.0.0.1  266'))).toEqual([
      { destination: '10.0.0.0', genmask: '255.0.0.0', gateway: 'On-link', iface: '10.0.0.1', metric: 266 },
    ]);
  });

  it('reads persistent routes of both families, and that there are none', async () => {
    const persistent = 'Persistent Routes:';
    const read = await parse(
      'route',
      text(
        ...v4,
        ' 10.0.0.0 255.0.0.0 On-link 10.0.0.1 266',
        rule,
        persistent,
        '  Network Address          Netmask  Gateway Address  Metric',
        '  10.9.0.0  255.255.0.0  10.0.0.9  1',
        rule,
        ...v6,
        ' 12     25 ::/0                     fe80::1',
        rule,
        persistent,
        ' If Metric Network Destination      Gateway',
        '  0     26 2001:db8::/32            On-link',
      ),
    );
    expect(read).toEqual([
      { destination: '10.0.0.0', genmask: '255.0.0.0', gateway: 'On-link', iface: '10.0.0.1', metric: 266 },
      { destination: '10.9.0.0', genmask: '255.255.0.0', gateway: '10.0.0.9', metric: 1, persistent: true },
      { iface: '12', metric: 25, destination: '::/0', gateway: 'fe80::1' },
      { iface: '0', metric: 26, destination: '2001:db8::/32', gateway: 'On-link', persistent: true },
    ]);
    expect(
      await parse('route', text(...v4, ' 10.0.0.0 255.0.0.0 On-link 10.0.0.1 266', rule, persistent, '  None')),
    ).toHaveLength(1);
  });

  it('reads a gateway in the line below', async () => {
    expect(
      await last(
        'route',
        text(
          ...v6,
          ' 12    281 2001:db8:1111:2222:3333:4444:5555:6666/128',
          '                                    On-link',
        ),
      ),
    ).toEqual({
      iface: '12',
      metric: 281,
      destination: '2001:db8:1111:2222:3333:4444:5555:6666/128',
      gateway: 'On-link',
    });
  });

  it.each([
    ['an adapter without a name', text(rule, 'Interface List', ' 12', rule), 3],
    ['four cells of IPv4', text(...v4, ' 10.0.0.0 255.0.0.0 On-link 266'), 5],
    ['a metric of IPv4 that is none', text(...v4, ' 10.0.0.0 255.0.0.0 On-link 10.0.0.1 x'), 5],
    ['six cells of IPv4', text(...v4, ' 10.0.0.0 255.0.0.0 On-link 10.0.0.1 266 x'), 5],
    ['two cells of IPv6', text(...v6, ' 12 281'), 5],
    ['five cells of IPv6', text(...v6, ' 12 281 ::/0 fe80::1 x'), 5],
    ['a metric of IPv6 that is none', text(...v6, ' 12 x ::/0 fe80::1'), 5],
    ['"None" where routes are', text(...v4, '  None'), 5],
    ['a gateway that never comes', text(...v6, ' 12    281 ::/128'), 5],
    [
      'a gateway that does not come before the next route',
      text(...v6, ' 12    281 ::/128', ' 12    281 ::/0 fe80::1', ' 12 281 ::1/128'),
      7,
    ],
    ['nothing but headings', text(...v4), 4],
    ['routes before any heading', text('IPv4 Route Table', ' 10.0.0.0 255.0.0.0 On-link 10.0.0.1 266'), 2],
    [
      'three cells of a persistent route',
      text(
        ...v4,
        rule,
        'Persistent Routes:',
        '  Network Address          Netmask  Gateway Address  Metric',
        '  10.9.0.0  255.255.0.0  1',
      ),
      8,
    ],
  ])('stops at %s', async (_, source, line) => {
    expect(await stops('route', source)).toBe(line);
  });
});

describe('ss', () => {
  const header = 'Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process';

  it.each([
    [
      'a connection',
      'tcp   ESTAB  0      7      10.0.0.1:22       10.0.0.2:51000',
      {
        netid: 'tcp',
        state: 'ESTAB',
        recv_q: 0,
        send_q: 7,
        local_address: '10.0.0.1',
        local_port: '22',
        local_port_num: 22,
        peer_address: '10.0.0.2',
        peer_port_num: 51000,
      },
    ],
    [
      'a named port on an interface',
      'udp   UNCONN 0      0      0.0.0.0%lo:domain     0.0.0.0:*',
      { local_address: '0.0.0.0', interface: 'lo', local_port: 'domain', peer_port: '*' },
    ],
    [
      'a path with blanks',
      'u_str LISTEN 0      5      /run/a b.sock 4711              * 0',
      { path: '/run/a b.sock', local_port: '4711', peer_address: '*', peer_port: '0' },
    ],
    [
      'netlink',
      'nl    UNCONN 0      0      rtnl:kernel               *',
      { channel: 'rtnl:kernel', peer_address: '*' },
    ],
    [
      'netlink of a process',
      'nl    UNCONN 0      0      tcpdiag:ss/3199               *',
      { channel: 'tcpdiag:ss', pid: 3199 },
    ],
    ['packets', 'p_dgr UNCONN 0      0      *:eth0               *', { link_layer: '*', interface: 'eth0' }],
    ['raw packets', 'p_raw UNCONN 0      0      ipv6:eth1               *', { link_layer: 'ipv6', interface: 'eth1' }],
  ])('%s', async (_, line, expected) => {
    expect(await last('ss', `${header}\n${line}`)).toMatchObject(expected);
  });

  it('has no more fields than there are', async () => {
    const line = 'nl    UNCONN 0      0      rtnl:kernel               *';
    expect(Object.keys(await last('ss', `${header}\n${line}`)).sort()).toEqual([
      'channel',
      'netid',
      'peer_address',
      'recv_q',
      'send_q',
      'state',
    ]);
    const tcp = 'tcp   ESTAB  0      7      10.0.0.1:x       10.0.0.2:y';
    expect(Object.keys(await last('ss', `${header}\n${tcp}`)).sort()).toEqual([
      'local_address',
      'local_port',
      'netid',
      'peer_address',
      'peer_port',
      'recv_q',
      'send_q',
      'state',
    ]);
  });

  it('goes by the columns that there are', async () => {
    const state = 'State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process';
    expect(await last('ss', `${state}\nLISTEN 0 5 0.0.0.0:22 0.0.0.0:*`)).toMatchObject({
      state: 'LISTEN',
      local_port: '22',
    });
    expect(await last('ss', `${state}\nLISTEN 0 5 /run/x 77 * 0`)).toMatchObject({ path: '/run/x', local_port: '77' });
    expect(await last('ss', `${state}\nLISTEN 0 5 @x 77 * 0`)).toMatchObject({ path: '@x' });
    const netid = 'Netid  Recv-Q Send-Q Local Address:Port Peer Address:Port Process';
    expect(await last('ss', `${netid}\ntcp 0 5 10.0.0.1:22 10.0.0.2:1`)).toMatchObject({ netid: 'tcp', recv_q: 0 });
    const neither = 'Recv-Q Send-Q Local Address:Port Peer Address:Port Process';
    expect(await last('ss', `${neither}\n0 5 10.0.0.1:22 10.0.0.2:1`)).toMatchObject({ send_q: 5, peer_port: '1' });
  });

  it('passes over a header that comes again and what -i says', async () => {
    const row = 'tcp   ESTAB  0      7      10.0.0.1:22       10.0.0.2:51000';
    expect(await parse('ss', `${header}\n${row}\n\t cubic wscale:7,7\n${header}\n${row}`)).toHaveLength(2);
  });

  it.each([
    ['another family', 'abc   ESTAB  0      7      10.0.0.1:22       10.0.0.2:51000'],
    ['another state', 'tcp   OPEN   0      7      10.0.0.1:22       10.0.0.2:51000'],
    ['a queue that is missing', 'tcp   ESTAB  0      10.0.0.1:22       10.0.0.2:51000'.replace('10.0.0.1:22', 'x:22')],
    ['no peer', 'tcp   ESTAB  0      7      10.0.0.1:22'],
    ['no port', 'tcp   ESTAB  0      7      10.0.0.1       10.0.0.2:51000'],
    ['a path without numbers', 'u_str LISTEN 0      5      /run/x    * 0'],
    ['a path without a peer', 'u_str LISTEN 0      5      /run/x 77 *'],
    ['no path', 'u_str LISTEN 0      5      77 * 0'],
  ])('stops at %s', async (_, line) => {
    expect(await stops('ss', `${header}\n${line}`)).toBe(2);
  });
});

describe('traceroute', () => {
  const header = 'traceroute to one.example (192.0.2.1), 30 hops max, 60 byte packets';
  const probes = async (line: string): Promise<unknown> => {
    const { hops } = (await parse('traceroute', `${header}\n${line}\n`)) as { hops: { probes: unknown }[] };
    return hops[0]?.probes;
  };
  const probe = (fields: Item): Item => ({ annotation: null, asn: null, ip: null, name: null, rtt: 1, ...fields });
  const a = { ip: '192.0.2.9', name: 'a.example' };

  it.each([
    [' 1  a.example (192.0.2.9)  1 ms  2.5 ms  3 ms', [probe(a), probe({ ...a, rtt: 2.5 }), probe({ ...a, rtt: 3 })]],
    [' 1  a.example (192.0.2.9)  1ms', [probe(a)]],
    [' 1  a.example (192.0.2.9)  1 ms !H', [probe({ ...a, annotation: '!H' })]],
    [' 1  192.0.2.9  1 ms', [probe({ ip: '192.0.2.9' })]],
    [' 1  192.0.2.9 (a.example)  1 ms', [probe(a)]],
    [' 1  fe80::1%eth0 (fe80::1%eth0)  1 ms', [probe({ ip: 'fe80::1%eth0', name: 'fe80::1%eth0' })]],
    [' 1  *  a.example (192.0.2.9)  1 ms *', [probe(a)]],
    [' 1  [AS64500] a.example (192.0.2.9)  1 ms', [probe({ ...a, asn: 64500 })]],
    [' 1  a.example (192.0.2.9) [AS64500]  1 ms', [probe({ ...a, asn: 64500 })]],
    [' 1  a.example (192.0.2.9) [*]  1 ms', [probe(a)]],
    [' 1  [AS64500] 192.0.2.9  1 ms', [probe({ ip: '192.0.2.9', asn: 64500 })]],
    [' 1  [AS64500] 192.0.2.9 (a.example)  1 ms', [probe({ ...a, asn: 64500 })]],
    [
      ' 1  [AS64500] 192.0.2.8  1 ms 192.0.2.9  1 ms',
      [probe({ ip: '192.0.2.8', asn: 64500 }), probe({ ip: '192.0.2.9' })],
    ],
    [
      ' 1  a.example (192.0.2.9)  1 ms  b.example (192.0.2.8)  1 ms',
      [probe(a), probe({ ip: '192.0.2.8', name: 'b.example' })],
    ],
    [' 1  a.example (192.0.2.9) 36 bytes to 192.0.2.7  1 ms', [probe(a)]],
    [' 1  192.0.2.9 (64)  1 ms', [probe({ ip: '192.0.2.9' })]],
    [" 1  192.0.2.9  <syn,ack>  1 ms '-1' F=1500 (TOS=0x10!)", [probe({ ip: '192.0.2.9' })]],
    [' 1  * * *', []],
  ])('%s', async (line, expected) => {
    expect(await probes(line)).toEqual(expected);
  });

  it.each([
    ['a word', ' 1  a.example  1 ms'],
    ['a time without its unit', ' 1  192.0.2.9  1'],
    ['nothing', ' 1  '],
    ['a host alone', ' 1  192.0.2.9'],
    ['half of what -v says', ' 1  192.0.2.9 36 bytes from 192.0.2.7  1 ms'],
  ])('stops at %s', async (_, line) => {
    expect(await stops('traceroute', `${header}\n${line}\n`)).toBe(2);
  });

  it.each([
    ['a hop before the one before', ' 2  *\n 1  *', 3],
    ['the same hop twice', ' 1  *\n 1  *', 3],
    ['a second header', ` 1  *\n${header}`, 3],
    ['no hop', '', 1],
  ])('stops at %s', async (_, lines, line) => {
    expect(await stops('traceroute', `${header}\n${lines}`)).toBe(line);
  });
});

describe('nslookup', () => {
  const bind = 'Server:\t\t10.0.0.1\nAddress:\t10.0.0.1#53\n\n';

  it.each([
    ['an address', 'Name:\tweb.example\nAddress: 192.0.2.1\n', [{ name: 'web.example', type: 'A', data: '192.0.2.1' }]],
    [
      'an IPv6 address',
      'Name:\tweb.example\nAddress: 2001:db8::1\n',
      [{ name: 'web.example', type: 'AAAA', data: '2001:db8::1' }],
    ],
    [
      'one address twice',
      'Name:\tw.example\nAddress: 192.0.2.1\nName:\tw.example\nAddress: 192.0.2.1\n',
      [{ name: 'w.example', type: 'A', data: '192.0.2.1' }],
    ],
    [
      'two names of one address',
      'Name:\ta.example\nAddress: 192.0.2.1\nName:\tb.example\nAddress: 192.0.2.1\n',
      [
        { name: 'a.example', type: 'A', data: '192.0.2.1' },
        { name: 'b.example', type: 'A', data: '192.0.2.1' },
      ],
    ],
    [
      'two types of one text',
      'a.example\tnameserver = b.example.\na.example\tcanonical name = b.example.\n',
      [
        { name: 'a.example', type: 'NS', data: 'b.example' },
        { name: 'a.example', type: 'CNAME', data: 'b.example' },
      ],
    ],
    ['the root', '.\tnameserver = a.example.\n', [{ name: '.', type: 'NS', data: 'a.example' }]],
    ['a text with a dot at its end', 'a.example\ttext = "x."\n', [{ name: 'a.example', type: 'TXT', data: '"x."' }]],
    [
      'a service',
      '_s._tcp.a.example\tservice = 0 5 80 b.example.\n',
      [{ name: '_s._tcp.a.example', type: 'SRV', data: '0 5 80 b.example' }],
    ],
    [
      'a start of authority',
      'a.example\n\torigin = ns.a.example\n\tmail addr = root.a.example\n\tserial = 1\n\trefresh = 2\n\tretry = 3\n\texpire = 4\n\tminimum = 5\n',
      [{ name: 'a.example', type: 'SOA', data: 'ns.a.example root.a.example 1 2 3 4 5' }],
    ],
  ])('%s', async (_, text, answers) => {
    expect(await parse('nslookup', bind + text)).toEqual({
      server: '10.0.0.1',
      address: '10.0.0.1',
      port: 53,
      authoritative: true,
      status: 'NOERROR',
      answers,
    });
  });

  it.each([
    [
      'says so',
      'Non-authoritative answer:\nName:\tw\nAddress: 192.0.2.1\n',
      { authoritative: false, status: 'NOERROR' },
    ],
    [
      'knows no such name',
      "** server can't find w: NXDOMAIN\n",
      { authoritative: null, status: 'NXDOMAIN', answers: [] },
    ],
    ['has a number for it', "** server can't find w: 16\n", { status: '16', answers: [] }],
    ['knows one of two', "Name:\tw\nAddress: 192.0.2.1\n** server can't find w: NXDOMAIN\n", { status: 'NOERROR' }],
    ['has no such record', "*** Can't find w: No answer\n", { authoritative: null, status: 'NOERROR', answers: [] }],
    [
      'times out',
      ';; connection timed out; no servers could be reached\n',
      { status: 'TIMEOUT', answers: null, server: null },
    ],
  ])('of a server that %s', async (_, text, expected) => {
    expect(await parse('nslookup', bind + text)).toMatchObject(expected);
  });

  it.each([
    ['[2001:db8::53]:53', '2001:db8::53', 53],
    ['10.0.0.53:5353', '10.0.0.53', 5353],
    ['2001:db8::53#5353', '2001:db8::53', 5353],
  ])('of the server %s', async (written, address, port) => {
    const text = `Server:\t\tx\nAddress:\t${written}\n\nName:\tw\nAddress: 192.0.2.1\n`;
    expect(await parse('nslookup', text)).toMatchObject({ server: 'x', address, port });
  });

  it.each([
    ['the server alone', bind, 2],
    ['an address before any server', 'Address:\t10.0.0.1#53\n\nName:\tw\nAddress: 192.0.2.1\n', 1],
    ['anything else', `${bind}hello there\n`, 4],
    ['a line of a start of authority without its name', `${bind}\torigin = ns.a.example\n`, 4],
    ['a name without an answer', `${bind}Name:\tw\n`, 4],
    ['a failure without its word', `${bind}** server can't find w\n`, 4],
  ])('stops at %s', async (_, text, line) => {
    expect(await stops('nslookup', text)).toBe(line);
  });
});

describe('ping', () => {
  const header = 'PING w (10.0.0.2) 56(84) bytes of data.';
  const summary = ['', '--- w ping statistics ---', '1 packets transmitted, 1 received, 0% packet loss, time 0ms'];
  const ping = (...lines: readonly string[]): string => [header, ...lines, ...summary].join('\n');
  const reply = '64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=0.04 ms';

  it.each([
    ['a flood', ping('.\b \b.\bE', reply), 1],
    ['a key that was pressed', ping('^C'), 0],
    ['several replies', ping(reply, reply), 2],
    ['lines of others', ping('bash: warning: x', reply), 1],
    ['a recorded route', ping(reply, 'RR: \t10.0.0.1', '\t10.0.0.2', '\tw (10.0.0.3)'), 1],
    ['a state asked for', ping('\r1/1 packets, 0% loss, min/avg/ewma/max = 0.1/0.1/0.1/0.1 ms', reply), 1],
  ])('%s', async (_, text, count) => {
    expect(((await parse('ping', text)) as { responses: unknown[] }).responses).toHaveLength(count);
  });

  it.each([
    ['+1 duplicates', 'duplicates', 1],
    ['+2 errors', 'errors', 2],
    ['+3 corrupted', 'corrupted', 3],
  ])('counts %s', async (part, field, value) => {
    expect(await parse('ping', ping(reply).replace('received,', `received, ${part},`))).toMatchObject({
      [field]: value,
    });
  });

  it('marks the second answer to a packet where the program only counts it', async () => {
    const text = ping(
      reply,
      reply.replace('10.0.0.2', '10.0.0.3'),
      reply.replace('=1 ', '=2 '),
      'Request timeout for icmp_seq 2',
    ).replace('received,', 'received, +1 duplicates,');
    const { responses } = (await parse('ping', text)) as { responses: { duplicate: boolean }[] };
    expect(responses.map(({ duplicate }) => duplicate)).toEqual([false, true, false, false]);
    const marked = ping(reply, reply, `${reply} (DUP!)`).replace('received,', 'received, +1 duplicates,');
    const told = (await parse('ping', marked)) as { responses: { duplicate: boolean }[] };
    expect(told.responses.map(({ duplicate }) => duplicate)).toEqual([false, false, true]);
    const uncounted = (await parse('ping', ping(reply, reply))) as { responses: { duplicate: boolean }[] };
    expect(uncounted.responses.map(({ duplicate }) => duplicate)).toEqual([false, false]);
  });

  it.each([
    ['rtt min/avg/max/mdev = 1.5/2/3/4 ms', [1.5, 2, 3, 4]],
    ['rtt min/avg/max/mdev = 1,5/2/3/4 ms, pipe 2', [1.5, 2, 3, 4]],
    ['round-trip min/avg/max = 1/2/3 ms', [1, 2, 3, null]],
    ['round-trip min/avg/max/std-dev = 1/2/3/nan ms', [null, null, null, null]],
  ])('%s', async (line, [min, avg, max, deviation]) => {
    const text = `${ping(reply)}\n${line.replace('1/2/3/nan', 'nan')}\n`;
    expect(await parse('ping', text)).toMatchObject({
      round_trip_ms_min: min,
      round_trip_ms_avg: avg,
      round_trip_ms_max: max,
      round_trip_ms_stddev: deviation,
    });
  });

  it.each(['pipe 12', ', pipe 3', 'ipg/ewma 0.1/0.2 ms'])('passes over %j', async (line) => {
    expect(await stops('ping', `${ping(reply)}\n${line}\n`)).toBe(0);
  });

  it.each([
    ['a second ping', ping(reply, header, reply), 3],
    ['a second ping of IPv6', ping(reply, 'PING6(56=40+8+8 bytes) ::1 --> ::1'), 3],
    ['no summary', `${header}\n${reply}\n\n`, 2],
    ['a summary without its numbers', [header, reply, ...summary.slice(0, 2)].join('\n'), 4],
    ['a summary of what was sent alone', ping(reply).replace(' 1 received,', ''), 5],
    ['something behind the summary', `${ping(reply)}\nbash: x\n`, 6],
    ['no header', `\n\n${reply}\n${summary.join('\n')}`, 3],
    ['a summary before its header', `${summary.slice(1).join('\n')}\n${header}\n${reply}`, 4],
    ['nothing', '', 1],
  ])('stops at %s', async (_, text, line) => {
    expect(await stops('ping', text)).toBe(line);
  });
});

describe('addresses of ip', () => {
  const link =
    '2: eth0: <BROADCAST,UP> mtu 1500 qdisc noqueue state UP group default qlen 1000\n    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff';
  const of = async (...lines: readonly string[]): Promise<unknown> =>
    (await last('ip_addr', [link, ...lines].join('\n')))['addr_info'];

  it.each([
    [
      '    inet 10.0.0.1/24 brd 10.0.0.255 scope global dynamic eth0',
      {
        family: 'inet',
        local: '10.0.0.1',
        prefixlen: 24,
        broadcast: '10.0.0.255',
        scope: 'global',
        dynamic: true,
        label: 'eth0',
      },
    ],
    [
      '    inet 10.0.0.1 peer 10.0.0.2/32 scope global eth0',
      { family: 'inet', local: '10.0.0.1', address: '10.0.0.2', prefixlen: 32, scope: 'global', label: 'eth0' },
    ],
    [
      '    inet 10.0.0.1 scope global eth0',
      { family: 'inet', local: '10.0.0.1', prefixlen: 32, scope: 'global', label: 'eth0' },
    ],
    ['    inet6 ::1 scope host', { family: 'inet6', local: '::1', prefixlen: 128, scope: 'host' }],
    ['    inet6 fe80::1/64 scope link flags 08', { family: 'inet6', local: 'fe80::1', prefixlen: 64, scope: 'link' }],
    [
      '    inet6 fe80::1/64 scope link stable-privacy proto kernel_ll',
      {
        family: 'inet6',
        local: 'fe80::1',
        prefixlen: 64,
        scope: 'link',
        'stable-privacy': true,
        protocol: 'kernel_ll',
      },
    ],
    [
      '    inet 10.0.0.1/24 scope global eth0 valid_lft 7sec preferred_lft forever',
      {
        family: 'inet',
        local: '10.0.0.1',
        prefixlen: 24,
        scope: 'global',
        label: 'eth0',
        valid_life_time: 7,
        preferred_life_time: 4_294_967_295,
      },
    ],
  ])('%s', async (line, address) => {
    expect(await of(line)).toEqual([address]);
  });

  it('have their lifetimes below them', async () => {
    expect(await of('    inet 10.0.0.1/24 scope global eth0', '       valid_lft forever preferred_lft 9sec')).toEqual([
      {
        family: 'inet',
        local: '10.0.0.1',
        prefixlen: 24,
        scope: 'global',
        label: 'eth0',
        valid_life_time: 4_294_967_295,
        preferred_life_time: 9,
      },
    ]);
  });

  it.each([
    ['an address that is none', '    inet 10.0.0/24 scope global eth0', 3],
    ['an address of the other family', '    inet6 10.0.0.1/24 scope global', 3],
    ['a peer of the other family', '    inet 10.0.0.1 peer fe80::1/64 scope global eth0', 3],
    ['no scope', '    inet 10.0.0.1/24 brd 10.0.0.255', 3],
    ['two labels', '    inet 10.0.0.1/24 scope global eth0 eth1', 3],
    ['a mark of IPv6 that is not known', '    inet6 fe80::1/64 scope link other', 3],
    ['a word before the scope', '    inet 10.0.0.1/24 other scope global eth0', 3],
    ['a lifetime without an address', '       valid_lft forever preferred_lft forever', 3],
    ['half a lifetime', '    inet 10.0.0.1/24 scope global eth0\n       valid_lft forever', 4],
    ['a lifetime that is none', '    inet 10.0.0.1/24 scope global eth0\n       valid_lft x preferred_lft forever', 4],
  ])('stop at %s', async (_, line, at) => {
    expect(await stops('ip_addr', `${link}\n${line}`)).toBe(at);
  });
});

describe('tables of Docker', () => {
  const header = 'CONTAINER ID   IMAGE     COMMAND   CREATED        STATUS        PORTS     NAMES';
  const row = '0123456789ab   busybox   "sh"      1 second ago   Up 1 second             web';

  it('reads a row', async () => {
    expect(await last('docker_ps', `${header}\n${row}`)).toMatchObject({
      ID: '0123456789ab',
      Image: 'busybox',
      Status: 'Up 1 second',
      Ports: '',
      Names: 'web',
    });
    expect(await parse('docker_ps', `${header}\n`)).toEqual([]);
  });

  it.each([
    ['a heading that is not known', `${header.replace('NAMES', 'NAMEN')}\n${row}`, 1],
    [
      'text that runs across a border',
      `${header}\n${row.replace('busybox  ', 'busybox:1')}x`.replace('busybox:1 ', 'busybox:1.2'),
      2,
    ],
    ['a row without its identity', `${header}\n${row.replace('0123456789ab', ' '.repeat(12))}`, 2],
    ['an identity of two words', `${header}\n${row.replace('0123456789ab', '0123 56789ab')}`, 2],
  ])('stops at %s', async (_, text, line) => {
    expect(await stops('docker_ps', text)).toBe(line);
  });
});
