import { expect, it } from 'vitest';
import { findProgram } from '../../src/lab/find-program.ts';
import { isStatic } from '../../src/lab/static-program.ts';

it('tells programs that need no libraries from all else', () => {
  expect(isStatic(findProgram('busybox') ?? '')).toBe(true);
  expect(isStatic(process.execPath)).toBe(false);
  expect(isStatic(import.meta.filename)).toBe(false);
  expect(isStatic('/')).toBe(false);
  expect(isStatic('/nowhere')).toBe(false);
});
