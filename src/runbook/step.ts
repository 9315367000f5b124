import type { Attributes } from './attributes.ts';
import type { Problems } from './problems.ts';
import type { PromptLevel } from './prompt-levels.ts';
import type { ExpectedOutput, LabSpec, LintSetting, OutputPlace, Span, Step } from './types.ts';

/** Session of a step that names none. */
export const DEFAULT_SESSION = 'main';

/** A step that later blocks still add to: its output, its expectations, the prompt that comes after it. */
export type StepDraft = { -readonly [Key in keyof Step]: Step[Key] };

/** What is known of the document while its steps are read. */
export interface StepContext {
  readonly problems: Problems;
  readonly lab: LabSpec;
  /** The node of steps that name none; `undefined` on the machine itself. */
  readonly defaultNode: string | undefined;
  /** Limit of a step that names none. */
  readonly timeoutMs: number;
  readonly steps: StepDraft[];
  /** Explicit names, and where they were first given. */
  readonly names: Map<string, number>;
  /** The prompts that each session is known to be behind, outermost first. */
  readonly levels: Map<string, PromptLevel[]>;
  /** What blocks say about rules of `netlab check`. */
  readonly lint: LintSetting[];
  /** Whether the document says nothing to netlab: see plain.ts. */
  readonly plain: boolean;
  /** Number of blocks with steps so far. */
  blocks: number;
}

interface StepText {
  readonly kind: Step['kind'];
  readonly language: Step['language'];
  readonly name: string | undefined;
  readonly span: Span;
  readonly command: string;
  readonly prompt: string | undefined;
  readonly expected: ExpectedOutput | undefined;
  readonly exit: number | undefined;
  readonly outputPlace?: OutputPlace;
}

/** Adds a step with its block's attributes. The caller counts `context.blocks`. */
export function addStep(text: StepText, attributes: Attributes, context: StepContext): StepDraft {
  const step: StepDraft = {
    index: context.steps.length,
    kind: text.kind,
    language: text.language,
    name: text.name ?? defaultName(text.command),
    span: text.span,
    command: text.command,
    prompt: text.prompt,
    nextPrompt: undefined,
    leavesNested: false,
    depth: 0,
    nextDepth: 0,
    node: attributes.node,
    session: attributes.session ?? DEFAULT_SESSION,
    phase: attributes.phase ?? 'main',
    expected: text.expected,
    exit: text.exit ?? attributes.exit ?? 0,
    match: attributes.match ?? 'exact',
    stream: attributes.stream ?? 'both',
    timeoutMs: attributes.timeoutMs ?? context.timeoutMs,
    eventuallyMs: attributes.eventuallyMs,
    interrupt: attributes.interrupt,
    background: attributes.background ? { ready: attributes.ready } : undefined,
    continue: attributes.continue ?? false,
    skip: attributes.skip,
    if: attributes.if,
    tty: attributes.tty ?? false,
    stdin: attributes.stdin,
    cwd: attributes.cwd,
    env: attributes.env,
    expectations: [],
    block: context.blocks,
    ...(attributes.name !== undefined && { blockName: attributes.name }),
    ...(text.outputPlace && { outputPlace: text.outputPlace }),
  };
  context.steps.push(step);
  return step;
}

/** The name of the `index`-th step of a block that is named `name`: the first has it as it stands, then `name-2`, … */
export function blockStepName(name: string | undefined, index: number): string | undefined {
  return name === undefined || index === 0 ? name : `${name}-${index + 1}`;
}

/** Reports names given twice, and nodes that the lab does not have. */
export function checkPlace(attributes: Attributes, context: StepContext): void {
  const { problems, names, lab } = context;
  const { name, node, at } = attributes;
  if (name !== undefined) {
    const place = at.get('name') ?? 0;
    if (names.has(name)) {
      const message = `another step is already named "${name}"`;
      problems.error('duplicate-name', place, message, 'Give each step a name of its own: it is how a step is chosen.');
    }
    names.set(name, place);
  }
  const runnable = lab.nodes.filter((each) => each.kind !== 'bridge').map((each) => each.name);
  if (node !== undefined && !runnable.includes(node)) {
    const known = runnable.length === 0 ? 'This lab is the machine itself: leave "node" out.' : undefined;
    const hint = known ?? `Nodes that can run commands: ${runnable.join(', ')}.`;
    problems.error('unknown-node', at.get('node') ?? 0, `no node named "${node}" can run commands`, hint);
  }
}

/** The first line that says something, so that reports have a short name for every step. */
function defaultName(command: string): string {
  const lines = command.split('\n').map((line) => line.trim());
  return lines.find((line) => line !== '' && !line.startsWith('#')) ?? lines[0] ?? '';
}
