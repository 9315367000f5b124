import { addMapping, GenMapping, toEncodedMap } from '@jridgewell/gen-mapping';
import type { Diagnostic } from '../errors.ts';
import { printable } from '../report/printable.ts';
import type { Outline } from '../run/outline.ts';
import { type OpenedDocument, testOptions } from './options.ts';

/** The module that runs a document inside Vitest; the plugin resolves it to a file of this package. */
export const suiteModule = 'netlab:vitest-suite';

/** JavaScript for Vitest, and the map that leads from it to the document. */
export interface TestModule {
  readonly code: string;
  readonly map: string;
}

/**
 * A document as a module of Vitest tests, one for each entry of its outline. They are written out, so that editors find
 * them without running anything, and mapped to their Markdown lines. All code stands below the last line of the document:
 * a stack frame with a line of the document is on no mapped line, and stays what it is.
 */
export function testModule({ path, source, options }: OpenedDocument, { title, entries }: Outline): TestModule {
  const lines = [
    `import { describe, openDocument, test, vi } from ${JSON.stringify(suiteModule)};`,
    // A setup file that is for other tests, too, may have faked them.
    'vi.useRealTimers();',
    `describe(${text(title)}, () => {`,
    `const document = openDocument(${JSON.stringify({ path, source, options })});`,
  ];
  const head = lines.length;
  if (entries.length === 0) lines.push('test("nothing to run", document.nothing);');
  for (const { name, index, task, teardown } of entries) {
    const entry = task === undefined ? `step(${index}, ${teardown})` : `task(${JSON.stringify(task)})`;
    lines.push(`test(${text(name)}, ${JSON.stringify(testOptions)}, document.${entry});`);
  }
  const places = entries.map(({ line, column }, row) => ({ row: head + row, line, column }));
  // On the first line, unless a test is there: the line of a test chooses nothing else.
  const suite = places.some(({ line }) => line === 1) ? [] : [{ row: 2, line: 1, column: 1 }];
  return assemble({ path, source }, [...lines, '});'], [...suite, ...places]);
}

/** The module of a document that cannot be read: it fails with all that is wrong, each finding at its place. */
export function refusedModule({ path, source }: OpenedDocument, diagnostics: readonly Diagnostic[]): TestModule {
  const lines = [
    `import { refuse } from ${JSON.stringify(suiteModule)};`,
    `refuse(${JSON.stringify(path)}, ${JSON.stringify(source)}, ${JSON.stringify(diagnostics)});`,
  ];
  return assemble({ path, source }, lines, []);
}

interface Place {
  /** 0-based, among the lines of code. */
  readonly row: number;
  readonly line: number;
  readonly column: number;
}

function assemble(
  { path, source }: Pick<OpenedDocument, 'path' | 'source'>,
  lines: readonly string[],
  places: readonly Place[],
): TestModule {
  const above = source.split('\n').length + 1;
  const map = new GenMapping();
  for (const { row, line, column } of places) {
    const original = { line, column: column - 1 };
    addMapping(map, { source: path, original, generated: { line: above + row + 1, column: 0 }, content: source });
  }
  return { code: `${'\n'.repeat(above)}${lines.join('\n')}\n`, map: JSON.stringify(toEncodedMap(map)) };
}

function text(name: string): string {
  return JSON.stringify(printable(name));
}
