import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { type Guest, headLength, kinds, type LabCard, meetingPlace } from './guests.ts';
import type { OwnTerminal } from './own-terminal.ts';

/** A lab of this user's that receives guests, and where. */
export interface OpenLab {
  readonly card: LabCard;
  readonly socket: string;
}

/** The engine's own folder, as the nodes of every lab have it. */
const scratch = 'run/netlab';

/** All labs of this user's that receive guests, the newest first. */
export function openLabs(): readonly OpenLab[] {
  const found = new Map<string, OpenLab>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const folder = join('/proc', pid, 'root', scratch, meetingPlace.folder);
    const card = isFirstProcess(pid) ? readCard(folder) : undefined;
    if (card) found.set(`${card.id} ${card.since}`, { card, socket: join(folder, meetingPlace.socket) });
  }
  return [...found.values()].sort((a, b) => b.card.since.localeCompare(a.card.since));
}

/** Of a node: only those are looked into. */
function isFirstProcess(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('netlab-init');
  } catch {
    return false;
  }
}

/** What stands there was written by the engine, but whoever is in the lab could have changed it. */
function readCard(folder: string): LabCard | undefined {
  try {
    const card = JSON.parse(readFileSync(join(folder, meetingPlace.card), 'utf8')) as LabCard;
    const texts = [card.id, card.kind, card.path, card.since, ...card.nodes];
    return texts.every((text) => typeof text === 'string') ? card : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The lab that is meant by an ID or a runbook's file; without any, the only one that there is. Throws a `UsageError` where
 * there is none, or where one has to be chosen.
 */
export function chooseLab(labs: readonly OpenLab[], wanted: string | undefined): OpenLab {
  const hint = labs.length === 0 ? 'start netlab run --keep-lab FILE in another terminal first' : listText(labs);
  if (wanted === undefined) {
    const [first, ...more] = labs;
    if (first && more.length === 0) return first;
    throw new UsageError(first ? 'which lab? Name one by its number or file' : 'no lab is open at the moment', {
      hint,
    });
  }
  const path = realOf(wanted);
  const found = labs.find(({ card }) => card.id === wanted) ?? labs.find(({ card }) => realOf(card.path) === path);
  if (found) return found;
  throw new UsageError(`${wanted}: there is no such lab`, { hint });
}

/** One line for each lab. */
export function listText(labs: readonly OpenLab[]): string {
  return labs.map(({ card }) => `netlab attach ${card.id}  ${card.path} (${card.nodes.join(', ')})`).join('\n');
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/**
 * Gives this terminal to a shell on a node of a lab (`null`: the one that suggests itself). Resolves when that shell has
 * ended, or the lab; rejects with a `UsageError` when the lab goes before anything was said.
 */
export async function attach(lab: OpenLab, terminal: OwnTerminal, term: string, node: string | null): Promise<void> {
  const { card } = lab;
  if (node !== null && !card.nodes.includes(node)) {
    throw new UsageError(`the lab has no node ${node}`, { hint: `there are ${card.nodes.join(', ')}` });
  }
  const socket = await reach(lab);
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

function reach({ socket: path, card }: OpenLab): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => resolve(socket)).once('error', (cause) => {
      reject(new UsageError(`the lab of ${card.path} does not answer: ${cause.message}`, { cause }));
    });
  });
}
