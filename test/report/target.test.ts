import { describe, expect, test } from 'vitest';
import { streamTarget } from '../../src/report/target.ts';

const terminal = { write: () => true, isTTY: true, columns: 100 };
const pipe = { write: () => true };

describe('colour', () => {
  test.each([
    [terminal, {}, true],
    [pipe, {}, false],
    [terminal, { NO_COLOR: '1' }, false],
    [terminal, { NO_COLOR: '' }, true],
    [pipe, { FORCE_COLOR: '1' }, true],
    [terminal, { FORCE_COLOR: '0' }, false],
    [pipe, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    [terminal, { TERM: 'dumb' }, false],
  ])('case %#', (stream, env, colour) => {
    expect(streamTarget(stream, env).colour).toBe(colour);
  });
});

describe('symbols', () => {
  test.each([
    [{}, true],
    [{ LANG: 'C.UTF-8' }, true],
    [{ LANG: 'zh_CN.utf8' }, true],
    [{ LANG: 'C' }, false],
    [{ LANG: 'C.UTF-8', LC_ALL: 'POSIX' }, false],
    [{ LANG: 'C.UTF-8', TERM: 'linux' }, false],
  ])('%j: %j', (env, unicode) => {
    expect(streamTarget(terminal, env).unicode).toBe(unicode);
  });
});

describe('size', () => {
  test('is that of the terminal, at each moment', () => {
    const stream = { ...terminal };
    const target = streamTarget(stream, {});
    expect(target.columns).toBe(100);
    stream.columns = 50;
    expect(target.columns).toBe(50);
  });

  test('is 80 where it is not known', () => {
    expect(streamTarget(pipe, {}).columns).toBe(80);
    expect(streamTarget({ ...terminal, columns: 0 }, {}).columns).toBe(80);
  });

  test('a dumb terminal is written to like a pipe', () => {
    expect(streamTarget(terminal, { TERM: 'dumb' }).isTerminal).toBe(false);
  });
});
