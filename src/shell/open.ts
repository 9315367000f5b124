import type { LabNode } from '../lab/types.ts';
import { trace, tracing } from '../trace.ts';
import type { Output, Session, SessionInput, SessionKind } from './types.ts';

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
      const started = performance.now();
      if (tracing.hasSubscribers) trace('shell', `${node.name}, ${kind}: sent ${sentText(input)}`);
      const output = await session.run(input, signal);
      if (tracing.hasSubscribers) trace('shell', `${node.name}, ${kind}: ${endText(output)}`, started);
      const limits = node.limitsReached(output.stdout + output.stderr);
      if (limits === undefined) return output;
      return { ...output, limited: true, note: output.note === undefined ? limits : `${limits}; ${output.note}` };
    },
    save: (file) => session.save(file),
    takeOver: (visitor) => session.takeOver(visitor),
    ...(session.late && { late: session.late }),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

/** What is sent, and what of it is not plain. */
function sentText({ command, timeoutMs, depth, interrupt, stdin, cwd, variables }: SessionInput): string {
  const more = [
    depth > 0 && `typed ${depth} nested shells deep`,
    Object.keys(variables).length > 0 && `with ${Object.keys(variables).join(', ')}`,
    stdin !== undefined && `${stdin.length} characters of input`,
    cwd !== undefined && `in ${cwd}`,
    interrupt && 'to be interrupted',
    `at most ${timeoutMs / 1000} s`,
  ];
  return `${JSON.stringify(command)} (${more.filter(Boolean).join(', ')})`;
}

function endText({ ending, exit, note, stdout, stderr, droppedBytes }: Output): string {
  const status = exit === null ? '' : `, status ${exit}`;
  const dropped = droppedBytes > 0 ? `, ${droppedBytes} bytes dropped` : '';
  return `${ending}${status}, ${stdout.length + stderr.length} characters printed${dropped}${note === undefined ? '' : `; ${note}`}`;
}
