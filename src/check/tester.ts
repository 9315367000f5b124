import { trimBlanks } from './lines.ts';
import { type LinePattern, matchLine } from './pattern.ts';
import { searchAll } from './regex.ts';
import { withoutStrayBytes } from './stray-bytes.ts';
import type { Captures } from './types.ts';

/** Tells whether a pattern, by index, matches an actual line, by index, and returns the captures with its own. */
export type Tester = (pattern: number, line: number, captures: Captures, loose?: boolean) => Captures | undefined;

/**
 * A tester for these lines. `endsInBreak`: whether the actual text ended in a line break. `asCame`: the lines have their
 * control sequences and trailing blanks still.
 */
export function createTester(
  patterns: readonly LinePattern[],
  actual: readonly string[],
  endsInBreak: boolean,
  asCame = false,
): Tester {
  const found = new Map<number, Uint8Array>();
  const texts = actual.map(asCame ? (line) => trimBlanks(withoutStrayBytes(line)) : withoutStrayBytes);

  // One run of the guarded engine tests a growing stretch of lines: starting it costs more than using it.
  function regex(index: number, line: number, source: string): boolean {
    const results = found.get(index) ?? new Uint8Array(actual.length);
    found.set(index, results);
    if (results[line] === 0) {
      const tested = results.reduce((sum, result) => sum + Math.min(result, 1), 0);
      const stretch = texts.slice(line, line + Math.min(4096, 1 + tested));
      for (const [offset, ok] of searchAll(source, '', stretch).entries()) results[line + offset] = ok ? 2 : 1;
    }
    return results[line] === 2;
  }

  return (index, at, captures, loose = false) => {
    const pattern = patterns[index];
    const line = texts[at];
    if (pattern === undefined || line === undefined) return undefined;
    if (pattern.noEol && (endsInBreak || at !== actual.length - 1)) return undefined;
    if (pattern.kind === 'gap') return captures;
    // Only bytes tell one byte that is no UTF-8 from another.
    if (pattern.exact !== undefined) {
      return (asCame ? pattern.exact : pattern.text) === actual[at] ? captures : undefined;
    }
    if (pattern.kind === 'regex') return regex(index, at, pattern.text) ? captures : undefined;
    return matchLine(pattern, line, captures, loose);
  };
}
