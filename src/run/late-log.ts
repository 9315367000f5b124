import { sanitize } from '../check/sanitize.ts';
import type { PlannedStep } from '../runbook/plan.ts';

/** What steps have left behind prints after their end: nobody checks it, and nobody should have to miss it. */
export interface LateLog {
  /** What keeps that of one step. */
  of(planned: PlannedStep): (chunk: Buffer) => void;
  /** Its lines, below where they come from; `undefined` when nothing came. */
  text(): string | undefined;
}

/** Kept of a whole runbook, in bytes; a daemon may print for ever. */
const limit = 32 * 1024;

export function lateLog(): LateLog {
  const parts: { readonly from: string; readonly chunks: Buffer[] }[] = [];
  let kept = 0;
  let dropped = 0;
  return {
    of({ node, step }) {
      let chunks: Buffer[] | undefined;
      return (chunk) => {
        const part = Buffer.from(chunk.subarray(0, limit - kept));
        kept += part.length;
        dropped += chunk.length - part.length;
        if (part.length === 0) return;
        if (!chunks) {
          chunks = [];
          parts.push({ from: `${node}, after line ${step.span.start.line}:`, chunks });
        }
        chunks.push(part);
      };
    },
    text() {
      const lines = parts.flatMap(({ from, chunks }) => [
        from,
        ...sanitize(Buffer.concat(chunks).toString('utf8'))
          .trimEnd()
          .split('\n')
          .map((line) => `  ${line}`),
      ]);
      if (dropped > 0) lines.push(`[netlab: ${dropped} bytes more are not kept]`);
      return lines.length === 0 ? undefined : `${lines.join('\n')}\n`;
    },
  };
}
