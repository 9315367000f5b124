import type { TextLine } from './document.ts';
import { spanOf } from './source-text.ts';
import type { StepContext } from './step.ts';
import type { ExpectedOutput, OutputPlace, Step } from './types.ts';

/** A block of the document whose lines are code, fenced or in a hidden comment. */
export interface CodeBlock {
  readonly language: string;
  /** Offset at which messages about the block as a whole point. */
  readonly start: number;
  readonly lines: readonly TextLine[];
  /** Offset of the line that ends the block. */
  readonly closing: number;
  /** What each line begins with in the source before its text. */
  readonly prefix: string;
}

/** What a command of a transcript is expected to print, where that stands, and the status it may end with. */
export interface CommandOutput {
  readonly expected: ExpectedOutput | undefined;
  readonly exit: number | undefined;
  readonly outputPlace: OutputPlace;
}

/** Reads lines `from` up to `to` of a transcript: empty lines at the end belong to no output, `[1]` is a status. */
export function commandOutput(block: CodeBlock, from: number, to: number, context: StepContext): CommandOutput {
  const wholeEnd = withoutEmptyEnd(block, from, to);
  const last = wholeEnd > from ? statusLine(block.lines[wholeEnd - 1]?.text ?? '') : undefined;
  const end = last === undefined ? wholeEnd : withoutEmptyEnd(block, from, wholeEnd - 1);
  // trycmd has `? 1` right below the command, before what it prints.
  const firstLine = block.lines[from]?.text ?? '';
  const first = last === undefined && end > from && firstLine.startsWith('? ') ? statusLine(firstLine) : undefined;
  const begin = first === undefined ? from : from + 1;
  const expected = end > begin ? expectedLines(block, begin, end, context) : undefined;
  return { expected, exit: last ?? first, outputPlace: placeOf(block, from, wholeEnd, context) };
}

/** Refuses trycmd's words for a status: output they are not, and which number they mean is not known. */
export function refuseStatusInWords({ kind, expected }: Step, { problems }: StepContext): void {
  const word = /^\? (failed|success|interrupted|skipped)\s*$/.exec(expected?.lines[0] ?? '')?.[1];
  if (kind !== 'command' || expected === undefined || word === undefined) return;
  const hint = 'Write the status as a number, such as ? 1; where it is output, end the line in " (eq)".';
  problems.error('status-in-words', expected.span.start.offset, `"? ${word}" is no status`, hint);
}

/** Lines `from` up to `to` as expected output. */
export function expectedLines(block: CodeBlock, from: number, to: number, context: StepContext): ExpectedOutput {
  const lines = block.lines.slice(from, to).map((line) => line.text);
  return { lines, ...placeOf(block, from, to, context) };
}

function placeOf(block: CodeBlock, from: number, to: number, context: StepContext): OutputPlace {
  const start = block.lines[from]?.lineStart ?? block.closing;
  const end = to > from ? (block.lines[to - 1]?.next ?? start) : start;
  return { span: spanOf(context.problems.text, start, end), prefix: block.prefix };
}

function withoutEmptyEnd(block: CodeBlock, from: number, to: number): number {
  let end = to;
  while (end > from && block.lines[end - 1]?.text.trim() === '') end -= 1;
  return end;
}

/** `[1]`, or scrut's and cram's cousin `? 1`; `undefined` for any other line. */
export function statusLine(line: string): number | undefined {
  const match = /^(?:\[(\d{1,3})\]|\? (\d{1,3}))\s*$/.exec(line);
  const status = Number(match?.[1] ?? match?.[2]);
  return match !== null && status <= 255 ? status : undefined;
}
