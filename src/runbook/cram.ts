import { basename, dirname, resolve } from 'node:path';
import type { Fence, TextLine } from './document.ts';
import { endOfLine, type SourceText, startOfLine } from './source-text.ts';
import type { Runbook } from './types.ts';

/** What stands before each line of a command or its output in a file of cram's; everything else is prose. */
const indent = '  ';

/** Whether a file is one of cram's own, by its name. */
export function isCram(path: string): boolean {
  return path.endsWith('.t');
}

/** Below it, each test has an empty folder of its own; cram's has random letters at its end, which a lab needs not. */
const cramFolder = '/tmp/cramtests';

/** What cram tells its commands of the test, and of the world; and where it has them start. */
export function cramWorld(path: string): Pick<Runbook, 'env' | 'startsIn'> {
  const [name, temporary] = [basename(path), `${cramFolder}/tmp`];
  const places = { TESTDIR: dirname(resolve(path)), TESTFILE: name, TESTSHELL: '/bin/bash', CRAMTMP: cramFolder };
  const forFiles = { TMPDIR: temporary, TEMP: temporary, TMP: temporary };
  const world = { LANG: 'C', LC_ALL: 'C', LANGUAGE: 'C', TZ: 'GMT', CDPATH: '', COLUMNS: '80' };
  return { env: { ...places, ...forFiles, ...world }, startsIn: [cramFolder, temporary, `${cramFolder}/${name}`] };
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
