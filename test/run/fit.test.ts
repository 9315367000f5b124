import { describe, expect, it } from 'vitest';
import { asksAnew, type Fit, fitOf, stageOf, type Underway } from '../../src/run/fit.ts';
import type { Judged } from '../../src/run/run-step.ts';
import { at, doneOf, planOf, read } from './ran.ts';

const fence = '```';
const transcript = (lines: string, attributes = ''): string => `${fence}console${attributes}\n${lines}\n${fence}\n`;
const expectation = (lines: string): string => `${fence}yaml expect\n${lines}\n${fence}\n`;

/** How a document fits where all steps of another one were run. */
function fitting(before: string, now: string, result: Partial<Judged['result']> = {}): Fit {
  const ran = doneOf(planOf(read(before)));
  return fitOf(
    ran.map((each, index) =>
      index === 0 ? { ...each, judged: { ...each.judged, result: { ...each.judged.result, ...result } } } : each,
    ),
    planOf(read(now)),
  );
}

const one = transcript('$ echo one\none\n$ echo two\ntwo');

describe('a lab where steps were run', () => {
  it.each([
    ['the same document', one],
    ['other prose', `Words.\n\n${one}`],
    ['other output', transcript('$ echo one\n1\n$ echo two\n...')],
    ['another status', transcript('$ echo one\none\n[3]\n$ echo two\ntwo')],
    ['a step more', `${one}\n${transcript('$ echo three\nthree')}`],
    ['another way to compare', transcript('$ echo one\none\n$ echo two\ntwo', ' {match=contains}')],
    ['a longer limit', transcript('$ echo one\none\n$ echo two\ntwo', ' {timeout=1h}')],
    ['whether to go on', transcript('$ echo one\none\n$ echo two\ntwo', ' {continue}')],
    ['a step that is not run', `${transcript('$ false', ' {skip}')}\n${one}`],
    ['teardown', `${one}\n${transcript('$ true', ' {teardown}')}`],
  ])('goes on with %s', (_, now) => {
    expect(fitting(one, now)).toEqual({ done: 2 });
  });

  it.each([
    ['another command', transcript('$ echo 1\none\n$ echo two\ntwo'), 'it was changed after it had run'],
    ['a step before', `${transcript('$ true')}\n${one}`, 'it was changed after it had run'],
    ['steps in another order', transcript('$ echo two\ntwo\n$ echo one\none'), 'it was changed after it had run'],
    ['a step gone', transcript('$ echo one\none'), 'a step that was run is gone: echo two'],
    [
      'a step that is not run any more',
      transcript('$ echo one\none\n$ echo two\ntwo', ' {skip}'),
      'a step that was run is gone: echo one',
    ],
    [
      'another session',
      transcript('$ echo one\none\n$ echo two\ntwo', ' {session=other}'),
      'it was changed after it had run',
    ],
    ['a terminal', transcript('$ echo one\none\n$ echo two\ntwo', ' {tty}'), 'it was changed after it had run'],
    ['another folder', transcript('$ echo one\none\n$ echo two\ntwo', ' {cwd=/}'), 'it was changed after it had run'],
    ['a variable', transcript('$ echo one\none\n$ echo two\ntwo', ' {env.A=1}'), 'it was changed after it had run'],
    [
      'apart, what was one stream',
      transcript('$ echo one\none\n$ echo two\ntwo', ' {stream=stderr}'),
      'it was changed after it had run',
    ],
    [
      'a limit below what it took',
      transcript('$ echo one\none\n$ echo two\ntwo', ' {timeout=10ms}'),
      'it took longer than its limit is now',
    ],
    ['patience', transcript('$ echo one\none\n$ echo two\ntwo', ' {eventually=1s}'), 'it was changed after it had run'],
  ])('does not fit %s', (_, now, why) => {
    expect(fitting(one, now)).toMatchObject({ why });
  });

  it.each([
    ['timed out', { status: 'timed_out' }, 'it timed out'],
    ['errored', { status: 'errored', checks: [] }, 'it errored'],
  ] as const)('does not fit where a step %s', (_, result, why) => {
    expect(fitting(one, one, result)).toMatchObject({ line: 8, why });
  });

  it('fits where only what a step printed could not be read', () => {
    const unread = {
      kind: 'hosts',
      path: '',
      expected: null,
      actual: null,
      ok: false,
      errored: true,
      message: '',
      line: 8,
    };
    expect(fitting(one, one, { status: 'errored', checks: [unread] })).toEqual({ done: 2 });
  });

  it('does not fit other expectations of a step that was run again and again until they held', () => {
    const patient = (text: string): string => transcript(`$ echo one\n${text}`, ' {eventually=1s}');
    expect(fitting(patient('one'), patient('1'))).toMatchObject({ why: 'it was changed after it had run' });
    expect(fitting(patient('one'), `Words.\n\n${patient('one')}`)).toEqual({ done: 1 });
  });

  it('fits other expectations of its state only where nothing was run since', () => {
    const with_ = (state: string, ...more: readonly string[]): string =>
      [transcript('$ true'), expectation(state), ...more].join('\n');
    const [there, gone] = ['file: { /f: { exists: true } }', 'file: { /f: { exists: false } }'];
    expect(fitting(with_(there), with_(gone))).toEqual({ done: 1 });
    expect(fitting(with_(there, transcript('$ echo 1\n1')), with_(gone, transcript('$ echo 1\n1')))).toMatchObject({
      line: 8,
      why: 'what it expects of the state could only be asked right after it',
    });
  });

  it('knows a step that is being run only by what it runs', () => {
    const running: Underway[] = [{ planned: at(planOf(read(one)), 0), judged: undefined }];
    expect(fitOf(running, planOf(read(one)))).toEqual({ done: 1 });
    expect(fitOf(running, planOf(read(transcript('$ sleep 9'))))).toMatchObject({ line: 8 });
  });
});

describe('the state of the lab', () => {
  const named = (text: string, state: string): string => `${transcript(`$ x\n${text}`)}\n${expectation(state)}`;
  const asks = (before: string, now: string, status: 'passed' | 'failed' = 'passed'): boolean => {
    const [done] = doneOf(planOf(read(before)));
    if (!done) throw new Error('no step');
    const judged = { ...done.judged, result: { ...done.judged.result, status } };
    return asksAnew({ ...done, judged }, at(planOf(read(now)), 0).step);
  };
  const plain = 'file: { /f: { exists: true } }';
  const hangs = 'file: { "/{{a}}": { exists: true } }';

  it('is asked for again where it is another question', () => {
    expect(asks(named('{{a:word}} {{b:word}}', plain), named('{{b:word}} {{a:word}}', plain))).toBe(false);
    expect(asks(named('{{a:word}}', plain), named('{{a:word}}', hangs))).toBe(true);
  });

  it('is asked for again where the question hangs on what was printed, and that is read in another way', () => {
    expect(asks(named('{{a:word}} {{b:word}}', hangs), named('{{a:word}} {{b:word}}', hangs))).toBe(false);
    expect(asks(named('{{a:word}} {{b:word}}', hangs), named('{{b:word}} {{a:word}}', hangs))).toBe(true);
  });

  it('is asked for again where what it captured was lost with the step that failed', () => {
    expect(asks(named('{{a:word}}', hangs), named('{{a:word}}', hangs), 'failed')).toBe(true);
    expect(asks(named('{{a:word}}', plain), named('{{a:word}}', plain), 'failed')).toBe(false);
  });
});

describe('what a lab is made of', () => {
  const made = (front: string, text = one): string => stageOf(read(text, front));
  it('is its front matter, wherever that stands, and not what is said of the document', () => {
    expect(made('lab: sandbox')).toBe(made('title: T\n\nlab: sandbox\ntags: [a]', `More.\n\n${one}`));
    expect(made('lab: sandbox')).not.toBe(made('lab: docker'));
    expect(made('lab: { nodes: { a: { kind: host } } }')).not.toBe(
      made('lab: { nodes: { a: { kind: host } }, limits: { pids: 99 } }'),
    );
    expect(made('lab: sandbox')).not.toBe(made('lab: sandbox\nenv: { A: "1" }'));
  });
});
