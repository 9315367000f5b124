import type { TextLine } from './document.ts';

/** The lines that make up one command of a transcript. */
export interface CommandLines {
  /** The text to run: prompts of continuation lines removed. */
  readonly command: string;
  /** Index of the first line after the command. */
  readonly next: number;
}

const HERE_DOCUMENT = /(?<!<)<<(-?)[ \t]*(?:'([^'\n]+)'|"([^"\n]+)"|\\?([A-Za-z_][\w.-]*))/g;

/**
 * Takes a command's further lines: those with `> `, the body of a here-document up to its terminator (with or without
 * `> `), and the line after a backslash. `first` is the command's first line without its prompt, `next` the line after it.
 * With `noContinuation` a block has named `>` a prompt of its own.
 */
export function commandLines(
  first: string,
  lines: readonly TextLine[],
  next: number,
  noContinuation: boolean,
): CommandLines {
  const parts = [first];
  let index = next;
  let terminators = hereDocuments(first);
  for (let line = lines[index]; line !== undefined; line = lines[index]) {
    const continued = noContinuation ? undefined : continuation(line.text);
    const [terminator] = terminators;
    if (terminator !== undefined && continued === undefined) {
      const end = terminatorAfter(lines, index, terminator);
      // No such line in the block: what looked like a here-document was none (`$((x<<y))`).
      if (end !== -1) {
        parts.push(...lines.slice(index, end + 1).map((each) => each.text));
        index = end + 1;
      }
      terminators = end === -1 ? [] : terminators.slice(1);
      continue;
    }
    if (continued === undefined && !endsInBackslash(parts.at(-1) ?? '')) break;
    const part = continued ?? line.text;
    parts.push(part);
    index += 1;
    if (terminator === undefined) terminators = hereDocuments(part);
    else if (isTerminator(part, terminator)) terminators = terminators.slice(1);
  }
  return { command: parts.join('\n'), next: index };
}

interface Terminator {
  readonly word: string;
  readonly mayIndent: boolean;
}

const lastLines = new WeakMap<readonly TextLine[], ReadonlyMap<string, number>>();

/** Index of the first line from `from` on that ends a here-document; -1 when none does, which takes no search to know. */
function terminatorAfter(lines: readonly TextLine[], from: number, terminator: Terminator): number {
  const known = lastLines.get(lines);
  const last = known ?? new Map(lines.map(({ text }, index) => [text.replace(/^\t+/, ''), index]));
  if (known === undefined) lastLines.set(lines, last);
  if ((last.get(terminator.word.replace(/^\t+/, '')) ?? -1) < from) return -1;
  for (let index = from; index < lines.length; index += 1) {
    if (isTerminator(lines[index]?.text ?? '', terminator)) return index;
  }
  return -1;
}

function hereDocuments(line: string): Terminator[] {
  if (!line.includes('<<')) return [];
  return [...line.matchAll(HERE_DOCUMENT)].map(([, dash, single, double, plain]) => ({
    word: single ?? double ?? plain ?? '',
    mayIndent: dash === '-',
  }));
}

function isTerminator(line: string, { word, mayIndent }: Terminator): boolean {
  return (mayIndent ? line.replace(/^\t+/, '') : line) === word;
}

function continuation(line: string): string | undefined {
  if (line === '>') return '';
  return line.startsWith('> ') ? line.slice(2) : undefined;
}

function endsInBackslash(line: string): boolean {
  const [backslashes = ''] = /\\*$/.exec(line.slice(-1000)) ?? [];
  return backslashes.length % 2 === 1;
}
