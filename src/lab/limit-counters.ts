import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Limits } from '../runbook/types.ts';

/** What the kernel counts of a lab's limits. */
export interface Counters {
  /** In a sentence, which limits have been reached since this was last asked; `undefined`: none. */
  reached(): string | undefined;
  close(): void;
}

/** Opens them in the lab's control groups: kills for memory (v1, v2), and forks that it refused. Each: file, key, what it means. */
export function counters(directories: readonly string[], limits: Limits): Counters {
  const killed = `the kernel killed a process: the lab's memory limit (${Math.round(limits.memory / 2 ** 20)} MiB) was reached`;
  const refused = `the lab's limit of ${limits.pids} processes was reached`;
  const kinds = [
    ['memory.oom_control', 'oom_kill', killed],
    // Of this group alone: a container that meets its own limit is the document's affair.
    ['memory.events.local', 'oom', killed],
    ['pids.events', 'max', refused],
  ] as const;
  const found = directories.flatMap((directory) =>
    kinds
      .filter(([file]) => existsSync(join(directory, file)))
      .map(([file, key, meaning]) => ({
        // Asked after each step, so they stay open: the kernel counts anew for whoever reads from the beginning.
        fd: openSync(join(directory, file), 'r'),
        line: new RegExp(`^${key} (\\d+)$`, 'm'),
        meaning,
        text: Buffer.alloc(0),
        seen: 0,
      })),
  );
  const buffer = Buffer.alloc(1024);
  let closed = false;
  return {
    reached() {
      if (closed) return undefined;
      const reached: string[] = [];
      for (const counter of found) {
        const text = buffer.subarray(0, readSync(counter.fd, buffer, 0, buffer.length, 0));
        if (text.equals(counter.text)) continue;
        counter.text = Buffer.from(text);
        const before = counter.seen;
        counter.seen = Number(counter.line.exec(text.toString('latin1'))?.[1] ?? 0);
        if (counter.seen > before) reached.push(counter.meaning);
      }
      return reached.join('; ') || undefined;
    },
    close() {
      if (!closed) for (const { fd } of found) closeSync(fd);
      closed = true;
    },
  };
}
