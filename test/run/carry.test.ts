import { describe, expect, it } from 'vitest';
import type { Captures, Prober } from '../../src/check/types.ts';
import { carry, sameCaptures } from '../../src/run/carry.ts';
import type { Done } from '../../src/run/fit.ts';
import { output } from '../check/example.ts';
import { at, doneOf, planOf, read } from './ran.ts';

const fence = '```';
const block = (lines: string, info = 'console'): string => `${fence}${info}\n${lines}\n${fence}\n`;
const none: Captures = new Map();

/** Never to be asked. */
const silent: Prober = () => Promise.reject(new Error('the lab was asked'));
const { signal } = new AbortController();

function ran(document: string, printed: readonly string[] = [], captures: Captures = none): Done {
  const [done] = doneOf(planOf(read(document)), printed, captures);
  if (!done) throw new Error('nothing was run');
  return done;
}

function carried(done: Done, document: string, captures: Captures = none, probe: Prober = silent) {
  return carry(done, at(planOf(read(document)), 0), captures, { probe, signal });
}

describe('a step that is not run again', () => {
  it('is judged by what the document says now, at the lines where it says it', async () => {
    const done = ran(block('$ echo one\none'), ['one\n']);
    const { result } = await carried(done, `More.\n\n${block('$ echo one\n1')}`);
    expect(result).toMatchObject({ status: 'failed', line: 10, carried: 'run 1', duration_ms: 12 });
    expect(result.checks.find(({ kind }) => kind === 'output')).toMatchObject({ ok: false, line: 11, expected: '1' });
    const again = await carried(done, block('$ echo one\n{{word:word}}'));
    expect(again.result.status).toBe('passed');
    expect(again.captures).toEqual(new Map([['word', 'one']]));
  });

  it('captures nothing where it does not pass', async () => {
    const { result, captures } = await carried(
      ran(block('$ x\none'), ['one\n']),
      block('$ x\n{{word:word}}\n[1]'),
      new Map([['a', '1']]),
    );
    expect(result.status).toBe('failed');
    expect(captures).toEqual(new Map([['a', '1']]));
  });

  it('is compared with what is captured now', async () => {
    const document = `${block('$ y\n{{a:word}}')}\n${block('$ x\n{{a}}')}`;
    const [, done] = doneOf(planOf(read(document)), ['', 'one\n']);
    if (!done) throw new Error('nothing was run');
    const of = async (a: string) =>
      (await carry(done, at(planOf(read(document)), 1), new Map([['a', a]]), { probe: silent, signal })).result.status;
    expect([await of('one'), await of('two')]).toEqual(['passed', 'failed']);
  });

  it('does not pass where the kernel ended what it ran, whatever it printed', async () => {
    const killed = output('one\n', { limited: true, note: 'the memory limit was reached' });
    const done = ran(block('$ x\ntwo'));
    const { result } = await carried({ ...done, judged: { ...done.judged, output: killed } }, block('$ x\none'));
    expect(result).toMatchObject({ status: 'errored', reason: 'the memory limit was reached' });
  });

  it('keeps how often it was run, and every byte that it printed', async () => {
    const done = ran(block('$ x\none', 'console {eventually=1s}'), ['one\n']);
    const result = { ...done.judged.result, reason: 'run 3 times in 0.2 s', stdout: 'one\n', stdout_bytes: 'b25lCg==' };
    const same = await carried(
      { ...done, judged: { ...done.judged, result } },
      block('$ x\none', 'console {eventually=1s}'),
    );
    expect(same.result).toMatchObject({ status: 'passed', reason: 'run 3 times in 0.2 s', stdout_bytes: 'b25lCg==' });
  });

  it('that runs in the background stays ready, and says so', async () => {
    const document = block('serve', 'sh {background ready=/up/}');
    const done = ran(document);
    const ready = { kind: 'ready', path: 'ready', expected: 'up', actual: null, ok: true, message: 'ready', line: 8 };
    const result = { ...done.judged.result, reason: 'runs in the background', checks: [ready] };
    const before = { ...done, judged: { ...done.judged, result, output: undefined } };
    const moved = await carried(before, `More.\n\n${document}`);
    expect(moved.result).toMatchObject({
      status: 'passed',
      reason: 'runs in the background',
      checks: [{ kind: 'ready', line: 10 }],
    });
  });
});

describe('the state of its lab', () => {
  const asks = (state: string, text = 'one'): string => `${block(`$ x\n${text}`)}\n${block(state, 'yaml expect')}`;
  const there = 'file: { /f: { exists: true } }';
  const found = (line: number, ok = true) => ({
    kind: 'file',
    path: 'file./f.exists',
    expected: true,
    actual: ok,
    ok,
    message: '',
    line,
  });
  /** A lab in which there is no file. */
  const empty: Prober = async (_, requests) =>
    requests.map(() => ({ stdout: '', stderr: '', exit: 1, problem: undefined }));

  it('is as it was found then, where nothing else is asked', async () => {
    const done = ran(asks(there), ['one\n']);
    const judged = { ...done.judged, result: { ...done.judged.result, checks: [found(13)] } };
    const { result } = await carried({ ...done, judged }, `More.\n\n${asks(there)}`);
    expect(result.status).toBe('passed');
    expect(result.checks.at(-1)).toEqual(found(15));
    const wrong = {
      ...done.judged,
      result: { ...done.judged.result, status: 'failed' as const, checks: [found(13, false)] },
    };
    expect((await carried({ ...done, judged: wrong }, asks(there))).result.status).toBe('failed');
  });

  it('is asked for where another thing is expected', async () => {
    const asked: string[] = [];
    const probe: Prober = (node, requests, stop) => {
      asked.push(...requests.map(({ script }) => script));
      return empty(node, requests, stop);
    };
    const { result } = await carried(ran(asks(there), ['one\n']), asks('file: { /g: { exists: true } }'), none, probe);
    expect(asked).toHaveLength(1);
    expect(result.status).not.toBe('passed');
  });

  it('is asked for where what was printed names what is asked for, and is read in another way', async () => {
    const state = 'file: { "/{{a}}": { exists: true } }';
    const done = ran(
      asks(state, '{{a:word}} {{b:word}}'),
      ['f g\n'],
      new Map([
        ['a', 'f'],
        ['b', 'g'],
      ]),
    );
    const judged = { ...done.judged, result: { ...done.judged.result, checks: [found(13)] } };
    const asked: string[] = [];
    const probe: Prober = (node, requests, stop) => {
      asked.push(...requests.map(({ script }) => script));
      return empty(node, requests, stop);
    };
    expect((await carried({ ...done, judged }, asks(state, '{{a:word}} {{b:word}}'), none, probe)).result.status).toBe(
      'passed',
    );
    expect(asked).toEqual([]);
    expect(
      (await carried({ ...done, judged }, asks(state, '{{b:word}} {{a:word}}'), none, probe)).result.status,
    ).not.toBe('passed');
    expect(asked.join()).toContain('/g');
  });
});

describe('captures', () => {
  it('are the same where names and values are', () => {
    const a = new Map([['a', '1']]);
    expect(sameCaptures(a, new Map([['a', '1']]))).toBe(true);
    expect(sameCaptures(a, new Map([['a', '2']]))).toBe(false);
    expect(sameCaptures(a, new Map([['b', '1']]))).toBe(false);
    expect(
      sameCaptures(
        a,
        new Map([
          ['a', '1'],
          ['b', '1'],
        ]),
      ),
    ).toBe(false);
  });
});
