import type { LabNode } from '../lab/types.ts';
import type { Session, SessionKind } from './types.ts';

const kinds: Readonly<Record<SessionKind, (node: LabNode) => Promise<Session>>> = {
  pipe: async (node) => (await import('./pipe.ts')).openPipe(node),
  terminal: async (node) => (await import('./terminal.ts')).openTerminal(node),
  program: async (node) => (await import('./program.ts')).openProgram(node),
};

/** Opens a session on a node. Its shell starts with its first step, and again with the next after it has ended. */
export async function openSession(node: LabNode, kind: SessionKind): Promise<Session> {
  const session = await kinds[kind](node);
  return {
    kind,
    /** A step that fails because the lab is full must not look as if its command were at fault. */
    async run(input, signal) {
      const output = await session.run(input, signal);
      const limits = node.limitsReached(output.stdout + output.stderr);
      if (limits === undefined) return output;
      return { ...output, limited: true, note: output.note === undefined ? limits : `${limits}; ${output.note}` };
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}
