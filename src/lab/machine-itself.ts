import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readerEnvironment } from './environment.ts';
import { isRoot } from './machine.ts';
import { start, startAttached } from './namespace.ts';
import type { Lab, LabNode } from './types.ts';

/** `lab: none`: this machine is the only node. */
export function machineItself(folder: string): Lab {
  const own = mkdtempSync(join(tmpdir(), 'netlab-'));
  const node: LabNode = {
    name: 'localhost',
    kind: 'host',
    pid: undefined,
    env: readerEnvironment(isRoot()),
    cwd: folder,
    scratch: { path: own, hostPath: own },
    spawn: start,
    limitsReached: () => undefined,
    attach: () => startAttached(['bash'], readerEnvironment(isRoot())),
  };
  return {
    nodes: new Map([[node.name, node]]),
    broken: new AbortController().signal,
    log: () => '',
    async [Symbol.asyncDispose]() {
      rmSync(own, { recursive: true, force: true });
    },
  };
}
