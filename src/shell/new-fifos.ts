import { join } from 'node:path';
import type { LabNode } from '../lab/types.ts';

let fifos = 0;

/** Where bash opens a FIFO for both sides first, because opening only one side waits for the other. */
const bothFd = 58;
/** Where bash has its commands' FIFO until they come from there. */
export const handFd = 57;

/** FIFOs for a shell to read from, one for each of those descriptors. */
interface Fifos<T extends readonly number[]> {
  /** What bash runs to make them, if they are not there yet, and to open them. */
  readonly opening: string;
  /** Their paths on this machine. */
  readonly hostPaths: { readonly [K in keyof T]: string };
}

/** FIFOs on a node that are not used yet: those that were made with it, else of names that nobody else has. */
export function newFifos<const T extends readonly number[]>({ scratch }: LabNode, fds: T): Fifos<T> {
  const files = fds.map((fd) => ({ fd, name: scratch.takeFifo() ?? `fifo-${process.pid}-${fifos++}` }));
  const paths = files.map(({ name }) => join(scratch.path, name));
  const opened = files.map(({ fd, name }) => {
    // Of the commands both sides stay open: without anybody who writes, bash would read the end of its input.
    const last = fd === handFd ? `${fd}<>/proc/self/fd/${bothFd}` : `${fd}</proc/self/fd/${bothFd}`;
    return `exec ${bothFd}<>${join(scratch.path, name)} ${last} ${bothFd}>&-`;
  });
  const there = paths.map((path) => `-p ${path}`).join(' && ');
  return {
    opening: [`{ [[ ${there} ]] || \\command -p mkfifo -m 600 ${paths.join(' ')}; }`, ...opened].join(' && '),
    hostPaths: files.map(({ name }) => join(scratch.hostPath, name)) as Fifos<T>['hostPaths'],
  };
}
