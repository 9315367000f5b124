import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import { type Diagnostic, ParseError, UsageError } from '../errors.ts';
import { refuseSpecialFile } from '../file-trouble.ts';
import type { Look } from './panel.ts';
import { clock, type LearnReport } from './summary.ts';
import type { Words } from './words.ts';

/** Exercises in an order. */
export interface Course {
  readonly title: string;
  readonly description: string | undefined;
  /** Paths of documents. */
  readonly files: readonly string[];
}

/** What `course.yaml` may say. */
export const courseSchema: z.ZodType<{ title: string; description?: string | undefined; order: string[] }> =
  z.strictObject({
    title: z.string().describe('The name of the course.'),
    description: z.string().optional().describe('What stands above the list.'),
    order: z.array(z.string()).min(1).describe('The exercises in their order: files, relative to this one.'),
  });

/**
 * The course in a folder: what its `course.yaml` says, else the `files` found there, in order of name. Throws a
 * `ParseError` for a wrong course.yaml.
 */
export function readCourse(folder: string, files: () => readonly string[]): Course {
  const path = join(folder, 'course.yaml');
  if (!existsSync(path)) return { title: basename(resolve(folder)), description: undefined, files: files() };
  refuseSpecialFile(path);
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, 'utf8'), { lineCounter: lines, prettyErrors: false });
  const finding = (offset: number, message: string): Diagnostic => {
    const { line, col } = lines.linePos(offset);
    const hint = 'A course has a title, an order (a list of files), and may have a description.';
    return {
      rule: 'bad-course',
      message,
      position: { file: path, line: Math.max(1, line), column: Math.max(1, col) },
      hint,
    };
  };
  const at = (keys: readonly PropertyKey[]): number => {
    for (let length = keys.length; length > 0; length -= 1) {
      const node: unknown = document.getIn(keys.slice(0, length), true);
      if (node && typeof node === 'object' && 'range' in node && Array.isArray(node.range)) return node.range[0];
    }
    return 0;
  };
  const found: Diagnostic[] = document.errors.map((error) => finding(error.pos[0], error.message));
  const parsed = courseSchema.safeParse(found.length > 0 ? {} : document.toJS({ maxAliasCount: 0 }));
  if (found.length === 0 && !parsed.success) {
    found.push(
      ...parsed.error.issues.map(({ path: keys, message }) =>
        finding(at(keys), `${keys.join('.') || 'course'}: ${message}`),
      ),
    );
  }
  const order = parsed.success ? parsed.data.order : [];
  for (const [index, name] of order.entries()) {
    if (order.indexOf(name) < index) found.push(finding(at(['order', index]), `"${name}" is in the order twice`));
    else if (!existsSync(join(folder, name))) found.push(finding(at(['order', index]), `there is no file "${name}"`));
  }
  const [first, ...rest] = found;
  if (first) throw new ParseError([first, ...rest]);
  if (!parsed.success) throw new UsageError(`${path} cannot be read`);
  const { title, description } = parsed.data;
  return { title, description, files: order.map((name) => join(folder, name)) };
}

/** The exercises of a course, numbered, and how far somebody is with each. */
export function courseText(
  { title, description }: Course,
  reports: readonly LearnReport[],
  look: Look,
  words: Words,
): string {
  const done = reports.filter(({ solved, tasks }) => solved === tasks.length).length;
  const lines = reports.map((report, index) => {
    const { tasks, solved, seconds } = report;
    const mark = solved === tasks.length ? look.green(look.marks.holds) : look.marks.open;
    const time = seconds > 0 ? clock(seconds) : '';
    const about = words.courseItem(solved, tasks.length, time);
    return `${String(index + 1).padStart(3)} ${mark} ${report.title} ${look.dim(about)}`;
  });
  const head = words.course(look.bold(title), done, reports.length);
  return [head, ...(description === undefined ? [] : [description]), '', ...lines].join('\n');
}
