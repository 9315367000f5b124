import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pairRuns } from '../../src/check/seen-lines.ts';
import { tokensOf } from '../../src/check/tokens.ts';
import { isVolatile } from '../../src/check/volatile.ts';

const now = new Date('2026-11-24T12:00:00Z');

describe('what will be another value next time', () => {
  // Where it is 21:00 at noon in Greenwich.
  const zone = process.env['TZ'];
  beforeEach(() => {
    process.env['TZ'] = 'Asia/Tokyo';
  });
  afterEach(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  it.each<[string, ...string[]]>([
    ['12:00:01', '12:00:01'],
    ['13:00', '13:00'],
    ['13:01'],
    ['11:00:00', '11:00:00'],
    ['10:01'],
    ['10:59'],
    ['00:30 12:59', '00:30', '12:59'],
    ['21:10', '21:10'],
    ['9:30 AM', '9:30 AM'],
    ['7:59'],
    ['8:01', '8:01'],
    ['Nov 24', 'Nov 24'],
    ['Nov 23, Nov 25', 'Nov 23', 'Nov 25'],
    ['Nov 22, Nov 26, Nov 2, Dec 24'],
    ['November 24', 'November 24'],
    ['2026-11-24 2026/11/25', '2026-11-24', '2026/11/25'],
    ['2025-11-24 2026-11-22 2026-12-24'],
    ['11/24/2026 24/11/2026', '11/24/2026', '24/11/2026'],
    ['11/24/26 24/11/26', '11/24/26', '24/11/26'],
    ['11/24/25 24/11/25 11/22/26'],
    ['Nov 24 2025, 24 Nov 2025, 24 Nov 2027'],
    ['24 Nov 2026, 24-Nov-2026', '24 Nov 2026', '24-Nov-2026'],
    ['Tue Nov 24 03:00:00 UTC 2026', 'Tue Nov 24 03:00:00 UTC 2026'],
    ['Tue Nov 24 12:00:00 UTC 1999'],
    ['RX packets 5  bytes 936 (936.0 B)', '5', '936', '936.0 B'],
    ['TX packets:5 errors:0 bytes:7', '5', '7'],
    ['packets 5  bytes 7 TXX bytes 9'],
    ['RX errors 5  packets no 6'],
    ['bytes 936 (936.0 B)', '936.0 B'],
    ['77.8MB, 936.0 B (936.0 B)'],
    ['pid=12 PID: 13 pid   14', '12', '13', '14'],
    ['stupid 12 pid x 13'],
    ['pid 1.5'],
    ['time=0.045 ms', '0.045'],
    ['in 0.5 s, 5 s', '0.5'],
    ['took 5 s', '5'],
    ['Time: 5 seconds', '5 seconds'],
    ['elapsed 5 secs, uptime 6 sec', '5', '6'],
    ['took long: 5 s'],
    ['rtt = 0.1/0.2/3 ms', '0.1', '0.2'],
    ['0.5 msecs, 0.5 packets'],
    ['1.5s 5s Up 6s', '1.5s', '6s'],
    ['5s ago, 5 minutes ago, 5 minutes', '5s', '5 minutes'],
    ['5s agony'],
    ['v1.5 10.0.0.1/24 4d7f3c6e2a10 x'],
  ])('%s', (line, ...volatile) => {
    const tokens = tokensOf(line);
    const found = tokens.flatMap(({ text }, index) => (isVolatile(tokens, index, now) ? [text] : []));
    expect(found).toEqual(volatile);
  });
});

describe('the lines of two runs side by side', () => {
  const paired = (...runs: readonly string[]) => {
    const seen = pairRuns(runs.map((run) => (run === '' ? [] : run.split('|'))));
    return seen.map((item) => (item.kind === 'gap' ? '...' : item.at.join('='))).join(' ');
  };

  it.each([
    [['a|b'], '0 1'],
    [[''], ''],
    [['a|b', 'a|b'], '0=0 1=1'],
    [['a', ''], '...'],
    [['', 'a'], '...'],
    [['a|b|c', 'a|c'], '0=0 ... 2=1'],
    [['a|c', 'a|b|c'], '0=0 ... 1=2'],
    [['a|a|a', 'a'], '0=0 ...'],
    [['a|x|b', 'a|y|b'], '0=0 1=1 2=2'],
    [['h|1|2|3|t', 'h|2|3|1|t'], '0=0 ... 4=4'],
    [['1|2', '3|4'], '0=0 1=1'],
    [['h|p q 1|t', 'h|new one|p q 2|t'], '0=0 ... 1=2 2=3'],
    [['h|p q 1|r|t', 'h|p q 2|t'], '0=0 1=1 ... 3=2'],
    [['h|u|p q 1|v|t', 'h|w|p q 2|x|t'], '0=0 1=1 2=2 3=3 4=4'],
    [['h|u|v|p q 1|t', 'h|w|p q 2|x|y|t'], '0=0 ... 3=2 ... 4=5'],
    [['h|m|n o p 1|q', 'h|n o p 2|m x|r|q'], '0=0 ... 2=1 ... 3=4'],
    [['a b|k 1|c d', 'a b|j|k 2|l 9|c d'], '0=0 ... 1=2 ... 2=4'],
    [['same 1|x|y', 'z|same 1|w'], '... 0=1 ...'],
  ])('%j: %s', (runs, lines) => {
    expect(paired(...runs)).toBe(lines);
  });

  it('are any lines where they are too many to be compared, unless there are as many of each', () => {
    const many = (count: number, word: string) =>
      Array.from({ length: count }, (_, index) => `${word} ${index}x`).join('|');
    expect(paired(`h|${many(700, 'a')}|t`, `h|${many(699, 'b')}|t`)).toBe('0=0 ... 701=700');
    expect(paired(many(700, 'a'), many(700, 'b')).split(' ')).toHaveLength(700);
  });
});
