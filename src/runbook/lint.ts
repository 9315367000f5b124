import type { Diagnostic } from '../errors.ts';
import { inOrderOfRun } from './pattern-check.ts';
import { andMore, byPlace } from './problems.ts';
import { rules } from './rules/index.ts';
import type { LintVocabulary, Subject } from './rules/types.ts';
import { pointAt, sourceText } from './source-text.ts';
import type { LintLevel, LintSetting, Runbook, Span } from './types.ts';

/** The names of all rules, in the order of docs/lint.md. */
export const ruleNames: readonly string[] = rules.map(({ name }) => name);

/** The most findings that are told of one document. */
const MAX_FINDINGS = 100;

/** A finding that is to be told. */
export interface LintFinding extends Diagnostic {
  readonly level: Exclude<LintLevel, 'off'>;
}

/** Finds what is allowed but probably not meant, the parser's own warnings included. */
export function lint(runbook: Runbook, vocabulary: LintVocabulary): readonly Diagnostic[] {
  const text = sourceText(runbook.source);
  const subject: Subject = { runbook, text, order: inOrderOfRun(runbook.steps), vocabulary, ruleNames };
  const found = rules.flatMap(({ name, find }) =>
    [...(find?.(subject) ?? [])].map(({ at, message, hint }): Diagnostic => {
      const { line, column } = pointAt(text, at);
      return { rule: name, message, position: { file: runbook.path, line, column }, hint };
    }),
  );
  return [...runbook.warnings, ...found];
}

/**
 * What of the findings is to be told, in order of place. A block's own setting wins over `levels`, which are the caller's,
 * and those over the front matter; else a finding is a warning.
 */
export function judge(
  found: readonly Diagnostic[],
  runbook: Runbook,
  levels: ReadonlyMap<string, LintLevel>,
): readonly LintFinding[] {
  const settings = runbook.lint ?? [];
  const ofDocument = new Map(settings.flatMap(({ block, rule, level }) => (block ? [] : [[rule, level] as const])));
  const ofBlocks = settingsOfBlocks(settings);
  const levelOf = ({ rule, position: { line } }: Diagnostic): LintLevel => {
    return levelAt(line, ofBlocks.get(rule) ?? []) ?? levels.get(rule) ?? ofDocument.get(rule) ?? 'warn';
  };
  const told = found.flatMap((each): LintFinding[] => {
    const level = levelOf(each);
    return level === 'off' ? [] : [{ ...each, level }];
  });
  const inOrder = runbook.note === undefined ? told.toSorted(byPlace) : together(told.toSorted(byPlace));
  const [first, ...rest] = inOrder.slice(MAX_FINDINGS);
  if (first === undefined) return inOrder;
  const level = [first, ...rest].some((each) => each.level === 'error') ? 'error' : 'warn';
  return [...inOrder.slice(0, MAX_FINDINGS), { ...andMore(rest.length + 1, first), level }];
}

interface BlockLevel {
  readonly block: Span;
  readonly level: LintLevel;
}

/** What blocks say of each rule, in the order of the document. */
function settingsOfBlocks(settings: readonly LintSetting[]): ReadonlyMap<string, readonly BlockLevel[]> {
  const found = new Map<string, BlockLevel[]>();
  for (const { rule, level, block } of settings) {
    if (block === undefined) continue;
    const ofRule = found.get(rule) ?? [];
    found.set(rule, ofRule);
    ofRule.push({ block, level });
  }
  return found;
}

/** What the block that holds a line says; found in few steps, since thousands of blocks may say something. */
function levelAt(line: number, settings: readonly BlockLevel[]): LintLevel | undefined {
  let [low, high] = [-1, settings.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((settings[middle]?.block.start.line ?? 0) <= line) low = middle;
    else high = middle - 1;
  }
  const last = settings[low];
  return last !== undefined && line <= last.block.end.line ? last.level : undefined;
}

/** Rules that speak of nearly every block of a document that says nothing to netlab, where its author asked for nothing. */
const OF_EVERY_BLOCK = ['unchecked-step', 'left-alone'];

/** The most lines that are named in one finding. */
const MAX_LINES = 20;

/** In a document that says nothing to netlab, a rule that speaks of nearly every block speaks once, and names the lines. */
function together(found: readonly LintFinding[]): LintFinding[] {
  const groups = new Map<string, LintFinding[]>(OF_EVERY_BLOCK.map((rule) => [rule, []]));
  for (const each of found) groups.get(each.rule)?.push(each);
  return found.flatMap((each) => {
    const group = groups.get(each.rule);
    if (group === undefined) return [each];
    return group[0] === each ? [speakingFor(each, group.slice(1))] : [];
  });
}

function speakingFor(first: LintFinding, rest: readonly LintFinding[]): LintFinding {
  if (rest.length === 0) return first;
  const lines = rest.slice(0, MAX_LINES).map(({ position }) => position.line);
  const more = rest.length > MAX_LINES ? `, and ${rest.length - MAX_LINES} more` : '';
  const where = `${rest.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}${more}`;
  return { ...first, message: `${first.message}; the same at ${where}` };
}
