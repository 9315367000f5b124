import { basename, dirname, resolve } from 'node:path';
import type { Fence, TextLine } from './document.ts';
import { endOfLine, type SourceText, startOfLine } from './source-text.ts';

/** What stands before each line of a command or its output in a file of cram's; everything else is prose. */
const indent = '  ';

/** Whether a file is one of cram's own, by its name. */
export function isCram(path: string): boolean {
  return path.endsWith('.t');
}

/** What cram tells its commands of the test, and of the world; their folder is the lab's affair. */
export function cramEnvironment(path: string): Readonly<Record<string, string>> {
  const places = { TESTDIR: dirname(resolve(path)), TESTFILE: basename(path), CRAMTMP: '/tmp', TMPDIR: '/tmp' };
  return { ...places, LANG: 'C', LC_ALL: 'C', LANGUAGE: 'C', TZ: 'GMT', CDPATH: '', COLUMNS: '80' };
}

/** Reads a file of cram's: each run of indented lines is a transcript, wherever it is. */
export function cramBlocks(text: SourceText): Fence[] {
  const fences: Fence[] = [];
  let lines: TextLine[] = [];
  const finish = (closing: number): void => {
    const [first] = lines;
    // Indented lines without a command are prose that is set off.
    if (first && lines.some((line) => line.text.startsWith('$ '))) {
      fences.push({
        kind: 'fence',
        start: first.start,
        info: 'console',
        infoStart: first.start,
        lines,
        closing,
        prefix: indent,
      });
    }
    lines = [];
  };
  for (let line = 0; line < text.lineStarts.length; line += 1) {
    const lineStart = startOfLine(text, line);
    const end = endOfLine(text, line);
    const whole = text.source.slice(lineStart, end);
    if (!whole.startsWith(indent)) {
      finish(lineStart);
      continue;
    }
    const start = lineStart + indent.length;
    lines.push({ text: whole.slice(indent.length), start, end, lineStart, next: startOfLine(text, line + 1) });
  }
  finish(text.source.length);
  return fences;
}
