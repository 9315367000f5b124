import { describe, expect, test } from 'vitest';
import { captureNote, nearest, show } from '../../src/check/show.ts';

describe('a value in a sentence', () => {
  test.each<[unknown, string]>([
    [null, 'nothing (null)'],
    [undefined, 'nothing (null)'],
    [5, '5'],
    [false, 'false'],
    ['eth0', 'eth0'],
    ['a b c', 'a b c'],
    ['a  b', '"a  b"'],
    [' a', '" a"'],
    ['a ', '"a "'],
    ['', '""'],
    ['a"b', '"a\\"b"'],
    ['a\nb', '"a\\nb"'],
    ["'a", '"\'a"'],
    ["it's", "it's"],
    ['[a', '"[a"'],
    ['a[', 'a['],
    ['{a}', '"{a}"'],
    [',a', '",a"'],
    [[], '[]'],
    [['a', null, ['b']], '[a, nothing (null), [b]]'],
    [{}, '{}'],
    [{ a: null, b: { c: 'd e' }, f: [1] }, '{a: null, b: {c: d e}, f: [1]}'],
    ['x'.repeat(160), 'x'.repeat(160)],
    ['x'.repeat(161), `${'x'.repeat(160)}…`],
    [['x'.repeat(158), 'y'.repeat(99)], `[${'x'.repeat(158)},…`],
    [['x'.repeat(159), 'y'], `[${'x'.repeat(159)}…`],
  ])('%j is %s', (value, text) => expect(show(value)).toBe(text));

  test('is as short as is asked for', () => {
    expect(show('abcdef', 3)).toBe('abc…');
    let looked = 0;
    const items = Array.from({ length: 100 }, () => ({
      get a() {
        looked += 1;
        return 'four';
      },
    }));
    expect(show(items, 20)).toBe('[{a: four}, {a: four…');
    expect(looked).toBeLessThan(10);
  });
});

describe('what names in an expectation stand for', () => {
  const known = new Map([
    ['ip', '10.0.0.2'],
    ['n', '5 6'],
  ]);
  test.each<[unknown, string]>([
    ['{{ip}}', ' (ip is 10.0.0.2)'],
    ['{{ ip }} {{n}} {{ip}}', ' (ip is 10.0.0.2, n is 5 6)'],
    ['{{ip:ipv4}}', ' (ip is 10.0.0.2)'],
    ['{{ ip : ipv4 }}', ' (ip is 10.0.0.2)'],
    ['{{x}} {{int}}', ''],
    ['ip', ''],
    [['a', { b: '{{n}}' }], ' (n is 5 6)'],
    [undefined, ''],
    [5, ''],
  ])('%j%s', (expected, note) => expect(captureNote(expected, known)).toBe(note));
});

describe('the nearest name', () => {
  test.each<[string, readonly string[], string | undefined]>([
    ['mtu', ['mta', 'mtu2', 'mtu'], 'mtu'],
    ['mtu', [], undefined],
    ['NAME', ['name'], 'name'],
    ['naem', ['name'], 'name'],
    ['ab', ['ba'], 'ba'],
    ['ba', ['xy', 'ab'], 'ab'],
    ['nmae', ['nameX'], undefined],
    ['ab', ['cd'], undefined],
    ['a', ['b'], 'b'],
    ['a', ['bc'], undefined],
    ['abc', ['xbc'], 'xbc'],
    ['abc', ['bc'], 'bc'],
    ['abc', ['abcd'], 'abcd'],
    ['abcde', ['abcxy'], undefined],
    ['abcdef', ['abcdxy'], 'abcdxy'],
    ['abcdef', ['abcxyz'], undefined],
    ['abcdefghi', ['abcdefxyz'], 'abcdefxyz'],
    ['abcdefgh', ['bacdegfh'], 'bacdegfh'],
    ['badcfe', ['abcdef'], undefined],
    ['packet_loss', ['packet_loss_percent', 'x'], 'packet_loss_percent'],
    ['packet_loss_percent', ['packet_loss', 'x'], 'packet_loss'],
    ['rx', ['rx_packets', 'rx_bytes'], undefined],
    ['packets_lost_for_ever', ['ever'], undefined],
    ['packet', ['packets_lost'], undefined],
  ])('to %s among %j is %s', (name, names, near) => expect(nearest(name, names)).toBe(near));
});
