import { withinBounds } from './bounds.ts';
import { cramBlocks, cramWorld, isCram } from './cram.ts';
import { readBlocks } from './document.ts';
import type { ExpectWords } from './expect.ts';
import { refuseStatusInWords } from './expected-output.ts';
import { readFrontMatter } from './front-matter.ts';
import { defaultNode } from './lab-spec.ts';
import { checkPatterns, type PatternCheck } from './pattern-check.ts';
import { isPlain, noteOnPlain } from './plain.ts';
import { collectProblems } from './problems.ts';
import { sourceText } from './source-text.ts';
import type { StepContext } from './step.ts';
import { readSteps } from './steps.ts';
import type { Runbook } from './types.ts';

/** What other rooms know of a runbook's words: the keys of expectations, and the patterns of expected output. */
export interface Vocabulary extends ExpectWords {
  readonly checkPattern?: PatternCheck;
}

/**
 * Reads a Markdown document, or a file of cram's, as a runbook. `path` is what messages call it. Throws a `ParseError` with everything that is
 * wrong, in order of place: nothing of such a document is to be run.
 */
export function parse(source: string, path: string, vocabulary: Vocabulary): Runbook {
  const problems = collectProblems(path, sourceText(source));
  const cram = isCram(path);
  const blocks = cram ? (withinBounds(problems) ? cramBlocks(problems.text) : []) : readBlocks(problems);
  const front = readFrontMatter(blocks[0], problems);
  const context: StepContext = {
    problems,
    lab: front.lab,
    defaultNode: defaultNode(front.lab)?.name,
    timeoutMs: front.timeoutMs,
    steps: [],
    names: new Map(),
    levels: new Map(),
    lint: [...front.lint],
    plain: !cram && isPlain(blocks, front.isOwn, problems),
    blocks: 0,
  };
  const words = { ...vocabulary, whole: front.exercise };
  const { steps, training, exercise } = readSteps(blocks, words, context);
  if (cram) {
    // A terminal, which nested shells are typed into, adds to what is printed.
    const nests = steps.some(({ depth, nextDepth, leavesNested }) => depth > 0 || nextDepth > 0 || leavesNested);
    for (const step of context.steps) {
      step.skipsAt80 = 'shell';
      if (!nests) step.asCame = true;
    }
  } else for (const step of context.steps) refuseStatusInWords(step, context);
  if (vocabulary.checkPattern) checkPatterns(steps, vocabulary.checkPattern, problems);
  for (const { solution, criteria } of exercise?.tasks ?? []) {
    const printing = [...solution, ...criteria.map(({ step }) => step)];
    if (vocabulary.checkPattern) checkPatterns(printing, vocabulary.checkPattern, problems);
  }
  problems.throwIfAny();
  const note = context.plain ? noteOnPlain(steps, problems.warnings) : undefined;
  const heading = blocks.find((block) => block.kind === 'heading' && block.text !== '');
  return {
    path,
    source,
    title: front.title ?? (heading?.kind === 'heading' ? heading.text : path),
    description: front.description,
    tags: front.tags,
    lab: front.lab,
    requires: front.requires,
    timeoutMs: front.timeoutMs,
    ...(cram ? cramWorld(path) : { env: front.env }),
    ...(front.translates !== undefined && { translates: front.translates }),
    ...(front.lang !== undefined && { lang: front.lang }),
    steps,
    ...(exercise && { exercise }),
    ...(training.length > 0 && { training }),
    ...(context.lint.length > 0 && { lint: context.lint }),
    ...(note !== undefined && { note }),
    warnings: problems.warnings,
  };
}
