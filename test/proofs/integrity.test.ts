import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lab } from '../../src/lab/types.ts';
import { openSession } from '../../src/shell/open.ts';
import { firstNode, input, labOf, never } from '../lab/labs.ts';
import { random } from '../runbook/hostile.ts';
import { proofRow } from './proof-row.ts';

/** `npm run integrity -- --runs N --seed S` sets these; half of the runs are in pipes, half in terminals. */
const runs = Number(process.env['NETLAB_INTEGRITY_RUNS'] ?? 60);
const seed = Number(process.env['NETLAB_INTEGRITY_SEED'] ?? Date.now() % 1_000_000);

let lab: Lab;
beforeAll(async () => {
  lab = await labOf('lab: sandbox');
});
afterAll(() => lab[Symbol.asyncDispose]());

/** What a step prints, cut into chunks, each with the milliseconds before it. */
interface Script {
  readonly bytes: Buffer;
  readonly chunks: readonly { readonly length: number; readonly waitMs: number }[];
}

/** Any bytes, or text of all lengths of characters; up to 300 kB, most of them short. */
function scriptOf(next: () => number): Script {
  const size = Math.floor(next() ** 6 * 300_000) + 1;
  const bytes = Buffer.alloc(size);
  const texts = ['a', '\n', 'é', '中', '\u{1f40b}', '\r\n', '\t', '\x1b[31m', '\0', 'x'.repeat(200)];
  if (next() < 0.5) for (let at = 0; at < size; at++) bytes[at] = Math.floor(next() * 256);
  else bytes.fill(Buffer.from(Array.from({ length: 64 }, () => texts[Math.floor(next() * texts.length)]).join('')));
  const chunks: { length: number; waitMs: number }[] = [];
  for (let left = size; left > 0; ) {
    const length = Math.min(left, Math.floor(next() ** 3 * 20_000) + 1, chunks.length > 12 ? left : left);
    chunks.push({ length: chunks.length > 12 ? left : length, waitMs: next() < 0.2 ? Math.floor(next() * 4) : 0 });
    left -= chunks.at(-1)?.length ?? 0;
  }
  return { bytes, chunks };
}

/** A command that prints the bytes of a file in those chunks, each with a write of its own. */
function commandOf(file: string, { chunks }: Script): string {
  const prints = chunks.map(
    ({ length, waitMs }) => `${waitMs > 0 ? `sleep 0.00${waitMs}; ` : ''}head -c ${length} <&9`,
  );
  return `exec 9<${file}; ${prints.join('; ')}; exec 9<&-`;
}

/** What of these bytes the reader of a terminal gets: its line discipline puts a return before each line feed (ONLCR). */
function asDelivered(bytes: Buffer, kind: 'pipe' | 'terminal'): Buffer {
  if (kind === 'pipe') return bytes;
  return Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
}

/** A slow reader: now and then the engine has something else to do while output comes. */
async function hesitate(next: () => number, over: () => boolean): Promise<void> {
  while (!over()) {
    await sleep(1);
    const until = performance.now() + (next() < 0.1 ? next() * 15 : 0);
    while (performance.now() < until);
  }
}

const digest = (bytes: Buffer): string => `${bytes.length} bytes, ${createHash('sha256').update(bytes).digest('hex')}`;

describe.each(['pipe', 'terminal'] as const)(`random bytes in random chunks in a %s (seed ${seed})`, (kind) => {
  it(`come whole, and in no other step, ${runs / 2} times`, async () => {
    const next = random(seed + (kind === 'pipe' ? 0 : 1));
    await using session = await openSession(firstNode(lab), kind);
    let total = 0;
    const wrong: string[] = [];
    for (let index = 0; index < runs / 2; index++) {
      const script = scriptOf(next);
      const file = `/tmp/integrity-${index % 8}`;
      const put = `base64 -d >${file} <<'END'\n${script.bytes.toString('base64').replace(/.{76}/g, '$&\n')}\nEND`;
      const quiet = await session.run(input(put), never);
      let over = false;
      const received: Buffer[] = [];
      // With somebody who listens as it comes, without: they are two ways of reading.
      const onOutput = next() < 0.5 ? (chunk: Buffer) => void received.push(Buffer.from(chunk)) : undefined;
      const slow = hesitate(next, () => over);
      const output = await session.run(input(commandOf(file, script), { onOutput, timeoutMs: 30_000 }), never);
      over = true;
      await slow;
      const wanted = asDelivered(script.bytes, kind);
      const same = output.bytes?.stdout.equals(wanted) && output.stdout === wanted.toString('utf8');
      const listened = onOutput === undefined || kind === 'terminal' || Buffer.concat(received).equals(wanted);
      if (!same || !listened || output.exit !== 0 || output.droppedBytes > 0 || quiet.stdout !== '') {
        const got = output.bytes?.stdout ?? Buffer.alloc(0);
        wrong.push(
          `${index}: ${digest(wanted)}; came: ${digest(got)}, listened ${listened}, before: ${JSON.stringify(quiet.stdout)}`,
        );
      }
      total += script.bytes.length;
    }
    const done = `${runs / 2} runs in a ${kind} (seed ${seed}), ${(total / 1e6).toFixed(1)} MB of random bytes in random chunks with a slow reader`;
    const came = `${wrong.length} of them with a byte lost, changed or moved`;
    console.log(proofRow(`npm run integrity -- --runs ${runs}`, done, came));
    expect(wrong).toEqual([]);
  }, 2_147_483_647);
});
