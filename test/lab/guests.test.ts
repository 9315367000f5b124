import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLab } from '../../src/lab/start.ts';
import type { Lab } from '../../src/lab/types.ts';
import { openLabs } from '../../src/run/attach.ts';
import { headLength, receiveGuests } from '../../src/run/guests.ts';
import { keepLab, welcomeTo } from '../../src/run/keep-lab.ts';
import { parse } from '../../src/runbook/parse.ts';
import { openSession } from '../../src/shell/open.ts';
import { firstNode, input, labOf, never } from './labs.ts';

let lab: Lab;
let close: () => void;
/** Bytes that terminals have handed to guests. */
let handed = 0;
beforeAll(async () => {
  lab = await labOf('lab: sandbox');
  close = receiveGuests(lab, { kind: 'run', path: '/a' }, ({ rows, columns }, output) => {
    const node = firstNode(lab);
    const count = (bytes: Buffer): void => {
      handed += bytes.length;
      output(bytes);
    };
    return node.openTerminal({ script: 'exec bash --norc', env: node.env, rows, columns, output: count });
  });
});
afterAll(async () => {
  close();
  await lab[Symbol.asyncDispose]();
});

/** A guest that has typed a line into its shell. */
async function guest(line: string): Promise<Socket> {
  const here = (): string | undefined => openLabs().find(({ card }) => card.id === String(process.pid))?.socket;
  while (here() === undefined) await sleep(10);
  const socket = connect(here() ?? '');
  await once(socket, 'connect');
  const head = Buffer.alloc(headLength);
  head.writeUInt32BE(line.length, 1);
  socket.write(`${JSON.stringify({ node: null, rows: 24, columns: 80, term: 'xterm' })}\n`);
  socket.write(Buffer.concat([head, Buffer.from(line)]));
  return socket;
}

/** All that is shown to a guest, to the end. */
async function shown(socket: Socket): Promise<string> {
  return Buffer.concat((await socket.toArray()) as Buffer[]).toString();
}

function numbers(last: number): string {
  return Array.from({ length: last }, (_, index) => `${index + 1}\r\n`).join('');
}

describe('a guest', () => {
  it('that is killed takes its shell along, and what prints in that', async () => {
    const socket = await guest('yes\r');
    await once(socket, 'data');
    await sleep(100);
    socket.destroy();
    await using session = await openSession(firstNode(lab), 'pipe');
    const gone =
      'for n in $(seq 50); do pgrep -x "yes|script" >/dev/null || break; sleep 0.1; done; pgrep -lx "yes|script"';
    expect((await session.run(input(gone), never)).stdout).toBe('');
  });

  it('that does not read is waited for, and loses nothing', async () => {
    handed = 0;
    const socket = await guest('stty -echo; seq 1000000; exit\r');
    socket.pause();
    await sleep(1000);
    const waiting = handed;
    expect(waiting).toBeGreaterThan(1000);
    expect(waiting).toBeLessThan(500_000);
    await sleep(200);
    expect(handed).toBe(waiting);
    expect(await shown(socket)).toContain(numbers(1_000_000));
  });

  it('that reads when its shell has ended loses nothing', async () => {
    // More than the socket holds, less than that and the pipe behind it.
    const socket = await guest('stty -echo; seq 40000; exit\r');
    socket.pause();
    await sleep(500);
    expect(await shown(socket)).toContain(numbers(40_000));
  });
});

it('a lab that has gone has no door, and is not kept', async () => {
  const runbook = parse('# Gone\n', 'test/lab/gone.md', { expectationKeys: [] });
  const gone = await startLab(runbook, never);
  await using _ = gone;
  const told = once(gone.broken, 'abort');
  process.kill(firstNode(gone).pid ?? 0, 'SIGKILL');
  await told;
  receiveGuests(gone, { kind: 'run', path: '/a' }, welcomeTo(gone, runbook))();
  const kept = keepLab(gone, runbook, { until: () => Promise.reject(new Error('was announced')) });
  await expect(kept).rejects.toThrow('the lab ended: its first process was killed');
});
