import { describe, expect, test } from 'vitest';
import { compareValue } from '../../src/check/values.ts';

function compare(expected: unknown, actual: unknown, path = 'x', given: Record<string, string> = {}) {
  const { findings, captures } = compareValue(expected, actual, path, new Map(Object.entries(given)));
  return {
    ok: findings.length > 0 && findings.every(({ ok }) => ok),
    errored: findings.some(({ errored }) => errored),
    message: findings.find(({ ok }) => !ok)?.message ?? findings[0]?.message,
    captures: Object.fromEntries(captures),
  };
}

const interfaces = [
  { name: 'lo', mtu: 65536, ipv4_addr: '127.0.0.1', state: ['UP', 'LOOPBACK'], mac_addr: null },
  { name: 'eth0', mtu: 1500, ipv4_addr: '172.17.0.2', state: ['UP'], mac_addr: '02:42:AC:11:00:02' },
];
const answers = [
  { name: 'www.a.shifen.com', type: 'A', data: '119.75.217.109' },
  { name: 'www.a.shifen.com', type: 'A', data: '119.75.217.26' },
];

describe('passes', () => {
  test.each<[unknown, unknown, string?]>([
    [2, 2],
    ['2', 2],
    [2, '2.0'],
    [true, true],
    [null, null],
    ['', ''],
    ['UP', 'UP'],
    ['10ms', '0.01s'],
    ['1.5s', '1500 ms'],
    ['5%', 5, 'ping.packet_loss_percent'],
    [0, '0%'],
    ['64KiB', 65536, 'ifconfig.rx_bytes'],
    ['64KiB', '65536 B'],
    ['02:42:ac:11:00:02', '02:42:AC:11:00:02'],
    ['2001:db8:0::1', '2001:db8::1'],
    ['>= 2', 2],
    ['>=2', '3'],
    ['< 5ms', 0.176, 'ping.round_trip_ms_avg'],
    ['< 2s', '1999ms', 'duration'],
    ['> -1', 0],
    ['!= x', 'y'],
    ['!x', 'y'],
    ['!= 5', 6],
    ['!null', 'x'],
    ['!/err/', 'fine'],
    ['!in 10.0.0.0/24', '10.0.1.1'],
    ['/^web\\d$/', 'web1'],
    ['/WEB/i', 'web1'],
    ['in 10.0.0.0/24', '10.0.0.255'],
    ['in 10.0.0.0/24', '10.0.0.7/24'],
    ['in 2001:db8::/32', '2001:db8:1::1'],
    ['in 0.0.0.0/0', '1.2.3.4'],
    ['<none>', '<none>'],
    ['== !x', '!x'],
    ['in use', 'in use'],
    ['eth[..]', 'eth0'],
    ['{{ip:ipv4}}', '10.0.0.1'],
    [['a'], ['b', 'a']],
    [
      ['/^a/', '> 3'],
      ['5', 'ab'],
    ],
    [['!c'], ['a', 'b']],
    [[], []],
    [{ exactly: ['a', 'b'] }, ['b', 'a']],
    [{ exactly: [] }, []],
    [{ exactly: ['/./', 'a'] }, ['a', 'b']],
    [{ none: ['c'] }, ['a']],
    [{ none: ['c'] }, []],
    [{ none: 'c' }, 'b'],
    [{ any: ['c', 'a'] }, ['a']],
    [{ any: [1, 2] }, 2],
    [{ count: 2 }, ['a', 'b']],
    [{ count: '>= 1', none: ['c'] }, ['a', 'b']],
    ['a', ['a']],
    ['!c', ['a', 'b']],
    ['!c', []],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: { b: [1] } }, { a: { b: [2, 1] } }],
    [{}, { a: 1 }],
    [[{ name: 'eth0', mtu: 1500 }], interfaces],
    [['eth0'], interfaces],
    [{ eth0: { ipv4_addr: '172.17.0.2' }, lo: {} }, interfaces],
    [{ eth0: { mac_addr: '02:42:ac:11:00:02' } }, interfaces],
    [{ exactly: ['eth0', 'lo'] }, interfaces],
    [{ exactly: [{ name: 'lo' }, 'eth0'] }, interfaces],
    [{ none: ['eth1'] }, interfaces],
    [{ none: [{ name: 'eth1' }] }, interfaces],
    [{ any: ['eth1', 'lo'] }, interfaces],
    ['!eth1', interfaces],
    [{ count: 2 }, interfaces],
    [{ mtu: 1500 }, interfaces.slice(1)],
    [{ 'www.a.shifen.com': { data: '119.75.217.26' } }, answers],
  ])('%j of %j', (expected, actual, path) => {
    expect(compare(expected, actual, path)).toMatchObject({ ok: true, errored: false });
  });
});

describe('fails, and does not error', () => {
  test.each<[unknown, unknown, string?]>([
    [2, 3],
    ['1.10', '1.1'],
    [true, 'true'],
    [1, true],
    [0, null],
    ['', null],
    [null, ''],
    ['10ms', '10s'],
    ['5ms', 5],
    ['>= 2', 1],
    ['>= 2', 'many'],
    ['< 5', null],
    ['!= x', 'x'],
    ['!= x', null],
    ['!x', null],
    ['!/x/', null],
    ['!in 10.0.0.0/24', 'not an address'],
    ['!> 5', 'not a number'],
    ['in 10.0.0.0/24', '10.0.1.0'],
    ['in 10.0.0.0/24', '::ffff:10.0.0.1'],
    ['/x/', ['x', 'y']],
    [[], ['a']],
    [['c'], ['a']],
    [['!a'], ['a', 'b']],
    [['a'], 'a'],
    [['a'], null],
    [{ exactly: ['a'] }, ['a', 'b']],
    [{ exactly: ['a', 'a'] }, ['a']],
    [{ none: ['a'] }, ['a', 'b']],
    [{ none: ['a'] }, null],
    [{ any: ['c'] }, ['a']],
    [{ count: 1 }, []],
    ['a', ['a', 'b']],
    ['!a', ['a', 'b']],
    [{ a: 1 }, { a: 2 }],
    [{ b: '!x' }, { a: 2 }],
    [{ b: null }, { a: 2 }],
    [{ b: '!= x' }, { a: 2 }],
    [{ b: { none: ['x'] } }, { a: 2 }],
    [{ a: 1 }, 'a'],
    [{ toString: '!x' }, { a: 2 }],
    [[{ name: 'eth0', mtu: 9000 }], interfaces],
    [['eth1'], interfaces],
    [{ eth1: {} }, interfaces],
    [{ exactly: ['lo'] }, interfaces],
    [{ none: ['eth0'] }, interfaces],
    [{ none: [{ nmae: 'eth1' }] }, interfaces],
    [{ none: [{ name: 'eth0' }] }, interfaces],
    [{ none: ['119.75.217.26'] }, answers],
    [{ 'www.a.shifen.com': { data: '!119.75.217.26' } }, answers],
    [{ mtu: 1500 }, interfaces],
    [{ name: 1 }, []],
  ])('%j of %j', (expected, actual, path) => {
    expect(compare(expected, actual, path)).toMatchObject({ ok: false, errored: false });
  });
});

describe('cannot be checked', () => {
  test.each<[unknown, unknown, string]>([
    ['/(/', 'x', 'Unterminated group'],
    ['!/(/', 'x', 'Unterminated group'],
    ['/(a+)+$/', `${'a'.repeat(60)}!`, 'took longer than'],
    ['in 10.0.0.0/33', '10.0.0.1', '10.0.0.0/33 is not a network'],
    ['> many', 5, 'many is not a number'],
    ['< 5ms', '5 MB', 'different units'],
    ['{{x:ipv5}}', 'x', 'there is no type "ipv5"'],
    ['!{{unknown}}', 'x', 'neither captured before nor a type'],
    [{ none: ['/(/'] }, ['x'], 'Unterminated group'],
    [{ none: [{ name: '/(/' }] }, interfaces, 'Unterminated group'],
    [{ none: ['in 10.0.0.0/8'] }, ['x'], 'it is not an address'],
    [{ none: [] }, ['x'], '{ none: [] } asks for nothing'],
    [{ any: [] }, ['x'], '{ any: [] } asks for nothing'],
  ])('%j of %j: %s', (expected, actual, message) => {
    const result = compare(expected, actual);
    expect(result).toMatchObject({ ok: false, errored: true });
    expect(result.message).toContain(message);
  });
});

describe('captures', () => {
  test('are added in order and must agree', () => {
    const pair = { a: '{{ip:ipv4}}', b: '{{ip}}' };
    expect(compare(pair, { a: '10.0.0.1', b: '10.0.0.1' })).toMatchObject({ ok: true, captures: { ip: '10.0.0.1' } });
    expect(compare(pair, { a: '10.0.0.1', b: '10.0.0.2' })).toMatchObject({
      ok: false,
      message: 'x.b: expected "{{ip}}", got 10.0.0.2 (ip is 10.0.0.1)',
    });
  });

  test('come from the list item that matched', () => {
    const expected = { eth0: { ipv4_addr: '{{ip:ipv4}}' } };
    expect(compare(expected, interfaces).captures).toEqual({ ip: '172.17.0.2' });
    expect(compare(['{{ip:ipv4}}'], ['x', '10.0.0.1'], 'x', { a: 'b' }).captures).toEqual({ a: 'b', ip: '10.0.0.1' });
  });

  test('must agree within `exactly`', () => {
    const expected = { exactly: [{ a: '{{n:int}}' }, { a: '{{n:int}}' }] };
    expect(compare(expected, [{ a: 1 }, { a: 1 }])).toMatchObject({ ok: true, captures: { n: '1' } });
    expect(compare(expected, [{ a: 1 }, { a: 2 }]).ok).toBe(false);
  });
});

describe('is explained', () => {
  test.each<[string, unknown, unknown, string]>([
    [
      'resolv_conf',
      { nameservers: ['202.106.0.20'] },
      { nameservers: ['127.0.0.11'] },
      'resolv_conf.nameservers: expected to include 202.106.0.20, got [127.0.0.11]',
    ],
    ['ifconfig', { eth1: {} }, interfaces, 'ifconfig: no interface eth1; there are lo, eth0'],
    ['ifconfig', ['eth1'], interfaces, 'ifconfig: no interface eth1; there are lo, eth0'],
    ['ifconfig', [{ name: 'eth1', mtu: 1500 }], interfaces, 'ifconfig: no interface eth1; there are lo, eth0'],
    ['ifconfig', { eth0: { mtu: 9000 } }, interfaces, 'ifconfig.eth0.mtu: expected 9000, got 1500'],
    [
      'ifconfig',
      [{ name: 'eth0', mtu: 9000 }],
      interfaces,
      'ifconfig: expected to include {name: eth0, mtu: 9000}, got none such; the nearest differs: ifconfig.eth0.mtu: expected 9000, got 1500',
    ],
    [
      'ifconfig',
      { exactly: ['lo'] },
      interfaces,
      'ifconfig: expected exactly [lo], got [lo, eth0]; not expected [eth0]',
    ],
    [
      'ping',
      { packets_recieved: 2 },
      { packets_received: 2, errors: 0 },
      'ping.packets_recieved: there is no such field (did you mean packets_received?); there are packets_received, errors',
    ],
    ['ping', { packets_received: '>= 2' }, { packets_received: 0 }, 'ping.packets_received: expected >= 2, got 0'],
    ['ping', { packets_received: '>= 2' }, { packets_received: 2 }, 'ping.packets_received: 2, as expected (>= 2)'],
    ['hostname', '!vm', 'vm', 'hostname: expected not vm, got vm'],
    ['x', { none: ['a'] }, ['a'], 'x: expected not to include a, got [a]'],
    ['x', ['a'], ['a'], 'x: includes a'],
  ])('%s: %j of %j', (path, expected, actual, message) => {
    expect(compare(expected, actual, path).message).toBe(message);
  });

  test('without a structure as long as a book', () => {
    const huge = Array.from({ length: 100_000 }, (_, index) => `item${index}`);
    expect(compare(['x'], huge).message?.length).toBeLessThan(300);
  });
});

describe('a message names what its reader would look for', () => {
  const rules = ['MASQUERADE', 'RETURN'].map((target) => ({
    target,
    prot: 'all',
    source: '172.17.0.0/16',
    destination: '0.0.0.0/0',
    options: '',
  }));

  test('the field that is meant by a part of its name', () => {
    const ping = { packet_loss_percent: 0, packets_received: 1, time_ms: 3 };
    expect(compare({ packet_loss: 0 }, ping, 'ping').message).toContain('did you mean packet_loss_percent?');
    expect(compare({ time: 0 }, ping, 'ping').message).toContain('did you mean time_ms?');
    expect(compare({ packets: 0 }, ping, 'ping').message).toContain('did you mean packets_received?');
    expect(compare({ nothing: 0 }, ping, 'ping').message).not.toContain('did you mean');
  });

  test('a rule by what it says, not by its place', () => {
    expect(compare([{ target: 'RETURN', source: '10.0.0.0/8' }], rules, 'rules').message).toBe(
      'rules: expected to include {target: RETURN, source: 10.0.0.0/8}, got none such; the nearest differs: rules.(RETURN all 172.17.0.0/16 0.0.0.0/0).source: expected 10.0.0.0/8, got 172.17.0.0/16',
    );
    expect(compare({ exactly: [{ target: 'RETURN' }] }, rules, 'rules').message).toContain(
      'not expected [(MASQUERADE all 172.17.0.0/16 0.0.0.0/0)]',
    );
  });

  test.each([
    [{ none: ['{{ip}}'] }, ['10.0.0.1']],
    [{ exactly: ['{{ip}}'] }, ['10.0.0.2']],
    [{ any: ['{{ip}}'] }, ['10.0.0.2']],
    [['{{ip}}'], ['10.0.0.2']],
  ])('the values of captures: %j of %j', (expected, actual) => {
    expect(compare(expected, actual, 'x', { ip: '10.0.0.1' }).message).toContain('(ip is 10.0.0.1)');
  });
});
