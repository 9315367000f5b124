import * as z from 'zod';
import { LINT_LEVELS } from './attributes.ts';
import { nearest, suggestion } from './did-you-mean.ts';
import type { Block } from './document.ts';
import { type LabInput, labSchema } from './lab-schema.ts';
import { normaliseLab, sandboxLab } from './lab-spec.ts';
import type { Problems } from './problems.ts';
import { DURATION_PATTERN, parseDuration } from './quantities.ts';
import { spanOf } from './source-text.ts';
import type { LabSpec, LintLevel, LintSetting } from './types.ts';
import { readYaml } from './yaml-block.ts';

/** Limit of a step when neither it nor the front matter names one. */
const DEFAULT_TIMEOUT_MS = 30_000;

interface FrontMatterInput {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly lab?: LabInput | undefined;
  readonly requires?: readonly string[] | undefined;
  readonly timeout?: string | undefined;
  readonly env?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly translates?: string | undefined;
  readonly lang?: string | undefined;
  readonly exercise?: boolean | undefined;
  readonly lint?: Readonly<Record<string, LintLevel>> | undefined;
}

/** The front matter of a runbook; the JSON Schema for editors is generated from it. */
export const frontMatterSchema: z.ZodType<FrontMatterInput> = z.strictObject({
  title: z.string().optional().describe("The runbook's name; default: the first heading."),
  description: z.string().optional(),
  tags: z.array(z.string()).optional(),
  lab: labSchema.optional().describe('Where it runs; default: sandbox.'),
  requires: z.array(z.string()).optional().describe('Capabilities without which the runbook is skipped.'),
  timeout: z
    .string()
    .regex(DURATION_PATTERN, 'a duration has a unit, such as 500ms, 5s or 2m')
    .optional()
    .describe('Limit of each step; default: 30s.'),
  env: z
    .record(
      z.string().regex(/^[A-Za-z_]\w*$/, 'a variable is named with letters, digits and _'),
      z.union([z.string(), z.number(), z.boolean()]),
    )
    .optional()
    .describe('Environment of all steps.'),
  translates: z.string().optional().describe('The runbook of which this is another edition: a path from this one.'),
  lang: z
    .string()
    .regex(/^[a-zA-Z]{2,3}(-\w+)*$/, 'a language is written as en, zh or zh-CN')
    .optional()
    .describe('The language in which it is written: en, zh, …'),
  exercise: z.boolean().optional().describe('The whole document is one task of an exercise.'),
  lint: z.record(z.string(), z.enum(LINT_LEVELS)).optional().describe('Rules of netlab check: off, warn or error.'),
});

/** What the front matter says, with its defaults. */
export interface FrontMatter {
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  readonly lab: LabSpec;
  readonly requires: readonly string[];
  readonly timeoutMs: number;
  readonly env: Readonly<Record<string, string>>;
  readonly translates: string | undefined;
  readonly lang: string | undefined;
  readonly exercise: boolean;
  readonly lint: readonly LintSetting[];
  /** Whether it has keys that only netlab knows. */
  readonly isOwn: boolean;
}

/** Keys that documentation tools have, too. */
export const SHARED_KEYS: readonly string[] = ['title', 'description', 'tags', 'lang'];

/** Reads the front matter; without one, everything is at its default. Findings are told at the node of the YAML. */
export function readFrontMatter(block: Block | undefined, problems: Problems): FrontMatter {
  const input = block?.kind === 'front-matter' ? readInput(block, problems) : undefined;
  const env = Object.entries(input?.value.env ?? {}).map(([name, value]) => [name, String(value)]);
  return {
    title: input?.value.title,
    description: input?.value.description,
    tags: input?.value.tags ?? [],
    lab: input?.lab ?? sandboxLab(problems),
    requires: input?.value.requires ?? [],
    timeoutMs: parseDuration(input?.value.timeout ?? '') ?? DEFAULT_TIMEOUT_MS,
    env: Object.fromEntries(env),
    translates: input?.value.translates,
    lang: input?.value.lang,
    exercise: input?.value.exercise ?? false,
    lint: input?.lint ?? [],
    isOwn: Object.keys(input?.value ?? {}).some((key) => !SHARED_KEYS.includes(key)),
  };
}

function readInput(
  block: Extract<Block, { kind: 'front-matter' }>,
  problems: Problems,
): (Pick<FrontMatter, 'lint'> & { readonly value: FrontMatterInput; readonly lab: LabSpec | undefined }) | undefined {
  const yaml = readYaml(block.lines, block.start, 'front matter', problems);
  // `---` twice with nothing between is an empty front matter.
  if (yaml === undefined || yaml.value === null) return undefined;
  if (isForeign(yaml.value)) {
    const hint = 'Give it a key of netlab, such as lab: sandbox, to have the others refused.';
    problems.warn('foreign-front-matter', block.start, 'only title, description and tags are read of this', hint);
    return { value: sharedPart(yaml.value), lab: undefined, lint: [] };
  }
  const parsed = frontMatterSchema.safeParse(yaml.value);
  if (!parsed.success) {
    for (const issue of parsed.error.issues.flatMap(branchIssues)) report(issue, yaml, problems);
    return undefined;
  }
  const { timeout, lab } = parsed.data;
  if (timeout !== undefined && parseDuration(timeout) === undefined) {
    const at = yaml.valueAt(['timeout']);
    problems.error('bad-front-matter', at, 'timeout: more than nothing, and at most 24 hours', 'Write such as 30s.');
  }
  const spec = lab === undefined ? undefined : normaliseLab(lab, yaml, problems);
  const lint = Object.entries(parsed.data.lint ?? {}).map(([rule, level]): LintSetting => {
    const place = yaml.keyAt(['lint', rule]);
    return { rule, level, span: spanOf(problems.text, place, place + rule.length), block: undefined };
  });
  return { value: parsed.data, lab: spec, lint };
}

/** Whether it is another tool's: keys that netlab does not know, none that only it knows, and none that may be a slip. */
function isForeign(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const known = knownKeys([]);
  const others = Object.keys(value).filter((key) => !SHARED_KEYS.includes(key));
  return others.length > 0 && others.every((key) => !known.includes(key) && nearest(key, known) === undefined);
}

/** What other tools mean by these keys need not be of netlab's form. */
function sharedPart({ title, description, tags }: Readonly<Record<string, unknown>>): FrontMatterInput {
  const isText = (each: unknown): each is string => typeof each === 'string';
  return {
    ...(isText(title) && { title }),
    ...(isText(description) && { description }),
    ...(Array.isArray(tags) && { tags: tags.filter(isText) }),
  };
}

type Issue = z.core.$ZodIssue;

/** Of a choice that nothing fitted: the findings of the branch that came nearest, with their whole path. */
function branchIssues(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const isOfType = (branch: readonly Issue[]): boolean =>
    branch.every((each) => each.path.length > 0 || each.code !== 'invalid_type');
  const branch = issue.errors.findLast(isOfType);
  if (branch === undefined) return [issue];
  return branch.map((each) => ({ ...each, path: [...issue.path, ...each.path] })).flatMap(branchIssues);
}

function report(issue: Issue, yaml: NonNullable<ReturnType<typeof readYaml>>, problems: Problems): void {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.path);
    for (const key of issue.keys) {
      const path = [...issue.path, key];
      const message = `unknown key "${path.map(String).join('.')}"`;
      problems.error('unknown-key', yaml.keyAt(path), message, problems.isFull ? '' : suggestion(key, known));
    }
    return;
  }
  const where = issue.path.length === 0 ? 'front matter' : issue.path.map(String).join('.');
  const isName = issue.code === 'invalid_key';
  const place = isName ? yaml.keyAt(issue.path) : yaml.valueAt(issue.path);
  const said = isName ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  problems.error('bad-front-matter', place, `${where}: ${said}`, hintFor(issue));
}

function hintFor(issue: Issue): string {
  if (issue.code === 'invalid_value') return `Use one of: ${issue.values.map(String).join(', ')}.`;
  if (issue.code === 'invalid_union') return 'See the format of the front matter for what may stand here.';
  return 'Correct the value; the whole front matter is checked before anything is run.';
}

/** The keys that the schema has at `path`, for suggestions. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  let schema: JsonSchema | undefined = z.toJSONSchema(frontMatterSchema, { io: 'input' }) as JsonSchema;
  for (const part of path) {
    const branches: readonly JsonSchema[] = schema?.anyOf ?? (schema === undefined ? [] : [schema]);
    const next = branches.map((each) => each.properties?.[String(part)] ?? each.additionalProperties ?? each.items);
    schema = next.find((each) => typeof each === 'object' && each !== null) as JsonSchema | undefined;
  }
  const branches = schema?.anyOf ?? (schema === undefined ? [] : [schema]);
  return branches.flatMap((each) => Object.keys(each.properties ?? {}));
}

interface JsonSchema {
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
}
