import { rmSync, writeFile } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Lab, NodeTerminal } from '../lab/types.ts';
import { makeOwnFolder } from './own-folder.ts';

/** What another terminal wants: a shell on a node (`null`: the one that suggests itself), and how large it is. */
export interface Guest {
  readonly node: string | null;
  readonly rows: number;
  readonly columns: number;
  readonly term: string;
}

/** What a lab that receives guests says of itself. */
export interface LabCard {
  /** What one types to get in: the number of the engine's process. */
  readonly id: string;
  readonly kind: 'learn' | 'run';
  /** Absolute. */
  readonly path: string;
  readonly nodes: readonly string[];
  /** ISO 8601. */
  readonly since: string;
}

/** What follows a guest's first line: keys, or a new size, each after one byte that says which and four of its length. */
export const kinds = { keys: 0, size: 1 } as const;
export const headLength = 5;

/** Below the engine's own folder on the lab's first node: it goes with the lab, and nobody else's account reaches it. */
export const meetingPlace = { folder: 'guests', socket: 'socket', card: 'card.json' } as const;

/** How long a guest may take to read anything of what is left at the end, in milliseconds. */
const idleMs = 1000;

/** How a guest is let in: opens the shell that is wanted, or rejects with why there is none. */
export type Welcome = (guest: Guest, output: (bytes: Buffer) => void) => Promise<NodeTerminal>;

/**
 * Lets other terminals of this user into a lab, through a socket that lies in the lab itself, so that nothing of it can
 * outlive the engine. Returns what ends it, and every guest's shell with it.
 */
export function receiveGuests(lab: Lab, about: Pick<LabCard, 'kind' | 'path'>, welcome: Welcome): () => void {
  const nodes = [...lab.nodes.keys()];
  const [first] = lab.nodes.values();
  if (!first) return () => {};
  const folder = join(first.scratch.hostPath, meetingPlace.folder);
  const card: LabCard = { id: String(process.pid), ...about, nodes, since: new Date().toISOString() };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
    void receive(socket, welcome).catch((error: unknown) => {
      socket.end(`netlab: ${error instanceof Error ? error.message : String(error)}\r\n`);
    });
  });
  // That nobody can be let in is no reason to do without the lab.
  server.on('error', () => {});
  // That the lab has broken meanwhile is said by its own signal.
  if (makeOwnFolder(folder)) {
    server.listen(join(folder, meetingPlace.socket), () => {
      writeFile(join(folder, meetingPlace.card), JSON.stringify(card), () => {});
    });
  }
  return () => {
    server.close();
    // One that reads nothing must not hold up the engine's end.
    for (const socket of sockets) socket.setTimeout(idleMs, () => socket.destroy()).end();
    rmSync(folder, { recursive: true, force: true });
  };
}

async function receive(socket: Socket, welcome: Welcome): Promise<void> {
  let kept: Buffer = Buffer.alloc(0);
  let shell: NodeTerminal | undefined;
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
  // What a guest does not read waits in the terminal, and its programs with it.
  const show = (bytes: Buffer): void => {
    if (socket.writable && !socket.write(bytes)) shell?.pause();
  };
  socket.on('drain', () => shell?.resume());
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      kept = Buffer.concat([kept, chunk]);
      const end = kept.indexOf('\n');
      if (!asked && end >= 0) {
        asked = true;
        const guest = JSON.parse(kept.subarray(0, end).toString()) as Guest;
        kept = kept.subarray(end + 1);
        shell = await welcome(guest, show);
        void shell.ended.then(() => socket.end());
      }
      read();
    }
  } finally {
    shell?.close();
  }
}
