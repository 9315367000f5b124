import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Diagnostic, ParseError } from '../../src/errors.ts';
import { readCourse } from '../../src/learn/course.ts';

const folder = mkdtempSync(join(tmpdir(), 'netlab-course-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'a.md'), '');
writeFileSync(join(folder, 'b.md'), '');

function problems(yaml: string): string[] {
  writeFileSync(join(folder, 'course.yaml'), yaml);
  try {
    readCourse(folder, () => []);
    return [];
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return error.diagnostics.map(
      ({ position, message }: Diagnostic) => `${position.line}:${position.column} ${message}`,
    );
  }
}

describe('a course', () => {
  it('has the order of its course.yaml', () => {
    writeFileSync(join(folder, 'course.yaml'), 'title: T\ndescription: D\norder: [b.md, a.md]\n');
    expect(readCourse(folder, () => [])).toEqual({
      title: 'T',
      description: 'D',
      files: [join(folder, 'b.md'), join(folder, 'a.md')],
    });
    rmSync(join(folder, 'course.yaml'));
    expect(readCourse(folder, () => ['x.md'])).toMatchObject({ files: ['x.md'] });
  });

  it.each([
    ['title: T\norder: [a.md, none.md]\n', '2:15 there is no file "none.md"'],
    ['title: T\norder:\n  - a.md\n  - a.md\n', '4:5 "a.md" is in the order twice'],
    ['title: T\n', /^1:1 order: /],
    ['title: [1]\norder: [a.md]\n', /^1:8 title: /],
    ['title: T\norder: [a.md]\nauthor: me\n', /^\d:1 course: .*author/],
    ['title: "T\n', /^\d:\d /],
    ['', /^1:1 course: /],
  ])('%j is told at its place', (yaml, message) => {
    expect(problems(yaml)).toEqual([typeof message === 'string' ? message : expect.stringMatching(message)]);
  });
});
