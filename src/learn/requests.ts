import { closeSync, constants, existsSync, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LabNode } from '../lab/types.ts';
import { requestsPath } from './lab-shell.ts';

/** What somebody on a node has asked of the tutor. */
export interface Request {
  readonly node: LabNode;
  /** `prompt`, or one of the learner's commands. */
  readonly name: string;
  readonly words: readonly string[];
  /** Answers, once; nothing for those that wait for none. */
  reply(text: string): void;
}

/** Listens for the learner's commands on a node. Returns what ends it. */
export function listenOn(node: LabNode, told: (request: Request) => void): () => void {
  const path = requestsPath(node);
  // For both, so that it is not at its end whenever nobody has it open for writing.
  const socket = new Socket({ fd: openSync(path, constants.O_RDWR | constants.O_NONBLOCK), writable: false });
  socket.on('error', () => {});
  createInterface({ input: socket }).on('line', (line) => {
    const [id = '', name = '', ...words] = line.trim().split(/\s+/);
    const known = /^reply\.\d+$/.test(id) ? join(dirname(path), id) : undefined;
    let open = true;
    const reply = (text: string): void => {
      if (open && known !== undefined) answer(known, text);
      open = false;
    };
    told({ node, name, words, reply });
  });
  return () => void socket.destroy();
}

/** The one who asked has the FIFO open; one who has gone gets no answer. */
function answer(path: string, text: string): void {
  try {
    if (!existsSync(path)) return;
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    writeSync(fd, `${text}\0`);
    closeSync(fd);
  } catch {
    // The lab has gone, and whoever asked with it.
  }
}
