import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from '../errors.ts';
import type { Service } from './dns.ts';
import { greet, type OnLost, watch } from './hung.ts';

const socket = '/run/docker.sock';

/** Of the containerd that dockerd starts for itself. */
const containerdSocket = '/run/docker/containerd/containerd.sock';
const containerdPid = '/run/docker/containerd/containerd.pid';

const httpPing = 'GET /_ping HTTP/1.0\r\n\r\n';
/** What a client says first, and its settings, none (RFC 9113, 3.4): a server answers with its own. */
const http2Preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0';

/** The node's own Docker Engine. Its data lie on a tmpfs that node.sh has mounted. */
export const dockerService: Service = {
  name: 'dockerd',
  command: `dockerd --host unix://${socket} --pidfile /run/docker.pid`,
};

/** A Docker Engine as its socket is reached from here, through the file system of the node's PID 1. */
export interface DockerEngine {
  /** Resolves when the engine answers; rejects when it has not after 30 s, or when its signal aborts. */
  ready(): Promise<void>;
  /** Loads an archive made by `docker save`. */
  load(archive: Readable): Promise<void>;
  /** Makes an image of one layer. `changes` are Dockerfile instructions. */
  import(name: string, layer: Readable, changes: readonly string[]): Promise<void>;
  /** Builds the Dockerfile of a build context. */
  build(name: string, context: Readable): Promise<void>;
  log(): string;
  /** Which of it and its containerd nobody answers for, if any. Waits for those that take their time. */
  refusing(): Promise<string | undefined>;
  /** Tells one containerd from the next that is started in its place. */
  containerd(): string;
  /** Asks it and its containerd once a second whether they are there, until `signal` aborts; says when one is lost. */
  watch(onLost: OnLost): void;
}

/** Everything that is asked of it ends when `signal` aborts. */
export function dockerEngine(pid: number, signal: AbortSignal): DockerEngine {
  const root = `/proc/${pid}/root`;
  const send = async (method: string, path: string, body?: Readable): Promise<string> => {
    const { call } = await import('./docker-call.ts');
    return call({ socketPath: `${root}${socket}`, method, path, signal }, body);
  };
  const log = (): string => tail(`${root}/run/netlab/${dockerService.name}.log`);
  const asked = [
    { name: dockerService.name, ask: () => greet(`${root}${socket}`, httpPing, signal) },
    { name: 'containerd', ask: () => greet(`${root}${containerdSocket}`, http2Preface, signal) },
  ];
  return {
    log,
    async ready() {
      const deadline = performance.now() + 30_000;
      while (true) {
        signal.throwIfAborted();
        try {
          await send('GET', '/_ping');
          return;
        } catch (cause) {
          if (performance.now() > deadline)
            throw new LabError('the Docker Engine does not answer', { cause, log: log() });
          await sleep(8);
        }
      }
    },
    async load(archive) {
      await send('POST', '/images/load?quiet=1', archive);
    },
    async import(name, layer, changes) {
      const query = new URLSearchParams({ fromSrc: '-', ...split(name) });
      for (const change of changes) query.append('changes', change);
      await send('POST', `/images/create?${query}`, layer);
    },
    async build(name, context) {
      const query = new URLSearchParams({ t: name, q: '1', networkmode: 'none', forcerm: '1' });
      await send('POST', `/build?${query}`, context);
    },
    async refusing() {
      const answers = await Promise.all(
        asked.map(async ({ name, ask }) => ((await ask()) === 'refused' ? [name] : [])),
      );
      return answers.flat()[0];
    },
    containerd: () => tail(`${root}${containerdPid}`),
    watch(onLost) {
      for (const { name, ask } of asked) watch(name, ask, signal, onLost);
    },
  };
}

function split(name: string): { repo: string; tag: string } {
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  return colon < 0 ? { repo: name, tag: 'latest' } : { repo: name.slice(0, colon), tag: name.slice(colon + 1) };
}

/** So much of a log's end is read, in bytes. */
const tailBytes = 16 * 1024;

/**
 * The last lines of a log, or nothing where there is none yet. A lab can put anything in its place: no link is followed, which
 * would lead out of the lab, and of a FIFO or a device nothing is read.
 */
export function tail(path: string, lines = 12): string {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = fstatSync(fd);
    if (!stat.isFile()) return '';
    const buffer = Buffer.alloc(Math.min(stat.size, tailBytes));
    const length = readSync(fd, buffer, 0, buffer.length, stat.size - buffer.length);
    return buffer.toString('utf8', 0, length).trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
