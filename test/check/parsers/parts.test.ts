import { afterEach, describe, expect, test } from 'vitest';
import { loadParser } from '../../../src/check/parsers/index.ts';
import { errorType } from '../../../src/check/parsers/ping_errors.ts';

describe('errors that ping tells', () => {
  test.each([
    ['Destination Host Unreachable', 'destination_host_unreachable'],
    ['Frag needed and DF set (mtu = 1300)', 'frag_needed_and_df_set'],
    ['frag needed and DF set (MTU 1300)', 'frag_needed_and_df_set'],
    ['Redirect Host(New nexthop: 192.0.2.1)', 'redirect_host'],
    ['Redirect Host (New addr: 192.0.2.1)', 'redirect_host'],
    ['Dest Unreachable, Bad Code: 77', 'dest_unreachable_bad_code'],
    ['Parameter problem: pointer = 20', 'parameter_problem'],
    ['Packet too big: mtu=1300', 'packet_too_big'],
    ['Destination unreachable: No route', 'destination_unreachable_no_route'],
    ['Time exceeded: Hop limit', 'time_exceeded_hop_limit'],
    ['Time to live exceeded', 'time_to_live_exceeded'],
  ])('%s', (message, type) => {
    expect(errorType(message)).toBe(type);
  });

  test('others are none', () => {
    expect(errorType('Destination Lunch Unreachable')).toBeUndefined();
    expect(errorType('')).toBeUndefined();
  });
});

describe('the time of an answer', () => {
  const zone = process.env['TZ'];
  afterEach(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  async function timesOf(when: string): Promise<unknown> {
    const parser = await loadParser('dig');
    const header = ';; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1';
    const flags = ';; flags: qr; QUERY: 1, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 0';
    const answers = parser?.parse(`${header}\n${flags}\n\n;; WHEN: ${when}\n`);
    const [answer] = Array.isArray(answers) ? answers : [];
    return [answer.when_epoch, answer.when_epoch_utc];
  }

  test('is known if it is told in UTC, and is that of the clock here otherwise', async () => {
    process.env['TZ'] = 'UTC';
    expect(await timesOf('Mon Mar 04 09:15:42 UTC 2024')).toEqual([1709543742, 1709543742]);
    process.env['TZ'] = 'Asia/Shanghai';
    expect(await timesOf('Mon Mar 04 09:15:42 UTC 2024')).toEqual([1709543742 - 8 * 3600, 1709543742]);
    expect(await timesOf('Mon Mar 04 09:15:42 CET 2024')).toEqual([1709543742 - 8 * 3600, null]);
    // Before 9.9, dig told no zone.
    expect(await timesOf('Mon Mar  4 09:15:42 2024')).toEqual([1709543742 - 8 * 3600, null]);
    expect(await timesOf('Mo 4. Mär 2024 09:15:42')).toEqual([null, null]);
  });
});
