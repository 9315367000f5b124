import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../src/check/evaluate.ts';
import type { Check } from '../../src/check/types.ts';
import type { Step } from '../../src/runbook/types.ts';
import type { Output } from '../../src/shell/types.ts';
import { output, step } from './example.ts';

const none = new Map<string, string>();
const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
const brief = (checks: readonly Check[]) =>
  checks.map(({ path, ok, errored }) => `${path} ${ok ? 'ok' : errored ? 'errored' : 'failed'}`);
const run = async (asked: Step, came: Output) => brief((await evaluate(asked, came, none)).checks);

describe('exit', () => {
  test.each<[Parameters<typeof step>[0], Partial<Output>, string[]]>([
    [{}, {}, ['exit ok']],
    [{ exit: 1 }, { exit: 1 }, ['exit ok']],
    [{}, { exit: 127 }, ['exit failed']],
    [{ exit: 1 }, {}, ['exit failed']],
    [{}, { exit: null, ending: 'aborted' }, ['exit errored']],
    [{}, { exit: null, ending: 'opened' }, []],
  ])('%j with %j', async (asked, came, checks) => {
    expect(await run(step({ match: 'ignore', ...asked }), output('', came))).toEqual(checks);
  });

  test('is told in words', async () => {
    const { checks } = await evaluate(step({ match: 'ignore' }), output('', { exit: 127 }), none);
    expect(checks[0]).toMatchObject({
      kind: 'exit',
      line: 10,
      expected: 0,
      actual: 127,
      message: 'exit: expected status 0, got 127 (command not found)',
    });
  });
});

describe('output', () => {
  test('a command without expected output must print nothing', async () => {
    expect(await run(step(), output(''))).toEqual(['exit ok', 'output ok']);
    expect(await run(step(), output('\r\n'))).toEqual(['exit ok', 'output ok']);
    expect(await run(step(), output('x\n'))).toEqual(['exit ok', 'output failed']);
    expect(await run(step({ match: 'contains' }), output('x\n'))).toEqual(['exit ok', 'output failed']);
  });

  test('a script without expected output is not compared', async () => {
    expect(await run(step({ kind: 'script' }), output('x\n'))).toEqual(['exit ok']);
  });

  test('is compared as a terminal shows it', async () => {
    expect(await run(step({ expected: 'red\nok' }), output('\u001b[31mred\u001b[0m\r\n50%\r\u001b[Kok\r\n'))).toEqual([
      'exit ok',
      'output ok',
    ]);
  });

  test('is the stream that the step names', async () => {
    const both = { stderr: 'err\n' };
    expect(await run(step({ expected: 'err', stream: 'stderr' }), output('out\n', both))).toEqual([
      'exit ok',
      'output ok',
    ]);
    expect(await run(step({ expected: 'out', stream: 'stdout' }), output('out\n', both))).toEqual([
      'exit ok',
      'output ok',
    ]);
  });

  test('a mismatch says what and where', async () => {
    const { checks } = await evaluate(step({ expected: 'a\nb\nc' }), output('a\nx\nc\n'), none);
    expect(checks[1]).toEqual({
      kind: 'output',
      path: 'output',
      expected: 'a\nb\nc',
      actual: 'a\nx\nc\n',
      ok: false,
      line: 12,
      message: 'output: expected "b", got "x"',
      diff: [
        { kind: 'same', text: 'a' },
        { kind: 'expected', text: 'b' },
        { kind: 'actual', text: 'x' },
        { kind: 'same', text: 'c' },
      ],
    });
  });

  test('a wrong pattern is an error at its line', async () => {
    const { checks } = await evaluate(step({ expected: 'a\n{{x:nope}}' }), output('a\n'), none);
    expect(checks[1]).toMatchObject({ ok: false, errored: true, line: 12 });
  });

  test('a regular expression that takes for ever is an error', async () => {
    expect(await run(step({ expected: '(a+)+b (re)' }), output('a'.repeat(60)))).toEqual(['exit ok', 'output errored']);
  });

  test('output that was cut cannot be compared, unless there is room for what is missing', async () => {
    const cut = { droppedBytes: 10 };
    expect(await run(step({ expected: 'a\nb' }), output('a\nb\n', cut))).toEqual(['exit ok', 'output errored']);
    expect(await run(step({ expected: 'a\n...\nb' }), output('a\nb\n', cut))).toEqual(['exit ok', 'output ok']);
    expect(await run(step({ expected: 'a\n...\nz' }), output('a\nb\n', cut))).toEqual(['exit ok', 'output errored']);
    expect(await run(step({ match: 'ignore', expect: { stdout: '!err', hosts: [] } }), output('a\n', cut))).toEqual([
      'exit ok',
      'stdout errored',
      'hosts errored',
    ]);
  });
});

describe('a nested shell', () => {
  const greeting =
    "\r\n\r\nBusyBox v1.35.0 (Debian 1:1.35.0-4+b3) built-in shell (ash)\r\nEnter 'help' for a list of built-in commands.\r\n\r\n";
  const opened = { exit: null, ending: 'opened' } as const;

  test("the shell's greeting is not the step's output", async () => {
    expect(await run(step(), output(greeting, opened))).toEqual(['output ok']);
    expect(
      await run(step({ expected: 'Status: Downloaded' }), output(`Status: Downloaded\r\n${greeting}`, opened)),
    ).toEqual(['output ok']);
  });

  test('that did not open is a failed check', async () => {
    const came = output('', { ending: 'unopened', note: 'no prompt came' });
    expect(await run(step({ nextPrompt: '/ # ' }), came)).toEqual(['exit ok', 'prompt failed', 'output ok']);
  });

  test('nothing else is left out', async () => {
    expect(await run(step(), output(`${greeting}sh: can't access tty\r\n`, opened))).toEqual(['output failed']);
    expect(await run(step(), output(greeting))).toEqual(['exit ok', 'output failed']);
  });

  test('a document may show the greeting', async () => {
    const expected = "\n\nBusyBox v[..] built-in shell (ash)\nEnter 'help' for a list of built-in commands.";
    expect(await run(step({ expected }), output(greeting, opened))).toEqual(['output ok']);
  });
});

describe('expectations', () => {
  test('are checks of their own, at their line', async () => {
    const asked = step({
      kind: 'script',
      expect: { ping: { packets_received: '>= 2', packet_loss_percent: 0 }, lines: 6 },
    });
    const { checks } = await evaluate(asked, output(fixture('ping/busybox.txt')), none);
    expect(brief(checks)).toEqual([
      'exit ok',
      'ping.packets_received ok',
      'ping.packet_loss_percent ok',
      'lines failed',
    ]);
    expect(checks[1]).toMatchObject({
      kind: 'ping',
      line: 20,
      expected: '>= 2',
      actual: 2,
      message: 'ping.packets_received: 2, as expected (>= 2)',
    });
    expect(checks[3]).toMatchObject({ line: 21 });
  });

  test('0 received is not found inside 10 received', async () => {
    const text = fixture('ping/iputils.txt').replace('2 received', '10 received');
    expect(await run(step({ kind: 'script', expect: { ping: { packets_received: 0 } } }), output(text))).toEqual([
      'exit ok',
      'ping.packets_received failed',
    ]);
  });

  test('a broken command is not "host unreachable"', async () => {
    const expect_ = { ping: { responses: { none: [{ type: 'reply' }] } } };
    const text = fixture('ping/unreadable-bad-address.txt');
    expect(await run(step({ kind: 'script', expect: expect_ }), output(text))).toEqual(['exit ok', 'ping errored']);
    expect(await run(step({ kind: 'script', expect: expect_ }), output(text, { exit: 1 }))).toEqual([
      'exit failed',
      'ping failed',
    ]);
    expect(await run(step({ kind: 'script', exit: 1, expect: expect_ }), output(text, { exit: 1 }))).toEqual([
      'exit ok',
      'ping errored',
    ]);
  });

  test('nobody knows the answers when no server answered', async () => {
    const asked = step({
      kind: 'script',
      exit: 1,
      expect: { nslookup: { answers: { none: ['1.2.3.4'] }, status: 'TIMEOUT' } },
    });
    expect(await run(asked, output(fixture('nslookup/busybox-timeout.txt'), { exit: 1 }))).toEqual([
      'exit ok',
      'nslookup.answers failed',
      'nslookup.status ok',
    ]);
  });

  test.each(['pong', 'constructor', '__proto__x'])('an unknown key, %s, is an error', async (key) => {
    const { checks } = await evaluate(step({ kind: 'script', expect: { [key]: {} } }), output(''), none);
    expect(checks[1]).toMatchObject({
      ok: false,
      errored: true,
      message: expect.stringContaining('there is no such check'),
    });
  });

  test('are JSON-safe', async () => {
    const asked = step({ kind: 'script', expect: { hosts: [Number.NaN], exit: 10n, lines: undefined } });
    const { checks } = await evaluate(asked, output('127.0.0.1 x\n'), none);
    expect(checks).toEqual(JSON.parse(JSON.stringify(checks)));
    expect(checks.slice(1).every(({ ok }) => !ok)).toBe(true);
  });
});

describe('captures', () => {
  const given = new Map([['a', '1']]);

  test('go from the output to the expectations and on', async () => {
    const asked = step({ expected: 'nameserver {{dns:ipv4}}', expect: { resolv_conf: { nameservers: ['{{dns}}'] } } });
    const { checks, captures } = await evaluate(asked, output('nameserver 10.0.0.1\n'), given);
    expect(brief(checks)).toEqual(['exit ok', 'output ok', 'resolv_conf.nameservers ok']);
    expect([...captures]).toEqual([
      ['a', '1'],
      ['dns', '10.0.0.1'],
    ]);
  });

  test('are unchanged when anything failed', async () => {
    const asked = step({ expected: '{{b:int}}' });
    expect((await evaluate(asked, output('5\n'), given)).captures.size).toBe(2);
    expect((await evaluate(asked, output('5\n', { exit: 1 }), given)).captures).toBe(given);
    expect((await evaluate(asked, output('x\n'), given)).captures).toBe(given);
  });
});
