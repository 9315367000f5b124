import { startLab } from '../../src/lab/start.ts';
import type { Lab, LabNode } from '../../src/lab/types.ts';
import { parse } from '../../src/runbook/parse.ts';
import type { SessionInput } from '../../src/shell/types.ts';

/** Brings up the lab of a front matter, such as `lab: sandbox`. */
export function labOf(frontMatter: string, signal: AbortSignal = new AbortController().signal): Promise<Lab> {
  const source = `---\n${frontMatter}\n---\n\n# A lab for a test\n`;
  return startLab(parse(source, 'test/lab/labs.md', { expectationKeys: [] }), signal);
}

/** The first node of a lab. */
export function firstNode(lab: Lab): LabNode {
  const [node] = lab.nodes.values();
  if (!node) throw new Error('a lab without nodes');
  return node;
}

/** What a session is asked for when a test has no wishes of its own. */
export function input(command: string, wishes: Partial<SessionInput> = {}): SessionInput {
  return {
    command,
    language: 'shell',
    stream: 'both',
    timeoutMs: 10_000,
    variables: {},
    env: {},
    stdin: undefined,
    cwd: undefined,
    interrupt: undefined,
    onOutput: undefined,
    prompt: undefined,
    nextPrompt: undefined,
    leavesNested: false,
    depth: 0,
    nextDepth: wishes.depth ?? 0,
    ...wishes,
  };
}

export const never: AbortSignal = new AbortController().signal;
