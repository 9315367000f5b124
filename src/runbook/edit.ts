import { statusLine } from './expected-output.ts';
import { promptOf, promptShape } from './prompt.ts';
import type { Step } from './types.ts';

/** A line of expected output; `armoured` says the same without looking like anything else. */
export interface EditedLine {
  readonly text: string;
  readonly armoured: string;
  /** Its index among the old lines, if it is one of them and stays as it is. */
  readonly kept?: number;
}

/** What a step's expected output is to become. */
export interface OutputEdit {
  readonly step: Step;
  readonly lines: readonly EditedLine[];
  /** The status to be written below it; `undefined` leaves what is there. Transcripts only. */
  readonly exit: number | undefined;
}

const lineWithEnding = /[^\r\n]*(?:\r\n|\n|\r|$)/g;

/**
 * The document with these edits; every byte that is not expected output stays, and so does every line of it that is kept.
 * `cautious`: all new lines are armoured, not only those that would clearly be read as something else.
 */
export function editOutputs(source: string, edits: readonly OutputEdit[], cautious = false): string {
  const placed = edits.map((edit) => ({ edit, ...placeOf(edit.step) }));
  let edited = source;
  for (const { edit, start, end, prefix } of placed.toSorted((a, b) => b.start - a.start)) {
    edited = edited.slice(0, start) + replacement(source, { edit, start, end, prefix }, cautious) + edited.slice(end);
  }
  return edited;
}

interface Placed {
  readonly edit: OutputEdit;
  readonly start: number;
  readonly end: number;
  readonly prefix: string;
}

function placeOf(step: Step): Omit<Placed, 'edit'> {
  const { span, prefix = '' } = step.outputPlace ??
    step.expected ?? { span: { start: step.span.end, end: step.span.end } };
  return { start: span.start.offset, end: span.end.offset, prefix };
}

function replacement(source: string, { edit, start, end, prefix }: Placed, cautious: boolean): string {
  const { step, lines, exit } = edit;
  const before = source.slice(0, start);
  const old = source.slice(start, end);
  const ending = /(\r\n|\n|\r)[^\r\n]*$/.exec(before)?.[1] ?? '\n';
  const oldLines = (old.match(lineWithEnding) ?? []).filter((line) => line !== '');
  const above = oldLines.slice(0, statusIsAbove(step, oldLines, prefix) ? 1 : 0);
  const below = oldLines.slice(above.length);
  const write = (text: string): string => (text === '' && !step.asCame ? prefix.trimEnd() : prefix + text) + ending;
  const last = lines.findLastIndex(({ text }) => text.trim() !== '');
  const texts = lines.map((line, index) => {
    if (isMisplaced(line.text, step, index === 0, index === last)) return write(line.armoured);
    if (line.kept !== undefined) return whole(below[line.kept] ?? '', ending);
    return write(cautious || isRisky(line.text, step) ? line.armoured : line.text);
  });
  const rest = below.slice(step.expected?.lines.length ?? 0);
  const status = exit === undefined ? { above, rest } : newStatus({ above, rest }, exit, write);
  const text = [...status.above, ...texts, ...status.rest].join('');
  // A hidden comment may end on the line of its last command or output.
  const inLine = !/(?:^|[\r\n])$/.test(before);
  const cut = inLine || (old !== '' && !/[\r\n]$/.test(old));
  const trimmed = cut ? text.replace(/(?:\r\n|\n|\r)$/, '') : text;
  return inLine && trimmed !== '' ? ending + trimmed : trimmed;
}

function whole(line: string, ending: string): string {
  return /[\r\n]$/.test(line) ? line : line + ending;
}

/** Whether the status stands right below the command, as trycmd has it, and not below the output: see `commandOutput`. */
function statusIsAbove({ kind }: Step, lines: readonly string[], prefix: string): boolean {
  const isStatus = (line: string): boolean => statusLine(withoutPrefix(line, prefix)) !== undefined;
  const [first = '', ...more] = lines;
  const last = more.at(-1);
  const isAbove = isStatus(first) && withoutPrefix(first, prefix).startsWith('? ');
  return kind === 'command' && isAbove && last !== undefined && !isStatus(last);
}

function withoutPrefix(line: string, prefix: string): string {
  return (line.startsWith(prefix) ? line.slice(prefix.length) : line).trimEnd();
}

interface StatusPlaces {
  readonly above: readonly string[];
  readonly rest: readonly string[];
}

/** The lines around the output: a status that is not 0, written as and where the document writes it. */
function newStatus({ above, rest }: StatusPlaces, exit: number, write: (text: string) => string): StatusPlaces {
  const renamed = (line: string): string => line.replace(/\d+/, String(exit));
  if (above.length > 0) return { above: exit === 0 ? [] : above.map(renamed), rest };
  if (exit === 0) return { above, rest: [] };
  const old = rest.at(-1);
  return { above, rest: old === undefined ? [write(`[${exit}]`)] : [...rest.slice(0, -1), renamed(old)] };
}

/** Whether the line would go on with the command above it, or be read as its status. */
function isMisplaced(text: string, { kind }: Step, isFirst: boolean, isLast: boolean): boolean {
  const isStatus = statusLine(text) !== undefined;
  const goesOn = isFirst && (/^>(?: |$)/.test(text) || (isStatus && text.startsWith('? ')));
  return kind === 'command' && (goesOn || (isLast && isStatus));
}

/** Whether a new line would be read as something other than output, or end the block. */
function isRisky(text: string, step: Step): boolean {
  if (/^\s*(?:`{3,}|~{3,})\s*$/.test(text) || text.includes('-->')) return true;
  const prompt = step.kind === 'command' ? promptOf(text) : undefined;
  return prompt !== undefined && (prompt.kind !== 'bare' || prompt.shape === promptShape(step.prompt ?? ''));
}
