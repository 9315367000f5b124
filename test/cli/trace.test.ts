import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printTrace } from '../../src/cli/trace.ts';
import { createTextMask } from '../../src/report/mask.ts';
import { trace, traced, tracedDocument, tracing } from '../../src/trace.ts';

const fence = '```';
const source = `---
lab:
  nodes: { left: {}, right: {} }
  links: [{ endpoints: ["left:eth0", "right:eth0"], addresses: ["10.0.0.1/24", "10.0.0.2/24"] }]
---

# Traced

${fence}sh
echo hush-hush-hush && printf '\\033[31mred\\a'
${fence}

${fence}console
$ touch /tmp/later && false
${fence}

<!-- netlab continue eventually=300ms -->

${fence}console
$ cat /tmp/never
...
${fence}

${fence}yaml expect
file: { /tmp/later: { exists: true } }
${fence}

${fence}sh teardown
true
${fence}
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trace-test-'));
  writeFileSync(join(folder, 'traced.md'), source);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What is written while `work` runs, line by line, without the times. */
function traceOf(work: () => void, secrets: readonly string[] = []): string[] {
  let text = '';
  const stream = { write: (more: string) => (text += more) };
  const stop = printTrace({ stream, env: { NO_COLOR: '1' }, mask: createTextMask(secrets) });
  work();
  stop();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/^ *\d+\.\d{3} s /, '').replace(/\d+\.\d ms/, 'N ms'));
}

describe('printTrace', () => {
  it('writes who did what and how long it took, one line each, nothing in it for the terminal', () => {
    const lines = traceOf(() => {
      trace('lab', 'node1: up', performance.now() - 20);
      trace('shell', 'sent \u001b[2J and\nmore');
    });
    expect(lines).toEqual(['lab   node1: up (N ms)', 'shell sent \\x1b[2J and\\nmore']);
  });

  it('takes secrets out, also as a quoted text spells them', () => {
    const secret = 'one "two"\nthree';
    const lines = traceOf(() => trace('shell', `sent ${JSON.stringify(`echo ${secret}`)}`), [secret]);
    expect(lines).toEqual(['shell sent "echo ***"']);
  });

  it('says which document it is about whenever that changes', () => {
    const lines = traceOf(() => {
      trace('run', 'before');
      tracedDocument.runStores('a.md', () => trace('run', 'first'));
      tracedDocument.runStores('a.md', () => trace('run', 'second'));
      tracedDocument.runStores('b.md', () => trace('run', 'third'));
    });
    expect(lines).toEqual(['run   before', 'a.md', 'run   first', 'run   second', 'b.md', 'run   third']);
  });

  it('is told of failures, and of nothing when it has ended', async () => {
    expect(traceOf(() => {})).toEqual([]);
    expect(tracing.hasSubscribers).toBe(false);
    await expect(traced('lab', 'x', Promise.reject(new Error('no')))).rejects.toThrow('no');
    const seen: unknown[] = [];
    const listen = (entry: unknown): void => void seen.push(entry);
    tracing.subscribe(listen);
    await expect(traced('lab', 'x', Promise.reject(new Error('no')))).rejects.toThrow('no');
    tracing.unsubscribe(listen);
    expect(seen).toMatchObject([{ room: 'lab', text: 'x: failed: no' }]);
  });
});

describe('netlab run --trace', () => {
  it('tells a whole run in order on standard error, without secrets, and leaves the report alone', async () => {
    const { stdout, stderr, exitCode } = await execa(
      'node',
      ['dist/netlab.cjs', 'run', '--trace', '--keep-going', join(folder, 'traced.md')],
      { reject: false, stdin: 'ignore', env: { API_TOKEN: 'hush-hush-hush', NO_COLOR: '1' } },
    );
    expect(exitCode).toBe(1);
    const order = [
      /run {3}.*traced\.md (?:was )?read/,
      /lab {3}\d+ control groups made \(/,
      /lab {3}ground: up \(/,
      /lab {3}left: namespaces made, with process \d+ as their first/,
      /lab {3}of process \d+: ip link add name eth0 netns \d+ type veth/,
      /lab {3}nodes joined \(/,
      /lab {3}is up \(/,
      /run {3}line 10 begins: main step .* session main \(pipe\) on left/,
      /shell left, pipe: sent "echo \*\*\* && printf/,
      /shell left: bash is ready, process \d+ \(/,
      /shell left, pipe: completed, status 0, \d+ characters printed \(\d+\.\d ms\)/,
      /run {3}line 10 passed/,
      /run {3}line 14 begins/,
      /shell left, pipe: completed, status 1/,
      /run {3}line 14 failed/,
      /run {3}line 20 failed at try 1: again in 100 ms/,
      /shell left: asked ".*\/tmp\/later/,
      /shell left: 1 question answered/,
      /run {3}line 29 begins: teardown step/,
      /lab {3}is taken down/,
      /lab {3}left: its namespaces have gone/,
      /lab {3}has gone, with its control groups \(/,
    ];
    let from = 0;
    for (const pattern of order) {
      const at = stderr.slice(from).search(pattern);
      expect(at, `${pattern} after ${from} in\n${stderr}`).toBeGreaterThanOrEqual(0);
      from += at + 1;
    }
    // While the lab goes.
    expect(stderr).toMatch(/shell left: process \d+ and what it started have gone/);
    const times = [...stderr.matchAll(/^ *(\d+\.\d{3}) s /gm)].map(([, at]) => Number(at));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.length).toBe(stderr.trimEnd().split('\n').length);
    expect(stderr + stdout).not.toContain('hush-hush');
    expect(stderr).not.toContain('\u001b');
    expect(stdout).toContain('FAILED');
    expect(stdout).not.toContain('control groups');
  }, 40_000);
});
