// What a lab in the front matter can be, and what is told where it cannot be, in full.
import { describe, expect, it } from 'vitest';
import { nearest, suggestion } from '../../src/runbook/did-you-mean.ts';
import { parseDuration, parseSize } from '../../src/runbook/quantities.ts';
import { diagnosticsOf, read } from './reading.ts';

const front = (...lines: readonly string[]): string =>
  ['---', ...lines, '---', '', '```sh', 'true', '```', ''].join('\n');
const told = (source: string): string[] =>
  diagnosticsOf(source).map(
    ({ rule, message, hint, position }) => `${rule} ${position.line}:${position.column} ${message} | ${hint}`,
  );

const kinds =
  'a: , b: { kind: docker }, br: { kind: bridge }, ovs: { kind: ovs-bridge }, d: { kind: dns }, r: { kind: router }';
const links = (...each: readonly string[]): string =>
  front('lab:', `  nodes: { ${kinds} }`, '  links:', ...each.map((link) => `    - ${link}`));
const nodes = (text: string): string => front('lab:', `  nodes: ${text}`);

describe('an end of a link', () => {
  it.each([
    ['["c:e0", "br"]', 'unknown-node 5:21 the lab has no node "c" | Known: a, b, br, ovs, d, r.'],
    ['["oovs:e0", "br"]', 'unknown-node 5:21 the lab has no node "oovs" | Did you mean "ovs"?'],
    ['["a", "br"]', 'bad-endpoint 5:21 "a" is no end of a link | Write node:interface, such as "a:eth0".'],
    ['["a:", "br"]', 'bad-endpoint 5:21 "a:" is no end of a link | Write node:interface, such as "a:eth0".'],
    ['["a:e0:1", "br"]', 'bad-endpoint 5:21 "a:e0:1" is no end of a link | Write node:interface, such as "a:eth0".'],
    [
      '["a:lo", "br"]',
      'bad-interface-name 5:21 an interface cannot be named "lo" | Use a short name of letters and digits, such as eth0.',
    ],
    [
      '["a:..", "br"]',
      'bad-interface-name 5:21 an interface cannot be named ".." | Use a short name of letters and digits, such as eth0.',
    ],
    [
      '["a:.", "br"]',
      'bad-interface-name 5:21 an interface cannot be named "." | Use a short name of letters and digits, such as eth0.',
    ],
    [
      '["a:e/0", "br"]',
      'bad-interface-name 5:21 an interface cannot be named "e/0" | Use a short name of letters and digits, such as eth0.',
    ],
    [
      '["a:e 0", "br"]',
      'bad-interface-name 5:21 an interface cannot be named "e 0" | Use a short name of letters and digits, such as eth0.',
    ],
    [
      '["a:eeeeeeeeeeeeeee0", "br"]',
      'bad-interface-name 5:21 an interface cannot be named "eeeeeeeeeeeeeee0" of 16 characters; Linux takes 15 | Use a short name of letters and digits, such as eth0.',
    ],
    [
      '["a:e0", "a:e0"]',
      'duplicate-endpoint 5:29 "a:e0" is the end of another link already | Give each link an interface of its own.',
    ],
  ])('cannot be %s', (endpoints, problem) => {
    expect(told(links(`{ endpoints: ${endpoints} }`))).toEqual([problem]);
  });

  it.each([
    ['["a:eeeeeeeeeeeeee0", "br"]', ['a eeeeeeeeeeeeee0', 'br undefined']],
    ['["a:e.0-1_2", "br:x"]', ['a e.0-1_2', 'br undefined']],
    ['["a:...", "ovs"]', ['a ...', 'ovs undefined']],
    ['["a:e0", "ovs:p0"]', ['a e0', 'ovs p0']],
    ['["a:e0", "b:e0"]', ['a e0', 'b e0']],
  ])('can be %s', (endpoints, ends) => {
    const [link] = read(links(`{ endpoints: ${endpoints} }`)).lab.links;
    expect(link?.endpoints.map((end) => `${end.node} ${end.interface}`)).toEqual(ends);
    expect(link?.impairment).toBeUndefined();
    expect(link?.span.start).toMatchObject({ line: 5, column: 7 });
  });
});

describe('an address of a link', () => {
  const hint = 'Write the address and the length of its network, such as 192.168.50.11/24.';

  it.each([
    '10.0.0.1',
    '10.0.0/8',
    '10.0.0.1/33',
    '10.0.0.1/x',
    '10.0.0.1/24/1',
    '10.0.0.1/',
    'fd00::1/129',
    'fe80::1%e0/64',
    'fd00::1/0128',
    '',
  ])('cannot be %j', (address) => {
    expect(told(links(`{ endpoints: ["a:e0", "br"], addresses: ["${address}"] }`))).toEqual([
      `bad-cidr 5:48 "${address}" is no address in CIDR notation | ${hint}`,
    ]);
  });

  it.each(['10.0.0.1/32', '10.0.0.1/0', 'fd00::1/128', 'fe80::1/64', '172.17.0.9/16'])('can be %s', (address) => {
    const [link] = read(links(`{ endpoints: ["br", "a:e0"], addresses: ["${address}"], macs: ["02:00:00:00:00:0a"] }`))
      .lab.links;
    expect(link?.endpoints.map((end) => [end.address, end.mac])).toEqual([
      [undefined, undefined],
      [address, '02:00:00:00:00:0a'],
    ]);
  });

  it('goes to the ends that are no bridges, in their order', () => {
    const source = links(
      '{ endpoints: ["a:e0", "b:e0"], addresses: [10.0.0.1/8, 10.0.0.2/8], macs: ["02:00:00:00:00:01", "02:00:00:00:00:02"] }',
    );
    expect(read(source).lab.links[0]?.endpoints).toEqual([
      { node: 'a', interface: 'e0', address: '10.0.0.1/8', mac: '02:00:00:00:00:01' },
      { node: 'b', interface: 'e0', address: '10.0.0.2/8', mac: '02:00:00:00:00:02' },
    ]);
  });

  it.each([
    [
      ['{ endpoints: ["a:e0", "br"], addresses: [10.0.0.1/8, 10.0.0.2/8] }'],
      'too-many-addresses 5:60 this link has more addresses than ends that take one | Give one address for each end that is no bridge, in their order.',
    ],
    [
      ['{ endpoints: ["br", "ovs"], addresses: [10.0.0.1/8] }'],
      'too-many-addresses 5:47 this link has more addresses than ends that take one | Give one address for each end that is no bridge, in their order.',
    ],
    [
      ['{ endpoints: ["b:e0", "br"], addresses: [172.17.9.9/24] }'],
      "docker-address 5:48 172.17.9.9 is in 172.17.0.0/16, which is docker0's on a docker node | Choose an address outside of 172.17.0.0/16.",
    ],
    [
      ['{ endpoints: ["a:e0", "b:e0"], addresses: [10.0.0.1/8, 10.0.0.1/8] }'],
      'duplicate-address 5:62 10.0.0.1 is the address of a:e0 already | Give each end an address of its own.',
    ],
    [
      ['{ endpoints: ["a:e0", "b:e0"], addresses: ["fd00::1/64", "fd00:0::1/64"] }'],
      'duplicate-address 5:64 fd00:0::1 is the address of a:e0 already | Give each end an address of its own.',
    ],
    [
      [
        '{ endpoints: ["a:e0", "br"], addresses: [10.1.0.1/16] }',
        '{ endpoints: ["a:e1", "br"], addresses: [10.0.0.1/8] }',
      ],
      'overlapping-networks 6:48 a:e1 and a:e0 are in overlapping networks of one node | Give each interface of a node a network of its own.',
    ],
    [
      [
        '{ endpoints: ["a:e0", "br"], addresses: [10.0.0.1/8] }',
        '{ endpoints: ["a:e1", "br"], addresses: [10.1.0.1/16] }',
      ],
      'overlapping-networks 6:48 a:e1 and a:e0 are in overlapping networks of one node | Give each interface of a node a network of its own.',
    ],
    [
      [
        '{ endpoints: ["a:e0", "br"], addresses: ["fd00::1/64"] }',
        '{ endpoints: ["a:e1", "br"], addresses: ["fd00::2/64"] }',
      ],
      'overlapping-networks 6:48 a:e1 and a:e0 are in overlapping networks of one node | Give each interface of a node a network of its own.',
    ],
  ])('%j', (each, problem) => {
    expect(told(links(...each))).toEqual([problem]);
  });

  it.each([
    ['networks beside one another', ['10.0.0.1/24', '10.0.1.1/24']],
    ['two families', ['10.0.0.1/8', '::/0']],
  ])('may be in %s of one node', (_, [first, second]) => {
    expect(
      told(
        links(
          `{ endpoints: ["a:e0", "br"], addresses: ["${first}"] }`,
          `{ endpoints: ["a:e1", "br"], addresses: ["${second}"] }`,
        ),
      ),
    ).toEqual([]);
  });

  it('may be in one network with that of another node', () => {
    expect(
      told(
        links(
          '{ endpoints: ["a:e0", "br"], addresses: [10.0.0.1/8] }',
          '{ endpoints: ["b:e0", "br"], addresses: [10.0.0.2/8] }',
        ),
      ),
    ).toEqual([]);
  });
});

describe('what a link has besides', () => {
  it.each([
    ['delay: 5ms', { delay: '5ms' }],
    ['delay: 0.5us, loss: 1.5%', { delay: '0.5us', loss: '1.5%' }],
    ['rate: 10mbit', { rate: '10mbit' }],
    ['rate: 10bit, delay: 1s', { rate: '10bit', delay: '1s' }],
  ])('%s', (text, impairment) => {
    expect(read(links(`{ endpoints: ["a:e0", "br"], ${text} }`)).lab.links[0]?.impairment).toEqual(impairment);
  });

  it.each([
    'delay: 5',
    'delay: x5ms',
    'delay: 5ms!',
    'loss: 1',
    'loss: 1%%',
    'rate: 10mb',
    'rate: x10bit',
    'mtu: 67',
    'mtu: 65536',
    'mtu: 1.5',
    'macs: ["02:00"]',
    'macs: ["02:00:00:00:00:0g"]',
    'macs: ["x02:00:00:00:00:00"]',
    'macs: ["02:00:00:00:00:00:00"]',
    'other: 1',
    'addresses: [1, 2, 3]',
  ])('cannot be %s', (text) => {
    expect(told(links(`{ endpoints: ["a:e0", "br"], ${text} }`))[0]).toMatch(/^(?:bad-front-matter|unknown-key) 5:/);
  });

  it('an MTU at either end of what there is', () => {
    for (const mtu of [68, 65535])
      expect(read(links(`{ endpoints: ["a:e0", "br"], mtu: ${mtu} }`)).lab.links[0]?.mtu).toBe(mtu);
  });
});

describe('a node', () => {
  const name63 = `a${'b'.repeat(61)}c`;

  it.each([
    [`{ ${name63}: }`, []],
    ['{ a_b.c-d: }', []],
    ['{ A1: , bridge-of-15-ch: { kind: bridge } }', []],
    [
      `{ ${name63}d: }`,
      [
        `bad-node-name 3:12 "${name63}d" cannot be the name of a node | Use letters, digits, "-", "_" and ".", at most 63 of them.`,
      ],
    ],
    [
      '{ -a: }',
      [
        'bad-node-name 3:12 "-a" cannot be the name of a node | Use letters, digits, "-", "_" and ".", at most 63 of them.',
      ],
    ],
    [
      '{ a-: }',
      [
        'bad-node-name 3:12 "a-" cannot be the name of a node | Use letters, digits, "-", "_" and ".", at most 63 of them.',
      ],
    ],
    [
      '{ a: , bridge-of-16-chr: { kind: bridge } }',
      ['bad-node-name 3:17 the bridge "bridge-of-16-chr" has a name of over 15 characters | Give it a shorter one.'],
    ],
    [
      '{ a: , bridge-of-16-chr: { kind: ovs-bridge } }',
      ['bad-node-name 3:17 the bridge "bridge-of-16-chr" has a name of over 15 characters | Give it a shorter one.'],
    ],
    [
      '{ br: { kind: bridge } }',
      ['no-node 3:3 no node of this lab can run commands | Add a node of kind host or docker for the steps to run on.'],
    ],
    [
      '{ a: { images: [x] } }',
      ['misplaced-key 3:17 a host node has no "images" | Only nodes of kind docker have "images".'],
    ],
    [
      '{ a: { records: {} } }',
      ['misplaced-key 3:17 a host node has no "records" | Only nodes of kind dns have "records".'],
    ],
    ['{ a: { nat: [e0] } }', ['misplaced-key 3:17 a host node has no "nat" | Only nodes of kind router have "nat".']],
    [
      '{ a: , br: { kind: bridge, dns: {} } }',
      ['misplaced-key 3:37 a bridge node has no "dns" | Only nodes of kind host or docker or router have "dns".'],
    ],
    [
      '{ a: , br: { kind: bridge, routes: [] } }',
      [
        'misplaced-key 3:37 a bridge node has no "routes" | Only nodes of kind host or docker or router or ovs-bridge or dns have "routes".',
      ],
    ],
    [
      '{ a: , d: { kind: dns, openvswitch: true } }',
      [
        'misplaced-key 3:33 a dns node has no "openvswitch" | Only nodes of kind host or docker or router have "openvswitch".',
      ],
    ],
    [
      '{ a: { dns: { servers: [10.0.0.1, x] } } }',
      ['bad-address 3:44 the DNS server "x" is no address | Write its IPv4 or IPv6 address.'],
    ],
    ['{ a: { dns: { servers: [10.0.0.1, "fd00::1"] } } }', []],
    ['{ a: { routes: ["x;y"] } }', expect.anything()],
    ['{ r: { kind: router, nat: [e0], routes: ["default via 10.0.0.1 dev e-0"] } }', []],
  ])('%s', (text, problems) => {
    expect(told(nodes(text))).toEqual(problems);
  });

  it('has what it does not say', () => {
    const { nodes: all } = read(nodes(`{ ${kinds} }`)).lab;
    expect(all.map(({ name, kind, images, openvswitch }) => [name, kind, images, openvswitch])).toEqual([
      ['a', 'host', [], false],
      ['b', 'docker', [{ name: 'busybox:latest', build: undefined }], false],
      ['br', 'bridge', [], false],
      ['ovs', 'ovs-bridge', [], true],
      ['d', 'dns', [], false],
      ['r', 'router', [], false],
    ]);
    expect(all[0]).toMatchObject({
      records: {},
      dns: undefined,
      routes: [],
      nat: [],
      span: { start: { line: 3, column: 12 }, end: { line: 3, column: 13 } },
    });
    expect(read(nodes('{ a: { dns: {}, openvswitch: true } }')).lab.nodes[0]).toMatchObject({
      dns: { servers: [], search: [] },
      openvswitch: true,
    });
    expect(read(nodes('{ a: { openvswitch: false } }')).lab.nodes[0]?.openvswitch).toBe(false);
  });

  it.each([
    ['{ d: { kind: dns }, r: { kind: router } }', 'r'],
    ['{ ovs: { kind: ovs-bridge }, b: { kind: docker } }', 'b'],
    ['{ br: { kind: bridge }, d: { kind: dns } }', 'd'],
    ['{ d: { kind: dns }, a: }', 'a'],
  ])('of %s runs the steps that name none: %s', (text, node) => {
    const other = node === 'a' ? 'd' : node;
    const source = nodes(text).replace('```sh', '```sh {node=nowhere}');
    expect(told(source)[0]).toContain('no node named "nowhere" can run commands');
    expect(told(source)[0]).not.toContain('br,');
    expect(told(nodes(text).replace('```sh', `\`\`\`sh {node=${other}}`))).toEqual([]);
  });
});

describe('a lab', () => {
  const lab = (text: string) => read(front(`lab: ${text}`)).lab;
  const GIB = 1024 ** 3;

  it('has shorthands', () => {
    expect(read('```sh\ntrue\n```\n').lab).toMatchObject({
      kind: 'nodes',
      nodes: [{ name: 'node1', kind: 'host', images: [] }],
      links: [],
      network: 'closed',
    });
    expect(lab('sandbox').nodes).toMatchObject([{ name: 'node1', kind: 'host', images: [] }]);
    expect(lab('docker').nodes).toMatchObject([
      { name: 'node1', kind: 'docker', images: [{ name: 'busybox:latest' }] },
    ]);
    expect(lab('none')).toMatchObject({ kind: 'none', nodes: [] });
    expect(lab('{ network: host }')).toMatchObject({
      kind: 'nodes',
      network: 'host',
      nodes: [{ name: 'node1', kind: 'host' }],
    });
  });

  it.each([
    ['{}', { pids: 4096, memory: 4 * GIB, disk: 4 * GIB, cpu: undefined }],
    ['{ limits: { memory: 512MiB } }', { pids: 4096, memory: GIB / 2, disk: 4 * GIB, cpu: undefined }],
    ['{ limits: { disk: 1000, cpu: 0.5, pids: 7 } }', { pids: 7, memory: 4 * GIB, disk: 1000, cpu: 0.5 }],
  ])('%s has limits', (text, limits) => {
    expect(lab(text).limits).toEqual(limits);
  });

  it('cannot have others', () => {
    expect(told(front('lab: { limits: { memory: 0MiB } }'))).toEqual([
      'bad-front-matter 2:26 lab.limits.memory: "0MiB" is no size | Write such as 512MiB or 2GiB.',
    ]);
    for (const limit of ['memory: x', 'disk: 0', 'pids: 0', 'pids: 1.5', 'cpu: 0', 'other: 1']) {
      expect(told(front(`lab: { limits: { ${limit} } }`)), limit).toHaveLength(1);
    }
  });
});

describe('records', () => {
  const records = (text: string): string => nodes(`{ a: , d: { kind: dns, records: ${text} } }`);
  const address = 'A takes IPv4 addresses, AAAA takes IPv6 addresses; another name is a CNAME.';

  it.each([
    ['{ x: 192.0.2.1 }', { x: { A: ['192.0.2.1'] } }],
    ['{ x: "fd00::1" }', { x: { AAAA: ['fd00::1'] } }],
    [
      '{ x: { A: 192.0.2.1, AAAA: ["fd00::1", "fd00::2"] } }',
      { x: { A: ['192.0.2.1'], AAAA: ['fd00::1', 'fd00::2'] } },
    ],
    ['{ x: { CNAME: Y }, y: 192.0.2.1 }', { x: { CNAME: 'Y' }, y: { A: ['192.0.2.1'] } }],
    ['{ _s._tcp.x-1: 192.0.2.1 }', { '_s._tcp.x-1': { A: ['192.0.2.1'] } }],
  ])('%s', (text, expected) => {
    const runbook = read(records(text));
    expect(runbook.lab.nodes[1]?.records).toEqual(expected);
    expect(runbook.warnings).toEqual([]);
  });

  it.each([
    ['{ x: y }', `bad-address 3:47 "y" is no address for this record | ${address}`],
    ['{ x: { A: ["fd00::1"] } }', `bad-address 3:52 "fd00::1" is no address for this record | ${address}`],
    ['{ x: { AAAA: 192.0.2.1 } }', `bad-address 3:55 "192.0.2.1" is no address for this record | ${address}`],
    [
      '{ x: { CNAME: y, AAAA: "fd00::1" }, y: 192.0.2.1 }',
      'bad-record 3:47 a name with a CNAME has no addresses of its own | Give the addresses to the name that the CNAME leads to.',
    ],
    [
      '{ "*.x": 192.0.2.1 }',
      'bad-record-name 3:44 "*.x" cannot be the name of a record | There are no wildcards: write out each name that is asked for.',
    ],
    [
      '{ "x,y": 192.0.2.1 }',
      'bad-record-name 3:44 "x,y" cannot be the name of a record | Write letters, digits, "-" and "_" with dots between them; other scripts as xn--….',
    ],
    [
      '{ "x.": 192.0.2.1 }',
      'bad-record-name 3:44 "x." cannot be the name of a record | Write letters, digits, "-" and "_" with dots between them; other scripts as xn--….',
    ],
    [
      `{ ${'x'.repeat(64)}: 192.0.2.1 }`,
      `bad-record-name 3:44 "${'x'.repeat(64)}" cannot be the name of a record | Write letters, digits, "-" and "_" with dots between them; other scripts as xn--….`,
    ],
    [
      `{ ${'x.'.repeat(127)}x: 192.0.2.1 }`,
      `bad-record-name 3:44 "${'x.'.repeat(35)}" cannot be the name of a record | Write letters, digits, "-" and "_" with dots between them; other scripts as xn--….`,
    ],
  ])('cannot be %s', (text, problem) => {
    expect(told(records(text))).toEqual([problem]);
  });

  it('tell a name that leads nowhere', () => {
    const [warning] = read(records('{ x: { CNAME: y } }')).warnings;
    expect(warning).toMatchObject({
      rule: 'dangling-cname',
      message: 'x leads to y, which has no record',
      hint: 'Add y to the records: without it, whoever asks for x gets no address.',
      position: { line: 3, column: 56 },
    });
  });
});

describe('quantities', () => {
  it.each([
    ['500ms', 500],
    ['5s', 5000],
    ['1m30s', 90_000],
    ['1m 30s', 90_000],
    ['2min', 120_000],
    ['1.5h', 5_400_000],
    ['24h', 86_400_000],
    ['0.1ms', 1],
    ['24h1ms', undefined],
    ['0s', undefined],
    ['5', undefined],
    ['s', undefined],
    ['x5s', undefined],
    ['5s!', undefined],
    ['5 s', undefined],
    ['5d', undefined],
    ['1s'.repeat(20), 20_000],
    ['1s'.repeat(21), undefined],
    ['', undefined],
  ])('the duration %j', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    ['100', 100],
    ['100b', 100],
    ['100B', 100],
    ['1k', 1024],
    ['1kib', 1024],
    ['1KiB', 1024],
    ['1kB', 1000],
    ['1.5m', 1_572_864],
    ['1MB', 1_000_000],
    ['2 GiB', 2 * 1024 ** 3],
    ['2g', 2 * 1024 ** 3],
    ['2GB', 2_000_000_000],
    ['0.2b', undefined],
    ['0', undefined],
    ['9007199254740992', undefined],
    ['x1k', undefined],
    ['1kx', undefined],
    ['1t', undefined],
    [`${'0'.repeat(39)}1`, 1],
    [`${'0'.repeat(40)}1`, undefined],
  ])('the size %j', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });
});

describe('what was meant', () => {
  it.each([
    ['naem', 'name'],
    ['NAME', 'name'],
    ['nam', 'name'],
    ['namee', 'name'],
    ['nome', 'name'],
    ['xy', undefined],
    ['nxyz', undefined],
    ['sesion', 'session'],
    ['sessoin', 'session'],
    ['sesisno', 'session'],
    ['esssion', 'session'],
    ['nmae', 'name'],
    ['nmea', 'name'],
    ['mnea', undefined],
    ['nm', undefined],
    ['xxx', undefined],
    ['nae', 'name'],
    ['nxe', undefined],
    ['sssios', 'session'],
    ['sxxxin', undefined],
    ['sxxxion', 'session'],
    ['sxxxxon', undefined],
    ['x'.repeat(41), undefined],
  ])('%s: %s', (word, expected) => {
    expect(nearest(word, ['session', 'name'])).toBe(expected);
  });

  it('is the nearest, the first of two, and never all of a word', () => {
    expect(nearest('cats', ['bats', 'cat', 'cuts'])).toBe('bats');
    expect(nearest('abcd', ['axyd', 'abxd'])).toBe('abxd');
    expect(nearest('ab', ['c'])).toBeUndefined();
    expect(nearest('a', ['b'])).toBeUndefined();
    expect(nearest('st', ['s'])).toBeUndefined();
    expect(nearest('y'.repeat(40), [`${'y'.repeat(39)}z`])).toBe(`${'y'.repeat(39)}z`);
  });

  it('is told with all that is known where nothing is near', () => {
    expect(suggestion('nane', ['name', 'node'])).toBe('Did you mean "name"?');
    expect(suggestion('quite other', ['name', 'node'])).toBe('Known: name, node.');
  });
});
