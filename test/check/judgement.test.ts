import { describe, expect, test } from 'vitest';
import { evaluate, type StateAccess } from '../../src/check/evaluate.ts';
import { checkState } from '../../src/check/state.ts';
import type { ProbeAnswer, ProbeRequest, Prober } from '../../src/check/types.ts';
import type { Expectation } from '../../src/runbook/types.ts';
import { answer, asks, told } from './asking.ts';
import { output, step } from './example.ts';

/** What is said of a script's expectations after its status. */
async function judged(
  expect: Record<string, unknown>,
  text: string,
  came: Parameters<typeof output>[1] = {},
  asked: Parameters<typeof step>[0] = {},
): Promise<readonly string[]> {
  const { checks } = await evaluate(
    step({ kind: 'script', stream: 'stdout', expect, ...asked }),
    output(text, came),
    new Map(),
  );
  return told(checks.slice(1));
}

describe('what is expected of a structure', () => {
  const silent = 'the step printed nothing; where that is meant, ask for { exactly: [] }';
  test.each<[Record<string, unknown>, string, Parameters<typeof output>[1], string]>([
    [{ hosts: { none: ['1.2.3.4'] } }, '', {}, `errored hosts: ${silent}`],
    [{ hosts: { none: ['1.2.3.4'] } }, ' \n\t\n', {}, `errored hosts: ${silent}`],
    [{ hosts: '!1.2.3.4' }, '\n', {}, `errored hosts: ${silent}`],
    [{ hosts: { count: '>= 0' } }, '', {}, `errored hosts: ${silent}`],
    [{ hosts: [] }, '', {}, 'ok hosts: is exactly []'],
    [{ hosts: { exactly: [] } }, '', {}, 'ok hosts: is exactly []'],
    [{ hosts: { count: 0 } }, '', {}, 'ok hosts.count: 0, as expected'],
    [{ hosts: { none: ['1.2.3.4'] } }, '', { exit: 1 }, 'ok hosts: does not include 1.2.3.4'],
    [{ hosts: { none: ['1.2.3.4'] } }, '127.0.0.1 lo\n', {}, 'ok hosts: does not include 1.2.3.4'],
    [
      { hosts: [] },
      '127.0.0.1 lo\n',
      { droppedBytes: 7 },
      "errored hosts: 7 bytes were dropped from the output's middle",
    ],
    [{ hostx: [] }, 'x\n', {}, 'errored hostx: there is no such check (did you mean hosts?); there are '],
    [{ exit: 'x' }, '', { exit: null }, 'errored exit: the status is not known'],
  ])('%j of %j', async (expected, text, came, said) => {
    const [first = ''] = await judged(expected, text, came);
    expect(first.startsWith(said) ? said : first).toBe(said);
  });

  test('is not compared with what cannot be read', async () => {
    const { checks } = await evaluate(step({ kind: 'script', expect: { ping: {} } }), output('no\n'), new Map());
    expect(checks[1]).toMatchObject({
      kind: 'ping',
      path: 'ping',
      expected: {},
      actual: 'no',
      ok: false,
      errored: true,
    });
    const failed = await evaluate(
      step({ kind: 'script', expect: { ping: {} } }),
      output('no\n', { exit: 2 }),
      new Map(),
    );
    expect(failed.checks[1]).toMatchObject({ ok: false, line: 20 });
    expect(failed.checks[1]?.errored).toBeUndefined();
  });

  test('is JSON whatever it is', async () => {
    const odd = { json: { a: Number.NaN, b: 10n, c: [Number.POSITIVE_INFINITY, undefined, 1.5], d: true } };
    const { checks } = await evaluate(step({ kind: 'script', expect: odd }), output('{"a":1}\n'), new Map());
    for (const check of checks) expect(JSON.parse(JSON.stringify(check))).toEqual(check);
    const { checks: whole } = await evaluate(
      step({ kind: 'script', expect: { json: { x: 1 } } }),
      output('[1]'),
      new Map(),
    );
    expect(whole[1]?.expected).toEqual({ x: 1 });
    const { checks: infinite } = await evaluate(
      step({ kind: 'script', expect: { json: [Number.POSITIVE_INFINITY] } }),
      output('[1]'),
      new Map(),
    );
    expect(infinite[1]?.expected).toBe('Infinity');
    expect(infinite[1]?.actual).toEqual([1]);
  });

  test('a prompt that does not come', async () => {
    const opened = output('', { exit: null, ending: 'unopened' });
    const { checks } = await evaluate(step({ nextPrompt: '/ #  ', match: 'ignore' }), opened, new Map());
    expect(checks.at(-1)).toMatchObject({
      kind: 'prompt',
      path: 'prompt',
      expected: '/ #',
      actual: null,
      ok: false,
      message: 'prompt: the one that the document shows next did not come',
    });
    const noted = await evaluate(
      step({ nextPrompt: undefined, match: 'ignore' }),
      { ...opened, note: 'the shell has gone' },
      new Map(),
    );
    expect(noted.checks.at(-1)).toMatchObject({ expected: null, message: 'prompt: the shell has gone' });
  });

  test('a wrong regular expression is told at the output, and at its own line', async () => {
    const { checks } = await evaluate(
      step({ expected: 'a\n(a+)+b (re)' }),
      output(`a\n${'a'.repeat(60)}!\n`),
      new Map(),
    );
    expect(checks[1]).toMatchObject({
      kind: 'output',
      line: 11,
      ok: false,
      errored: true,
      expected: null,
      actual: null,
    });
  });
});

describe('a text that was printed', () => {
  const both = { stderr: 'e1\ne2\ne3\n' };
  test.each<[Record<string, unknown>, string, string[]]>([
    [{ lines: 2 }, 'stdout', ['ok lines: 2, as expected']],
    [{ lines: 3 }, 'stderr', ['ok lines: 3, as expected']],
    [{ stdout: ['o1'] }, 'stderr', ['ok stdout: o1 occurs, as expected']],
    [
      { stderr: ['e1', '!o1'] },
      'stdout',
      ['ok stderr: e1 occurs, as expected', 'ok stderr: o1 does not occur, as expected'],
    ],
    [
      { stdout: { none: ['o1', 'x'] } },
      'stdout',
      ['failed stdout: expected not to contain o1, got "o1\\no2"', 'ok stdout: x does not occur, as expected'],
    ],
    [{ stdout: { any: ['x', 'o2'] } }, 'stdout', ['ok stdout: contains one of [x, o2]']],
    [{ stdout: { any: ['x', 'y'] } }, 'stdout', ['failed stdout: expected to contain any of [x, y], got "o1\\no2"']],
    [{ stdout: { any: 'o2' } }, 'stdout', ['ok stdout: contains one of [o2]']],
    [
      { stdout: { exactly: 'o1' } },
      'stdout',
      ['failed stdout: expected exactly [o1], got [o1, o2]; not expected [o2]'],
    ],
    [
      { stdout: { exactly: [] } },
      'stdout',
      ['failed stdout: expected exactly [], got [o1, o2]; not expected [o1, o2]'],
    ],
    [{ stdout: 'o1\no2' }, 'stdout', ['ok stdout: as expected']],
    [{ stdout: 'o1\n(re' }, 'stdout', ['failed stdout: expected "o1\\n(re", got "o1\\no2"']],
    [{ stdout: 'o1\n{{x' }, 'stdout', ['failed stdout: expected "o1\\n{{x", got "o1\\no2"']],
    [{ stdout: 'o1\n{{x:y}}' }, 'stdout', ['errored stdout: {{x:y}}: there is no type "y"; the types are: ']],
    [{ stdout: ' ... ' }, 'stdout', ['failed stdout: expected " ... ", got "o1\\no2"']],
    [{ stdout: '... ' }, 'stdout', ['ok stdout: as expected']],
    [{ stdout: 5 }, 'stdout', ['failed stdout: expected 5, got "o1\\no2"']],
    [{ stdout: true }, 'stdout', ['failed stdout: expected true, got "o1\\no2"']],
    [{ stdout: ['o1\no2 '] }, 'stdout', ['ok stdout: "o1\\no2 " occurs, as expected']],
    [{ stdout: ['1\no'] }, 'stdout', ['ok stdout: "1\\no" occurs, as expected']],
    [{ stdout: { none: ['o1 \no2'] } }, 'stdout', ['failed stdout: expected not to contain "o1 \\no2", got "o1\\no2"']],
    [{ stdout: { none: ['o2\no1'] } }, 'stdout', ['ok stdout: "o2\\no1" does not occur, as expected']],
    [
      { stdout: { none: ['o1\n[..]'] } },
      'stdout',
      ['errored stdout: "o1\\n[..]": a pattern is looked for within one line'],
    ],
    [{ stdout: [null] }, 'stdout', ['errored stdout: nothing (null) is nothing to look for in a text']],
    [{ stdout: [['a']] }, 'stdout', ['errored stdout: [a] is nothing to look for in a text']],
    [
      { stdout: ['== o1', '==o2', '!== x'] },
      'stdout',
      [
        'ok stdout: == o1 occurs, as expected',
        'ok stdout: ==o2 occurs, as expected',
        'ok stdout: = x does not occur, as expected',
      ],
    ],
    [{ stdout: ['a == o1'] }, 'stdout', ['failed stdout: expected to contain a == o1, got "o1\\no2"']],
    [
      { stdout: [1, '{{n:int}}'] },
      'stdout',
      ['ok stdout: 1 occurs, as expected', 'ok stdout: "{{n:int}}" occurs, as expected'],
    ],
    [
      { stdout: ['o{{n:word}}', 'o{{n}}'] },
      'stdout',
      ['ok stdout: o{{n:word}} occurs, as expected', 'ok stdout: o{{n}} occurs, as expected'],
    ],
    [
      { stdout: { a: 1 } },
      'stdout',
      ['errored stdout: {a: 1} is nothing that a text can be; write a text, a list, or exactly, none, any, count'],
    ],
    [{ stdout: '!= o1' }, 'stdout', ['ok stdout: "o1\\no2", as expected (!= o1)']],
    [{ stdout: '!o1' }, 'stdout', ['failed stdout: expected not to contain o1, got "o1\\no2"']],
    [{ stdout: '/^o2$/' }, 'stdout', ['ok stdout: /^o2$/ occurs, as expected']],
    [{ stdout: ['/^O2$/im'] }, 'stdout', ['ok stdout: /^O2$/im occurs, as expected']],
    [{ duration: '< 1s' }, 'stdout', ['ok duration: 12ms, as expected (< 1s)']],
  ])('%j of %s', async (expected, stream, said) => {
    const lines = await judged(expected, 'o1\no2\n', both, { stream: stream as 'stdout' });
    expect(lines.map((line, index) => (line.startsWith(said[index] ?? '\0') ? said[index] : line))).toEqual(said);
  });

  test('says what was looked for where', async () => {
    const find = async (expected: unknown) =>
      (
        await evaluate(
          step({ kind: 'script', stream: 'stdout', expect: { stdout: expected } }),
          output('a\n'),
          new Map(),
        )
      ).checks[1];
    expect(await find({ none: ['a'] })).toMatchObject({
      path: 'stdout',
      expected: { none: ['a'] },
      actual: 'a',
      ok: false,
    });
    expect(await find(['!b'])).toMatchObject({ expected: { none: ['b'] }, actual: 'a', ok: true });
    expect(await find(['b'])).toMatchObject({ expected: 'b', actual: 'a', ok: false });
    expect(await find({ any: ['b'] })).toMatchObject({ expected: { any: ['b'] }, actual: 'a', ok: false });
    expect(await find('a\nb')).toMatchObject({ expected: 'a\nb', actual: 'a', ok: false });
  });

  test('is captured from', async () => {
    const expect_ = { stdout: { any: ['x{{n:int}}', 'y{{m:int}}'], none: ['q{{k:int}}'] } };
    const { captures } = await evaluate(
      step({ kind: 'script', stream: 'stdout', expect: { ...expect_ } }),
      output('y5 z\n'),
      new Map([['old', '1']]),
    );
    expect(Object.fromEntries(captures)).toEqual({ old: '1', m: '5' });
    const whole = step({ kind: 'script', stream: 'stdout', expect: { stdout: 'a\n{{n:int}}' } });
    expect(Object.fromEntries((await evaluate(whole, output('a\n7\n'), new Map())).captures)).toEqual({ n: '7' });
  });
});

describe('the state of a lab', () => {
  const { signal } = new AbortController();

  /** What is said of expectations, and what was asked for them. */
  async function looked(
    all: readonly Expectation[],
    answers: readonly ProbeAnswer[],
    known: Record<string, string> = {},
  ) {
    const asked: ProbeRequest[] = [];
    const calls: (string | undefined)[] = [];
    const probe: Prober = async (node, requests) => {
      calls.push(node);
      asked.push(...requests);
      return requests.map((_, index) => answers[asked.length - requests.length + index] ?? answer('', { exit: 9 }));
    };
    const { checks, captures } = await checkState(all, new Map(Object.entries(known)), probe, signal);
    return { said: told(checks), asked, calls, captures: Object.fromEntries(captures), checks };
  }

  test('is asked of by what was captured, in names and in options', async () => {
    const value = {
      '{{web}}': { reachable: true, 'local-address': '{{ me }}', count: 2 },
      '{{nobody}}': { reachable: true },
      h: { reachable: true, netns: '{{no_one}}' },
    };
    const { said, asked } = await looked([asks('reach', value)], [answer('', { exit: 9 })], {
      web: '10.0.0.9',
      me: '10.0.0.1',
    });
    expect(asked.map(({ script }) => script.split('\n').at(-1))).toEqual([
      "exec ping -c 2 -i 0.2 -W 1 -I '10.0.0.1' '10.0.0.9'",
    ]);
    expect(asked[0]?.timeoutMs).toBe(6400);
    expect(said).toEqual([
      'errored reach.{{web}}: cannot be probed: status 9',
      'errored reach.{{nobody}}: "{{nobody}}": nothing was captured as nobody',
      'errored reach.h: "{{no_one}}": nothing was captured as no_one',
    ]);
    const headers = asks('http', {
      'http://h/': { status: 1, 'request-headers': ['A: {{me}}', 'B: x'], method: 'GET' },
    });
    const sent = await looked([headers], [], { me: 'm' });
    expect(sent.asked[0]?.script).toContain("'-H' 'A: m' '-H' 'B: x'");
    expect(sent.asked[0]?.timeoutMs).toBe(8000);
  });

  test('has five seconds where nothing else is said, and knows what is expected', async () => {
    const { asked } = await looked([asks('netns', { w: { exists: true } }), asks('file', { '/x': { md5: 'y' } })], []);
    expect(asked.map(({ timeoutMs }) => timeoutMs)).toEqual([5000, 5000]);
    expect(asked[1]?.script).toContain('md5sum');
    expect(asked[1]?.script).not.toContain('sha256sum');
  });

  test('is not asked for where nothing can be asked', async () => {
    const { said, calls } = await looked(
      [asks('port', { 'tcp:x': { listening: true } }), asks('port', 5), asks('exit', 0)],
      [],
    );
    expect(calls).toEqual([]);
    expect(said[0]).toBe('errored port: tcp:x is no port: it takes a protocol and a number, tcp:80');
    expect(said[1]).toMatch(/^errored port: takes a mapping of names/);
    expect(said[2]).toBe('errored exit: is about a step, and there is none here');
  });

  test('is told with what else is known where it is not so', async () => {
    const names = answer('w1 lo v1\n');
    const value = { w2: { exists: true, interfaces: ['v1'] }, w1: { exists: true, interfaces: ['v1', '/(/'] } };
    const { said } = await looked([asks('netns', value)], [names, names]);
    expect(said).toEqual([
      'failed netns.w2.exists: expected true, got false; no network namespace w2; there are w1',
      'failed netns.w2.interfaces: expected a list, [v1], got nothing (null); no network namespace w2; there are w1',
      'ok netns.w1.exists: true, as expected',
      expect.stringMatching(/^errored netns.w1.interfaces: .*Unterminated group$/),
    ]);
    const bare = await looked(
      [asks('command', { x: { 'exit-status': 1, stdout: ['a', '!b'], netns: 'w1' } })],
      [answer('started\nab\n')],
    );
    expect(bare.said).toEqual([
      'failed command.x.exit-status: expected 1, got 0',
      'ok command.x.stdout: a occurs, as expected',
      'failed command.x.stdout: expected not to contain b, got ab',
    ]);
    expect(bare.asked[0]?.script).toMatch(/^exec ip netns exec 'w1' /);
    expect(bare.checks[0]).toMatchObject({ kind: 'command', line: 30, path: 'command.x.exit-status' });
  });

  test('is captured from', async () => {
    const value = { x: { stdout: 'is {{n:int}}' }, y: { stdout: ['{{n}}'] } };
    const { captures } = await looked([asks('command', value)], [answer('started\nis 5\n'), answer('started\n5\n')]);
    expect(captures).toEqual({ n: '5' });
  });

  test('is asked together where node and patience are the same', async () => {
    const names = answer('w1 lo\n');
    const is = (rest: Partial<Expectation>) => asks('netns', { w1: { exists: true } }, rest);
    const all = [
      is({}),
      is({}),
      is({ node: 'b' }),
      is({ node: 'b', eventuallyMs: 5 }),
      is({ node: 'b', eventuallyMs: 5 }),
    ];
    const { calls, said } = await looked(
      all,
      Array.from({ length: 5 }, () => names),
    );
    expect(calls).toEqual([undefined, 'b', 'b']);
    expect(said).toEqual(Array.from({ length: 5 }, () => 'ok netns.w1.exists: true, as expected'));
  });

  test('is waited for, and that is said of what was waited for', async () => {
    const value = { w1: { exists: true }, w2: { exists: true } };
    const late = await looked([asks('netns', value, { eventuallyMs: 100 })], [answer('w1 lo\n'), answer('w1 lo\n')]);
    expect(late.calls).toHaveLength(1);
    expect(late.said).toEqual([
      'ok netns.w1.exists: true, as expected',
      expect.stringMatching(/^failed netns.w2.exists: .*; there are w1 \(tried 1 time in 0\.0 s\)$/),
    ]);
  });

  test('is unknown without a lab', async () => {
    const asked = step({ kind: 'script', expect: { port: { 'tcp:80': { listening: false } } } });
    const { checks } = await evaluate(asked, output(''), new Map());
    expect(told(checks).at(-1)).toBe('errored port.tcp:80: there is no lab to be asked');
  });

  test('is asked of after the output, each part with what those before it captured', async () => {
    const asked: number[] = [];
    const lab: StateAccess = {
      signal,
      probe: async (_, requests) => {
        asked.push(requests.length);
        return requests.map(() => answer('w1 lo\n'));
      },
    };
    const expectations = [
      asks('stdout', ['{{name:word}}']),
      asks('netns', { '{{name}}': { exists: true } }),
      asks('netns', { w2: { exists: false } }),
      asks('lines', 1),
      asks('netns', { w3: { exists: false } }),
    ];
    const { checks, captures } = await evaluate(
      step({ kind: 'script', stream: 'stdout', expectations } as never),
      output('w1\n'),
      new Map(),
      lab,
    );
    expect(checks.every(({ ok }) => ok)).toBe(true);
    expect(asked).toEqual([2, 1]);
    expect(captures.get('name')).toBe('w1');
  });
});
