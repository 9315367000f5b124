import { readFileSync } from 'node:fs';
import picomatch from 'picomatch';
import { UsageError } from '../errors.ts';
import { statIfThere } from '../file-trouble.ts';
import { filesBelow } from './walk.ts';

/** A block that netlab may run: most Markdown files of a folder are no runbooks. */
const runnable =
  /^[\s>]*(?:`{3,}|~{3,})\s*(?:console|shell-session|shellsession|sh-session|terminal|scrut|trycmd|sh|bash|shell|js|ts)\b|<!-- netlab/m;

/** `.mdx` is read and run like the others; nothing ever rewrites it. */
const markdown = /\.(?:md|markdown|mdx)$/i;

/** The files that a path names, in order of name: itself, or what can be run of a folder or pattern. Throws a `UsageError` when there are none. */
export function filesOf(path: string, mayBeNone: boolean): readonly string[] {
  const stat = statIfThere(path);
  // A name with brackets may be that of a file that is there.
  if (stat) return stat.isDirectory() ? filesBelow(path).filter(isRunbook) : [path];
  const { base, isGlob } = picomatch.scan(withoutDot(path));
  if (!isGlob) {
    const hint = 'look at the name, and at the folder that this runs in';
    throw new UsageError(`${path || 'a path with nothing in it'}: there is no such file or folder`, { hint });
  }
  const matches = picomatch(withoutDot(path));
  const start = base === '' ? '.' : base;
  const found = statIfThere(start)?.isDirectory() ? filesBelow(start) : [];
  const files = found.filter((file) => matches(withoutDot(file)) && (isRunbook(file) || isCramTest(file)));
  if (files.length === 0 && !mayBeNone) {
    const hint = 'runbooks end in .md, .markdown or .mdx and have a block that can be run';
    throw new UsageError(`${path}: no runbook matches this pattern`, { hint });
  }
  return files;
}

/** Whether a pattern, without its `!`, takes that file out. */
export function isTakenOut(pattern: string): (file: string) => boolean {
  if (pattern === '')
    throw new UsageError('!: a pattern with nothing in it', { hint: 'say what to leave out: !drafts' });
  const isOut = picomatch([withoutDot(pattern), `${withoutDot(pattern)}/**`], { dot: true });
  return (file) => isOut(withoutDot(file));
}

/** A file of cram's has a command in it; Perl's tests end in `.t`, too, and of a folder neither is run. */
const cram = /^ {2}\$ /m;

function isRunbook(path: string): boolean {
  return markdown.test(path) && runnable.test(readFileSync(path, 'utf8'));
}

function isCramTest(path: string): boolean {
  return path.endsWith('.t') && cram.test(readFileSync(path, 'utf8'));
}

function withoutDot(path: string): string {
  return path.replace(/^(?:\.\/)+/, '');
}
