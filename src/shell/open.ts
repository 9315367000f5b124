import type { LabNode } from '../lab/types.ts';
import type { Session, SessionKind } from './types.ts';

const kinds: Readonly<Record<SessionKind, (node: LabNode) => Promise<Session>>> = {
  pipe: async (node) => (await import('./pipe.ts')).openPipe(node),
  terminal: async (node) => (await import('./terminal.ts')).openTerminal(node),
  program: async (node) => (await import('./program.ts')).openProgram(node),
};

/** Opens a session on a node. Its shell starts with its first step, and again with the next after it has ended. */
export function openSession(node: LabNode, kind: SessionKind): Promise<Session> {
  return kinds[kind](node);
}
