import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sanitize } from '../../src/check/sanitize.ts';
import { lostBytes } from '../../src/run/lost-bytes.ts';
import type { Output } from '../../src/shell/types.ts';

function outputOf(stdout: Buffer, stderr: Buffer): Output {
  const texts = { stdout: stdout.toString('utf8'), stderr: stderr.toString('utf8') };
  const rest = { exit: 0, ending: 'completed', note: undefined, durationMs: 0, droppedBytes: 0 } as const;
  return { ...texts, bytes: { stdout, stderr }, ...rest };
}

const told = ({ stdout, stderr }: Output) => ({ stdout: sanitize(stdout), stderr: sanitize(stderr) });

const text = fc.string({ unit: fc.constantFrom('a', '\n', '\t', 'é', '中', '\u{1f40b}', '\ufffd', '\ufeff') });
const anything = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  text.map((each) => Buffer.from(each)),
  fc.string({ unit: fc.constantFrom('a', '\r', '\n', '\x1b[1m', '\0', '\x9b') }).map((each) => Buffer.from(each)),
);

describe('a report', () => {
  it('tells every byte of a pipe, in its text or beside it', () => {
    fc.assert(
      fc.property(anything, anything, (out, err) => {
        const output = outputOf(Buffer.from(out), Buffer.from(err));
        const texts = told(output);
        const { stdout_bytes, stderr_bytes } = lostBytes(output, texts, 'pipe');
        const back = (bytes: string | undefined, shown: string): Buffer =>
          bytes === undefined ? Buffer.from(shown) : Buffer.from(bytes, 'base64');
        expect(back(stdout_bytes, texts.stdout)).toEqual(output.bytes?.stdout);
        expect(back(stderr_bytes, texts.stderr)).toEqual(output.bytes?.stderr);
      }),
    );
  });

  it('tells text once', () => {
    fc.assert(
      fc.property(text, (each) => {
        const output = outputOf(Buffer.from(each), Buffer.alloc(0));
        expect(lostBytes(output, told(output), 'pipe')).toEqual({});
        const shown = outputOf(Buffer.from(each.replaceAll('\n', '\r\n')), Buffer.alloc(0));
        expect(lostBytes(shown, told(shown), 'terminal')).toEqual({});
      }),
    );
  });

  it('tells line ends of Windows, which only a terminal makes of itself', () => {
    const output = outputOf(Buffer.from('a\r\n'), Buffer.alloc(0));
    expect(lostBytes(output, told(output), 'pipe')).toEqual({ stdout_bytes: Buffer.from('a\r\n').toString('base64') });
    expect(lostBytes(output, told(output), 'terminal')).toEqual({});
  });

  it('says nothing of a step without bytes', () => {
    const { bytes: _, ...output } = outputOf(Buffer.from('a\0'), Buffer.alloc(0));
    expect(lostBytes(output, told(output), 'pipe')).toEqual({});
  });
});
