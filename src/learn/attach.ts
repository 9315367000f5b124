import { mkdirSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { UsageError } from '../errors.ts';
import type { LabShell } from './lab-shell.ts';
import type { LearnTerminal } from './terminal.ts';

/** What another terminal wants: a shell on a node (`null`: the learner's own), and how large it is. */
export interface Guest {
  readonly node: string | null;
  readonly rows: number;
  readonly columns: number;
  readonly term: string;
}

/** What follows a guest's first line: keys, or a new size, each after one byte that says which and four of its length. */
const kinds = { keys: 0, size: 1 } as const;
const headLength = 5;

/** Where the lessons of this user that are going on can be reached; nobody else may look in. */
function meetingPlace(): string {
  const base = process.env['XDG_RUNTIME_DIR'];
  return join(base !== undefined && isAbsolute(base) ? base : tmpdir(), `netlab-learn-${userInfo().uid}`);
}

/** Whether the folder is there, and this user's own. */
function isOurs(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.uid === userInfo().uid;
}

/** Lets other terminals of this user into the lab. `open` starts a shell for one. Returns what ends it. */
export function receiveGuests(open: (guest: Guest, output: (bytes: Buffer) => void) => Promise<LabShell>): () => void {
  const folder = meetingPlace();
  const path = join(folder, `${process.pid}.sock`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
    void receive(socket, open).catch((error: unknown) => {
      socket.end(`netlab: ${error instanceof Error ? error.message : String(error)}\r\n`);
    });
  });
  // That nobody can be let in is no reason not to learn.
  server.on('error', () => {});
  if (isOurs(folder)) server.listen(path);
  return () => {
    server.close();
    for (const socket of sockets) socket.end();
    rmSync(path, { force: true });
    try {
      rmdirSync(folder);
    } catch {
      // Another lesson goes on.
    }
  };
}

async function receive(
  socket: Socket,
  open: (guest: Guest, output: (bytes: Buffer) => void) => Promise<LabShell>,
): Promise<void> {
  let kept: Buffer = Buffer.alloc(0);
  let shell: LabShell | undefined;
  let asked = false;
  const read = (): void => {
    while (shell && kept.length >= headLength && kept.length >= headLength + kept.readUInt32BE(1)) {
      const end = headLength + kept.readUInt32BE(1);
      const body = kept.subarray(headLength, end);
      if (kept[0] === kinds.keys) shell.write(body);
      else {
        const [rows = 24, columns = 80] = body.toString().split(' ').map(Number);
        shell.resize(rows, columns);
      }
      kept = kept.subarray(end);
    }
  };
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    kept = Buffer.concat([kept, chunk]);
    const end = kept.indexOf('\n');
    if (!asked && end >= 0) {
      asked = true;
      const guest = JSON.parse(kept.subarray(0, end).toString()) as Guest;
      kept = kept.subarray(end + 1);
      shell = await open(guest, (bytes) => void (socket.writable && socket.write(bytes)));
      void shell.ended.then(() => socket.end());
    }
    read();
  }
  shell?.close();
}

/** Gives this terminal to a shell in the lab of the lesson that was begun last. Resolves when that shell has ended. */
export async function attach(terminal: LearnTerminal, term: string, node: string | null): Promise<void> {
  const socket = await reach();
  const { rows, columns } = terminal;
  socket.write(`${JSON.stringify({ node, rows, columns, term } satisfies Guest)}\n`);
  const send = (kind: number, body: Buffer): void => {
    const head = Buffer.alloc(headLength);
    head.writeUInt8(kind, 0);
    head.writeUInt32BE(body.length, 1);
    socket.write(Buffer.concat([head, body]));
  };
  const stop = terminal.listen(
    (bytes) => (bytes === undefined ? socket.end() : send(kinds.keys, bytes)),
    () => send(kinds.size, Buffer.from(`${terminal.rows} ${terminal.columns}`)),
  );
  socket.on('data', (bytes: Buffer) => terminal.write(bytes));
  await new Promise<void>((resolve) => socket.on('error', () => {}).once('close', () => resolve()));
  stop();
}

/** A connection to the newest lesson that answers; what earlier ones have left behind is removed. */
async function reach(): Promise<Socket> {
  const folder = meetingPlace();
  const paths = isOurs(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  for (const path of paths.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)) {
    const socket = await new Promise<Socket | undefined>((resolve) => {
      const tried = connect(path, () => resolve(tried)).once('error', () => resolve(undefined));
    });
    if (socket) return socket;
    rmSync(path, { force: true });
  }
  throw new UsageError('nobody learns here at the moment', {
    hint: 'start netlab learn FILE in another terminal first',
  });
}
