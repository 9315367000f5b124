import { isSlip, suggestion } from './did-you-mean.ts';
import { type Attribute, refuseUnreadable } from './info.ts';
import type { Problems } from './problems.ts';
import { parseDuration } from './quantities.ts';
import type { Interrupt, LintLevel, MatchMode, Phase, Stream } from './types.ts';

/** What the attributes of a block say, all of FORMAT's table; what is not said is `undefined`. */
export interface Attributes {
  readonly name?: string;
  readonly node?: string;
  readonly session?: string;
  readonly timeoutMs?: number;
  readonly eventuallyMs?: number;
  readonly exit?: number;
  readonly match?: MatchMode;
  readonly stream?: Stream;
  readonly skip?: string;
  readonly if?: string;
  readonly phase?: Phase;
  readonly interrupt?: Interrupt;
  readonly background?: boolean;
  readonly ready?: string;
  readonly continue?: boolean;
  readonly tty?: boolean;
  readonly stdin?: string;
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly prompts: readonly string[];
  /** Of an expectation: the step that it is about. */
  readonly of?: string;
  /** Of a criterion: what holds when it does, in the reader's words. */
  readonly description?: string;
  readonly isOutput?: boolean;
  readonly isExpect?: boolean;
  /** The parts of an exercise, by attribute; an empty string where only the word is given. */
  readonly training: Readonly<Record<string, string>>;
  /** `lint.RULE=off`: settings of rules for this block, with the offsets of their keys. */
  readonly lint: readonly { readonly rule: string; readonly level: LintLevel; readonly start: number }[];
  /** Offset of each attribute by key, for messages. */
  readonly at: ReadonlyMap<string, number>;
}

type Draft = { -readonly [Key in keyof Attributes]: Attributes[Key] } & {
  env: Record<string, string>;
  prompts: string[];
  training: Record<string, string>;
  lint: { rule: string; level: LintLevel; start: number }[];
  at: Map<string, number>;
};

/** Takes an attribute into the draft; returns what its value should look like when it does not. */
type Reader = (draft: Draft, attribute: Attribute) => string | undefined;

type TextKey = 'description' | 'name' | 'node' | 'session' | 'stdin' | 'cwd' | 'of' | 'if';

const text =
  (key: TextKey): Reader =>
  (draft, { value }) => {
    if (value === undefined || (value === '' && key !== 'stdin')) return 'a text';
    draft[key] = value;
    return undefined;
  };

const flag =
  (set: (draft: Draft) => void): Reader =>
  (draft, { value }) => {
    if (value !== undefined && value !== 'true' && value !== 'false') return 'no value';
    if (value !== 'false') set(draft);
    return undefined;
  };

const duration =
  (key: 'timeoutMs' | 'eventuallyMs'): Reader =>
  (draft, { value }) => {
    const parsed = parseDuration(value ?? '');
    if (parsed === undefined) return 'a duration with its unit, such as 500ms, 5s or 2m, of at most 24 hours';
    draft[key] = parsed;
    return undefined;
  };

const oneOf =
  <Value extends string>(values: readonly Value[], set: (draft: Draft, value: Value) => void): Reader =>
  (draft, { value }) => {
    const known = values.find((each) => each === value);
    if (known === undefined) return `one of ${values.join(', ')}`;
    set(draft, known);
    return undefined;
  };

const training: Reader = (draft, { key, value }) => {
  draft.training[key] = value ?? '';
  return undefined;
};

const MATCH_MODES: readonly MatchMode[] = ['exact', 'contains', 'unordered', 'ignore'];
export const LINT_LEVELS: readonly LintLevel[] = ['off', 'warn', 'error'];
const STREAMS: readonly Stream[] = ['both', 'stdout', 'stderr'];

const READERS: Readonly<Record<string, Reader>> = {
  name: text('name'),
  node: text('node'),
  session: text('session'),
  timeout: duration('timeoutMs'),
  eventually: duration('eventuallyMs'),
  exit: (draft, { value }) => {
    if (!/^\d{1,3}$/.test(value ?? '') || Number(value) > 255) return 'a number from 0 to 255';
    draft.exit = Number(value);
    return undefined;
  },
  match: oneOf(MATCH_MODES, (draft, value) => {
    draft.match = value;
  }),
  stream: oneOf(STREAMS, (draft, value) => {
    draft.stream = value;
  }),
  skip: (draft, { value }) => {
    if (value !== 'false') draft.skip = value === undefined || value === 'true' ? '' : value;
    return undefined;
  },
  if: text('if'),
  setup: flag((draft) => {
    draft.phase = 'setup';
  }),
  teardown: flag((draft) => {
    draft.phase = 'teardown';
  }),
  interrupt: (draft, { value, form }) => {
    const afterMs = parseDuration(value ?? '');
    const problem = form === 'regex' ? regexProblem(value ?? '') : undefined;
    if (problem !== undefined) return problem;
    if (form !== 'regex' && afterMs === undefined) return 'a duration (2s) or a pattern between slashes (/re/)';
    draft.interrupt = form === 'regex' ? { pattern: value ?? '' } : { afterMs: afterMs ?? 0 };
    return undefined;
  },
  background: flag((draft) => {
    draft.background = true;
  }),
  ready: (draft, { value, form }) => {
    if (form === 'flag' || value === '') return 'a pattern between slashes (/re/)';
    draft.ready = value ?? '';
    return regexProblem(draft.ready);
  },
  continue: flag((draft) => {
    draft.continue = true;
  }),
  tty: flag((draft) => {
    draft.tty = true;
  }),
  stdin: text('stdin'),
  cwd: text('cwd'),
  prompt: (draft, { value }) => {
    const prompts = (value ?? '').split(',').map((each) => each.trim());
    if (prompts.some((each) => each === '')) return 'a prompt in quotes, such as prompt="mysql> "';
    draft.prompts.push(...prompts);
    return undefined;
  },
  of: text('of'),
  description: text('description'),
  output: flag((draft) => {
    draft.isOutput = true;
  }),
  expect: flag((draft) => {
    draft.isExpect = true;
  }),
  exercise: training,
  solution: training,
  check: training,
  hint: training,
  break: training,
};

/** Every attribute, as messages name them: `env.X` stands for any variable, `lint.RULE` for any rule. */
const ATTRIBUTE_NAMES: readonly string[] = [...Object.keys(READERS), 'env.X', 'lint.RULE'];

const MAY_REPEAT = new Set(['prompt']);

const emptyDraft = (): Draft => ({ env: {}, prompts: [], training: {}, lint: [], at: new Map() });

/**
 * Whether an attribute is meant for netlab: one of its own, or a slip of one. A word outside braces that would need a value
 * (`sh session`) is another tool's.
 */
export function isOwn(attribute: Attribute): boolean {
  const { key, form, strict } = attribute;
  const reader = readerOf(key);
  if (reader === undefined) return /^(?:env|lint)\./.test(key) || isSlip(key, ATTRIBUTE_NAMES);
  return strict || form !== 'flag' || reader(emptyDraft(), attribute) === undefined;
}

function readerOf(key: string): Reader | undefined {
  return Object.hasOwn(READERS, key) ? READERS[key] : undefined;
}

/**
 * Makes sense of attributes. Later lists win over earlier ones (a hidden comment before the block's own); within one list
 * an attribute given twice is an error, as is an unknown one unless it stands where other tools have words of their own.
 */
export function interpret(lists: readonly (readonly Attribute[])[], problems: Problems): Attributes {
  const draft = emptyDraft();
  for (const list of lists) {
    const seen = new Set<string>();
    for (const attribute of list) {
      if (seen.has(attribute.key) && !MAY_REPEAT.has(attribute.key)) {
        const message = `the attribute "${attribute.key}" is given twice`;
        problems.error('duplicate-attribute', attribute.start, message, 'Keep one of the two.');
      }
      seen.add(attribute.key);
      // In braces, that was told when it was read.
      if (!attribute.strict || attribute.form !== 'unreadable') readInto(draft, attribute, problems);
    }
  }
  const ready = draft.at.get('ready');
  if (ready !== undefined && draft.background !== true) {
    problems.error('ready-without-background', ready, '"ready" needs "background"', 'Write {background ready=/re/}.');
  }
  return draft;
}

function readInto(draft: Draft, attribute: Attribute, problems: Problems): void {
  const { key, start, valueStart } = attribute;
  const variable = /^env\.([A-Za-z_]\w*)$/.exec(key)?.[1];
  if (variable !== undefined && attribute.value !== undefined) {
    draft.env[variable] = attribute.value;
    draft.at.set(key, start);
    return;
  }
  const rule = /^lint\.(.+)$/.exec(key)?.[1];
  if (rule !== undefined) {
    const level = LINT_LEVELS.find((each) => each === attribute.value);
    if (level !== undefined) draft.lint.push({ rule, level, start });
    else problems.error('bad-attribute-value', valueStart, `"${key}" takes off, warn or error`, `Write ${key}=off.`);
    return;
  }
  // runme gives every block an identity, a ULID, when it saves a document; any other id is a slip.
  if (key === 'id' && /^[0-9A-HJKMNP-TV-Z]{26}$/i.test(attribute.value ?? '')) return;
  const reader = readerOf(key);
  if (reader === undefined) {
    const message = `unknown attribute "${key.slice(0, 60)}"`;
    if (problems.isFull && !attribute.strict) return;
    // A word outside braces may be meant for another tool, unless it looks like a slip of ours.
    const tell = attribute.strict || isOwn(attribute) ? problems.error : problems.warn;
    tell('unknown-attribute', start, message, problems.isFull ? '' : suggestion(key, ATTRIBUTE_NAMES));
    return;
  }
  if (attribute.form === 'unreadable') {
    refuseUnreadable(attribute, problems);
    return;
  }
  const wanted = reader(draft, attribute);
  if (wanted === undefined) draft.at.set(key, start);
  else problems.error('bad-attribute-value', valueStart, `"${key}" takes ${wanted}`, `Correct the value of "${key}".`);
}

/** Why `source` is no regular expression, as the end of "takes …"; it is only compiled here, never run. */
function regexProblem(source: string): string | undefined {
  try {
    new RegExp(source);
    return undefined;
  } catch (error) {
    return `a regular expression (${String(error instanceof Error ? error.message : error).slice(-200)})`;
  }
}
