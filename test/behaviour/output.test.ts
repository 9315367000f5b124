import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StepResult } from '../../src/events.ts';
import { reporters } from '../../src/report/index.ts';
import { attributes, block, ownFolder, sessions, step, verdictOf } from './documents.ts';

const folder = ownFolder();
const megabyte = 2 ** 20;

/** All control sequences that a terminal acts upon, one of each family, with C1 spelled in UTF-8 and as bytes. */
const controls = [
  ...[
    '\\e[2J\\e[H',
    '\\e[31;1mred\\e[0m',
    '\\e]0;title\\a',
    '\\e]8;;http://x\\e\\\\link\\e]8;;\\e\\\\',
    '\\ePq#0;2;0\\e\\\\',
  ],
  ...[
    '\\e_G\\e\\\\',
    '\\e^pm\\e\\\\',
    '\\eXsos\\e\\\\',
    '\\e(0',
    '\\ec',
    '\\e7\\e8',
    '\\e[6n',
    '\\e[c',
    '\\e[?1049h',
    '\\e[5i',
  ],
  ...[
    '\\xc2\\x9b31m',
    '\\xc2\\x9d0;t\\xc2\\x9c',
    '\\x9b31m',
    '\\x0e\\x0f',
    '\\x07',
    '\\x08',
    '\\x7f',
    '\\x05',
    '\\x00',
    '\\v\\f',
  ],
];

/** What a report says of a stream to the byte: its text, unless that does not say it all. */
function bytesOf({ stdout, stdout_bytes }: StepResult): string {
  return (stdout_bytes === undefined ? Buffer.from(stdout) : Buffer.from(stdout_bytes, 'base64')).toString('latin1');
}

/** What a command really prints. A terminal puts a return before each line feed, which is left out where that is all. */
function printedBy(command: string, kind: (typeof sessions)[number]): string {
  const { stdout } = spawnSync('bash', ['-c', command], { encoding: 'latin1' });
  const plain = /^[\t\n\x20-\x7e]*$/.test(stdout) || /^(?:[\xf0-\xf7][\x80-\xbf]{3}|\n)*$/.test(stdout);
  return kind === 'pipe' || plain ? stdout : stdout.replaceAll('\n', '\r\n');
}

describe.each(sessions)('in a %s', (kind) => {
  it('a gigabyte is bounded, and judged by what is kept', async () => {
    const before = process.memoryUsage().rss;
    // A terminal is some ten times slower.
    const size = kind === 'pipe' ? 1024 * megabyte : 100 * megabyte;
    const text = block(
      `sh ${attributes(kind, 'timeout=60s continue')}`,
      `echo first; yes 0123456789abcde | head -c ${size}; echo last`,
    );
    const result = await verdictOf(folder(), text + block('text output', 'first', 'last'));
    expect(step(result, 0)).toMatchObject({ status: 'errored', exit: 0 });
    expect(step(result, 0).reason).toMatch(/bytes were dropped|dropped/);
    expect(step(result, 0).stdout).toMatch(/^first\n[\s\S]*\[netlab: \d+ bytes dropped here\][\s\S]*\nlast\n$/);
    expect(step(result, 0).stdout.length).toBeLessThan(10 * megabyte);
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * megabyte);
  }, 90_000);

  it('what is text is told once, whatever line ends a terminal makes of it', async () => {
    const command = "printf 'plain\\n中 é \\tend\\n\ufffd\\n'; printf 'on another stream\\n' >&2";
    const { steps } = await verdictOf(folder(), block(`sh ${attributes(kind)}`, command));
    expect(steps[0]).toMatchObject({
      status: 'passed',
      stdout: expect.stringContaining('plain\n中 é \tend\n\ufffd\n'),
    });
    expect(Object.keys(steps[0] ?? {}).filter((key) => key.endsWith('_bytes'))).toEqual([]);
  });

  it('ten megabytes without a newline are bounded, and the next step is right', async () => {
    const text =
      block(`sh ${attributes(kind, 'timeout=20s continue')}`, `head -c ${10 * megabyte} /dev/zero | tr '\\0' x`) +
      block(`console ${attributes(kind)}`, '$ echo next', 'next');
    const result = await verdictOf(folder(), text);
    expect(step(result, 0).stdout).toMatch(/^x+\n\[netlab: \d+ bytes dropped here\]\nx+$/);
    expect(step(result, 1).status).toBe('passed');
  }, 60_000);

  it.each([
    ['NULs', `printf 'a\\0b\\0\\0c\\n'`, 'abc'],
    ['invalid UTF-8', `printf 'a\\xff\\xfe\\xc3b\\n'`, 'a\ufffd\ufffd\ufffdb'],
    [
      'an overlong character and a surrogate',
      `printf 'a\\xc0\\xaf\\xed\\xa0\\x80b\\n'`,
      'a\ufffd\ufffd\ufffd\ufffd\ufffdb',
    ],
    [
      'half characters that come one by one',
      `for b in '\\xf0' '\\x9f' '\\x90' '\\x8b' '\\n'; do printf "$b"; sleep 0.03; done`,
      '\u{1f40b}',
    ],
    ['line ends of Windows', `printf 'a\\r\\nb\\r\\n'`, 'a\nb'],
    ['a line that is drawn anew', `printf '10%%\\r50%%\\r100%%\\n'`, '100%'],
    ['colours', `printf '\\e[31mred\\e[0m \\e[1;4mbold\\e[m\\n'`, 'red bold'],
  ])('%s are matched as a terminal would show them', async (_, command, shown) => {
    const result = await verdictOf(
      folder(),
      block(`sh ${attributes(kind)}`, command) + block('text output', ...shown.split('\n')),
    );
    expect([result.status, step(result, 0).stdout]).toEqual(['passed', `${shown}\n`]);
    expect(bytesOf(step(result, 0))).toEqual(printedBy(command, kind));
  });

  it.each(controls)('%j reaches no reader', async (sequence) => {
    const command = `printf 'before${sequence}after\\n'`;
    const result = await verdictOf(
      folder(),
      block(`sh ${attributes(kind, 'continue')}`, command) + block('text output', 'x'),
    );
    expect(step(result, 0).status).toBe('failed');
    expect(JSON.stringify(result)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    expect(step(result, 0).stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    expect(step(result, 0).stdout).toContain('after');
    expect(bytesOf(step(result, 0))).toEqual(printedBy(command, kind));
  });
});

describe('every reporter', () => {
  it.each(reporters.map(({ name }) => name))(
    '%s prints no control character but line ends and its own colours',
    (name) => {
      const path = join(folder(), 'controls.md');
      const command = `printf '${controls.join(' ')}\\n'`;
      writeFileSync(
        path,
        `# T\u001b[31mitle\u009b\n\n${block('sh {name="na\u001b]0;x\u0007me"}', command)}${block('text output', 'x')}`,
      );
      const { stdout, stderr } = spawnSync('node', ['dist/netlab.cjs', 'run', '-r', name, path], {
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1' },
      });
      expect(`${stdout}${stderr}`.length).toBeGreaterThan(0);
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    },
  );
});
