import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readerEnvironment } from './environment.ts';
import { isRoot } from './machine.ts';
import { start } from './namespace.ts';
import type { Lab, LabNode } from './types.ts';

/** `lab: none`: this machine is the only node. */
export function machineItself(folder: string): Lab {
  const own = mkdtempSync(join(tmpdir(), 'netlab-'));
  const name = 'localhost';
  const env = readerEnvironment(isRoot());
  const node: LabNode = {
    name,
    kind: 'host',
    pid: undefined,
    env,
    cwd: folder,
    scratch: { path: own, hostPath: own, takeFifo: () => undefined },
    spawn: start,
    limitsReached: () => undefined,
    openTerminal: async (command) =>
      (await import('./node-terminal.ts')).openTerminal({ name, env, spawn: start }, command),
  };
  return {
    nodes: new Map([[node.name, node]]),
    broken: new AbortController().signal,
    examine: async () => undefined,
    unlimited: [],
    log: () => '',
    async [Symbol.asyncDispose]() {
      rmSync(own, { recursive: true, force: true });
    },
  };
}
