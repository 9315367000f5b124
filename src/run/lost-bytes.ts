import type { StepResult } from '../events.ts';
import type { Output, SessionKind } from '../shell/types.ts';

/**
 * What the texts of a report do not say of the bytes that were printed: NULs, what is no UTF-8, control sequences, lines
 * drawn over. In base64, and only of a stream of which something is lost: most print nothing but text. The return that a
 * terminal itself puts before each line feed is no loss.
 */
export function lostBytes(
  { stdout, stderr, bytes }: Output,
  told: Pick<StepResult, 'stdout' | 'stderr'>,
  kind: SessionKind,
): Pick<StepResult, 'stdout_bytes' | 'stderr_bytes'> {
  if (!bytes) return {};
  const out = isWhole(bytes.stdout, stdout, told.stdout, kind) ? undefined : bytes.stdout.toString('base64');
  const err = isWhole(bytes.stderr, stderr, told.stderr, kind) ? undefined : bytes.stderr.toString('base64');
  return { ...(out !== undefined && { stdout_bytes: out }), ...(err !== undefined && { stderr_bytes: err }) };
}

function isWhole(bytes: Buffer, text: string, told: string, kind: SessionKind): boolean {
  const plain = kind === 'terminal' ? text.replaceAll('\r\n', '\n') : text;
  if (told !== plain) return false;
  // A program may print this character itself: then its bytes come back.
  return !text.includes('\ufffd') || Buffer.from(text).equals(bytes);
}
