import { AsyncLocalStorage } from 'node:async_hooks';
import { createPalette } from '../report/palette.ts';
import { printable } from '../report/printable.ts';
import { type OutputStream, streamTarget } from '../report/target.ts';
import { type TraceEntry, tracedDocument, tracing } from '../trace.ts';

export interface TraceOptions {
  readonly stream: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes secrets out of a text. */
  readonly mask: (text: string) => string;
}

/**
 * `--trace`: writes what the engine does as it does it, a line each: seconds since netlab started, who did it, what, and how
 * long it took. Returns what ends it.
 */
export function printTrace({ stream, env, mask }: TraceOptions): () => void {
  const { dim } = createPalette(streamTarget(stream, env));
  const documents = new AsyncLocalStorage<string>();
  tracedDocument.bindStore(documents);
  let last: string | undefined;
  const print = (message: unknown): void => {
    const { at, room, text, ms } = message as TraceEntry;
    const document = documents.getStore();
    // Of runbooks that run at the same time, the lines come as they happen.
    if (document !== undefined && document !== last) stream.write(`${dim(head(at))} ${line(mask(document))}\n`);
    last = document ?? last;
    const took = ms === undefined ? '' : ` (${ms.toFixed(1)} ms)`;
    stream.write(`${dim(head(at))} ${dim(room.padEnd(5))} ${line(mask(text))}${dim(took)}\n`);
  };
  tracing.subscribe(print);
  return () => {
    tracing.unsubscribe(print);
    tracedDocument.unbindStore(documents);
  };
}

function head(at: number): string {
  return `${(at / 1000).toFixed(3).padStart(8)} s`;
}

/** One line, and nothing in it that a terminal would act upon. */
function line(text: string): string {
  return printable(text.trimEnd());
}
