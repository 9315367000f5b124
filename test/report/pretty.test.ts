import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/events.ts';
import { again, check, events, path, run, runbook, step, told } from './run-events.ts';

const failed = step({
  name: 'cat /etc/hosts',
  line: 20,
  status: 'failed',
  checks: [
    check({
      kind: 'output',
      path: 'output',
      ok: false,
      message: 'the output differs',
      line: 21,
      diff: [
        ...['a', 'b', 'c', 'd', 'e'].map((text) => ({ kind: 'same' as const, text })),
        { kind: 'expected', text: '172.17.0.2 w1' },
        { kind: 'actual', text: '172.17.0.3 w1' },
        { kind: 'same', text: 'f' },
      ],
    }),
  ],
});

function lines(...all: string[]): string {
  return `${all.join('\n')}\n`;
}

describe('a run in a pipe', () => {
  test('tells steps in plain lines, with what took a while', async () => {
    const steps = [
      step({ name: '# docker run -it busybox /bin/sh', duration_ms: 412 }),
      step({
        name: '/ # ping 10.0.0.2',
        line: 14,
        checks: [check(), check({ kind: 'output', message: 'the output matches' })],
      }),
    ];
    expect(await told('pretty', events(steps, 'passed'))).toBe(
      lines(
        'runbooks/one.md — One',
        '  lab: node1 (docker), ready in 1.2 s',
        '  ✓   12  # docker run -it busybox /bin/sh  412 ms',
        '  ✓   14  / # ping 10.0.0.2',
        '          ping.packets_received: 2 is >= 2',
        '',
        'PASSED  2 passed in 2.3 s',
      ),
    );
  });

  test('shows a mismatch as a unified diff with a few lines around it', async () => {
    expect(await told('pretty', events([failed], 'failed'))).toBe(
      lines(
        'runbooks/one.md — One',
        '  lab: node1 (docker), ready in 1.2 s',
        '  ✗   20  cat /etc/hosts',
        '          the output differs',
        '          --- runbooks/one.md:21',
        '          +++ what it printed',
        '          @@ 2 equal lines @@',
        '            c',
        '            d',
        '            e',
        '          - 172.17.0.2 w1',
        '          + 172.17.0.3 w1',
        '            f',
        '',
        'FAILED  1 failed in 2.3 s',
      ),
    );
  });

  test('shows what a step printed when a check without a diff fails', async () => {
    const steps = [
      step({
        status: 'failed',
        stdout: Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join(''),
        checks: [
          check({ kind: 'exit', path: 'exit', ok: false, message: 'exit: expected 0, got 1', line: 12 }),
          check({ ok: false, message: 'ping.packets_received: expected >= 2, got 0' }),
        ],
      }),
    ];
    const text = await told('pretty', events(steps, 'failed'));
    expect(text).toContain(
      lines(
        '          exit: expected 0, got 1',
        '          at runbooks/one.md:12',
        '          ping.packets_received: expected >= 2, got 0',
        '          at runbooks/one.md:20',
        '          it printed 20 lines, at the end:',
        '          | line 9',
      ),
    );
    expect(text).toContain('          | line 20\n\nFAILED');
    expect(text).not.toContain('| line 8');
  });

  test('keeps what the engine could not do apart from what failed', async () => {
    const unreadable = 'not the output of ping: stopped at line 1: "garbage"';
    const steps = [
      step({ status: 'errored', exit: null, reason: 'the shell did not answer\nTry again.' }),
      step({ status: 'errored', line: 14, checks: [check({ ok: false, errored: true, message: unreadable })] }),
      step({ status: 'timed_out', line: 16, stdout: 'so far\n', reason: 'no end after 5 s' }),
    ];
    expect(await told('pretty', events(steps, 'errored', 'the lab broke'))).toBe(
      lines(
        'runbooks/one.md — One',
        '  lab: node1 (docker), ready in 1.2 s',
        '  !   12  ip link',
        '          error: the shell did not answer',
        '          Try again.',
        '          netlab could not run or judge this step: it did not fail a check',
        '  !   14  ip link',
        '          netlab could not run or judge this step: it did not fail a check',
        `          error: ${unreadable}`,
        '          at runbooks/one.md:20',
        '          it printed nothing',
        '  ⏱   16  ip link',
        '          no end after 5 s',
        '          it printed:',
        '          | so far',
        '  ! error: the lab broke',
        '',
        'ERROR  1 timed out, 2 errored in 2.3 s',
        'netlab could not do its part: there is no verdict on what it did not run or could not judge.',
      ),
    );
  });

  test('tells steps skipped for one reason in one line', async () => {
    const after = 'the step at line 20 failed';
    const steps = [
      failed,
      step({ line: 30, status: 'skipped', reason: after }),
      step({ line: 34, status: 'skipped', reason: after }),
      step({ line: 40, name: 'tc qdisc', status: 'skipped', reason: 'netem: this kernel has none' }),
      step({ line: 50, name: 'ip link del one' }),
    ];
    const text = await told('pretty', events(steps, 'failed'));
    expect(text).toContain(
      lines(
        '  ↷ 30–34  2 steps — skipped: the step at line 20 failed',
        '  ↷   40  tc qdisc — skipped: netem: this kernel has none',
        '  ✓   50  ip link del one',
      ),
    );
  });

  test('says what is worth knowing about a pass, and not more than a few checks', async () => {
    const steps = [step({ reason: 'passed at the third attempt', checks: Array.from({ length: 11 }, () => check()) })];
    const text = await told('pretty', events(steps, 'passed'));
    expect(text.match(/2 is >= 2/g)).toHaveLength(8);
    expect(text).toContain(lines('          … and 3 more checks passed', '          passed at the third attempt'));
  });

  test('bounds the length of a diff', async () => {
    const diff = Array.from({ length: 200 }, (_, index) => ({ kind: 'actual' as const, text: `line ${index}` }));
    const steps = [step({ status: 'failed', checks: [check({ ok: false, diff })] })];
    const text = await told('pretty', events(steps, 'failed'));
    expect(text).toContain('… 120 more lines; --reporter json has them all');
    expect(text.split('\n').length).toBeLessThan(100);
  });
});

describe('the end', () => {
  test.each([
    ['empty', 'the runbook has no steps', 'NOTHING CHECKED  no steps in 2.3 s\nWhat was not checked cannot pass'],
    ['interrupted', 'interrupted by SIGINT', 'INTERRUPTED  no steps in 2.3 s\nThere is no verdict'],
    ['skipped', 'docker needs root\nRun it as root.', 'SKIPPED  no steps in 2.3 s\n'],
  ] as const)('a run that is %s says why, once', async (status, reason, expected) => {
    const text = await told('pretty', events([], status, reason));
    expect(text).toContain(expected);
    expect(text.split(reason.split('\n')[0] ?? '')).toHaveLength(2);
  });

  test('a reason of the run alone is told in the summary', async () => {
    const text = await told('pretty', [{ type: 'run:end', run: run([], 'empty', 'the filter matched no step') }]);
    expect(text).toContain('the filter matched no step\n');
  });

  test('several runbooks: counts for each, and where to look', async () => {
    const all: RunEvent[] = [
      { type: 'run:start', runbooks: [path, 'two.md', 'three.md'] },
      { type: 'runbook:start', path, title: 'One', lab: 'sandbox', steps: 1, source: '' },
      { type: 'step:end', path, step: failed },
      { type: 'runbook:end', runbook: runbook([failed], { status: 'failed' }) },
      { type: 'runbook:start', path: 'two.md', title: 'Two', lab: 'docker', steps: 0, source: '' },
      {
        type: 'runbook:end',
        runbook: runbook([], { path: 'two.md', status: 'errored', reason: 'the lab would not start' }),
      },
      { type: 'runbook:end', runbook: runbook([step()], { path: 'three.md', title: '' }) },
      { type: 'run:end', run: run([runbook([failed]), runbook([], { path: 'two.md', status: 'errored' })], 'errored') },
    ];
    const text = await told('pretty', all);
    expect(text).toContain('  1 failed in 1.5 s\n\ntwo.md — Two\n  ! error: the lab would not start\n\nthree.md\n');
    expect(text).toContain('\n✗ runbooks/one.md:20  cat /etc/hosts\n! two.md  error\n\nERROR  1 failed in 2.3 s\n');
  });

  test('steps that are still to be told are told, whatever happened', async () => {
    const skipped = step({ status: 'skipped', reason: 'no reason' });
    expect(await told('pretty', [{ type: 'step:end', path, step: skipped }])).toBe(
      '  ↷   12  ip link — skipped: no reason\n',
    );
  });
});

describe('what the terminal can show', () => {
  test('colours where they are wanted', async () => {
    const text = await told('pretty', events([step(), failed], 'failed'), { colour: true });
    expect(text).toContain('\u001b[32m✓\u001b[39m');
    expect(text).toContain('\u001b[31m- 172.17.0.2 w1\u001b[39m');
    expect(text).toContain('\u001b[32m+ 172.17.0.3 w1\u001b[39m');
    expect(text).toContain('\u001b[1m\u001b[31mFAILED\u001b[39m\u001b[22m');
  });

  test('words instead of symbols where there is only ASCII', async () => {
    const skipped = [30, 34].map((line) => step({ line, status: 'skipped', reason: 'the step at line 20 failed' }));
    const text = await told('pretty', events([step(), failed, ...skipped], 'failed'), { unicode: false });
    expect(text).toMatch(/^[\n -~]*$/);
    expect(text).toContain('  ok     12  ip link\n  FAIL   20  cat /etc/hosts\n             the output differs\n');
    expect(text).toContain('  skip 30-34  2 steps - skipped: the step at line 20 failed\n');
  });

  test('a long name gives way on a narrow terminal, its duration does not', async () => {
    const steps = [
      step({ name: '# docker run --name w1 -it busybox /bin/sh', duration_ms: 412 }),
      step({ name: '部分三：容器的网络名字解析' }),
    ];
    const text = await told('pretty', events(steps, 'passed'), { isTerminal: true, columns: 40 });
    expect(text).toContain('  ✓   12  # docker run --name w…  412 ms\n');
    const narrower = await told('pretty', events(steps, 'passed'), { isTerminal: true, columns: 31 });
    expect(narrower).toContain('  ✓   12  部分三：容器的网络名…\n');
  });
});

describe('hostile text', () => {
  const hostile = '\u001b]0;owned\u0007\u001b[2Jx\ry\u009b31m\u202eevil\ttab\nnext';

  test('nothing of a document or a step reaches the terminal as a control sequence', async () => {
    const wicked = check({ ok: false, message: hostile, diff: [{ kind: 'actual', text: hostile }] });
    const steps = [
      step({ name: hostile, reason: hostile, checks: [check({ message: hostile })] }),
      step({ name: hostile, status: 'failed', reason: hostile, stdout: hostile, checks: [wicked] }),
      step({ name: hostile, status: 'errored', reason: hostile, stdout: hostile }),
      step({ name: hostile, status: 'skipped', reason: hostile }),
    ];
    const end = runbook(steps, { path: hostile, title: hostile, status: 'errored', reason: hostile });
    const all: RunEvent[] = [
      { type: 'run:start', runbooks: [hostile, path] },
      { type: 'runbook:start', path: hostile, title: hostile, lab: hostile, steps: 3, source: '' },
      ...steps.map((one): RunEvent => ({ type: 'step:end', path: hostile, step: one })),
      { type: 'runbook:end', runbook: end },
      { type: 'run:end', run: run([end, runbook([])], 'errored', hostile) },
    ];
    const text = await told('pretty', all);
    expect(text).not.toMatch(/[^\n -~\u00a0-\u2027\u2030-\u2065\u2070-\uffff]/);
    expect(text).toContain('\\x1b]0;owned\\x07\\x1b[2Jx\\ry\\x9b31m\\u202eevil tab\\nnext');
  });
});

test('says that a runbook passed only when it was run again, or not even then', async () => {
  const flaky = '  ✓ flaky: passed at attempt 2: before, line 12 did not pass\n';
  expect(await told('pretty', again('passed'))).toContain(flaky);
  expect(await told('pretty', again('failed'))).toContain('  none of 2 attempts passed');
  expect(await told('pretty', events([step()], 'passed'))).not.toMatch(/flaky|attempt/);
});
