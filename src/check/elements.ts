import { type ValueType, valueTypes } from './placeholders.ts';
import { CheckProblem } from './problem.ts';
import type { Captures } from './types.ts';

/** A part of a line's pattern. */
export type Element =
  | { readonly kind: 'text'; readonly text: string }
  /** Anything, also nothing: `[..]`, and `*` of a glob. */
  | { readonly kind: 'gap' }
  /** One character: `?` of a glob. */
  | { readonly kind: 'one' }
  | { readonly kind: 'value'; readonly type: string; readonly name: string | undefined }
  /** What was captured under that name. */
  | { readonly kind: 'same'; readonly name: string };

/** Attempts that one line may take; only same-line back-references between several wildcards can come near it. */
const budget = 5_000_000;

/**
 * Matches a whole line and returns the captures with those that it added, or `undefined`. Wildcards take as little as
 * they can, values as much as they can. `loose`: a name without a value matches anything, for differences only.
 */
export function matchElements(
  elements: readonly Element[],
  line: string,
  captures: Captures,
  loose = false,
): Captures | undefined {
  const [first] = elements;
  if (first?.kind === 'text' && !line.startsWith(first.text)) return undefined;
  const added = new Map<string, string>();
  const names = elements.flatMap((element) => ('name' in element && element.name !== undefined ? [element.name] : []));
  // What follows a position depends on nothing else, unless a name comes twice in the line.
  const memo = new Set(names).size === names.length;
  const failed = new Set<number>();
  const gapFailedFrom = new Map<number, number>();
  const runFailedFrom = new Map<string, number>();
  let steps = 0;

  return walk(0, 0) ? (added.size > 0 ? new Map([...captures, ...added]) : captures) : undefined;

  function walk(index: number, at: number): boolean {
    const element = elements[index];
    if (element === undefined) return at === line.length;
    if (element.kind === 'text') return line.startsWith(element.text, at) && walk(index + 1, at + element.text.length);
    steps += 1;
    if (steps > budget) throw new CheckProblem('the line has too many wildcards to be matched; write it with fewer');
    const state = index * (line.length + 1) + at;
    if (failed.has(state)) return false;
    if (choose(element, index, at)) return true;
    if (memo) failed.add(state);
    return false;
  }

  function choose(element: Exclude<Element, { kind: 'text' }>, index: number, at: number): boolean {
    switch (element.kind) {
      case 'gap':
        return gap(index, at);
      case 'one':
        return at < line.length && walk(index + 1, at + ((line.codePointAt(at) ?? 0) > 0xffff ? 2 : 1));
      case 'same': {
        const value = added.get(element.name) ?? captures.get(element.name);
        if (value !== undefined) return line.startsWith(value, at) && walk(index + 1, at + value.length);
        return loose && gap(index, at);
      }
      case 'value':
        return value(element.name, element.type, index, at);
    }
  }

  function gap(index: number, from: number): boolean {
    const next = elements[index + 1];
    if (next === undefined) return true;
    const end = memo ? (gapFailedFrom.get(index) ?? line.length + 1) : line.length + 1;
    for (let at = from; at < end; at += 1) {
      if (next.kind === 'text') {
        at = line.indexOf(next.text, at);
        if (at === -1) break;
      }
      if (walk(index + 1, at)) return true;
    }
    if (memo) gapFailedFrom.set(index, Math.min(from, end));
    return false;
  }

  function value(name: string | undefined, typeName: string, index: number, at: number): boolean {
    const type = valueTypes[typeName];
    if (type === undefined || startsInside(type, index, at)) return false;
    const known = name === undefined ? undefined : (added.get(name) ?? captures.get(name));
    type.run.lastIndex = at;
    const longest = at + (type.run.exec(line)?.[0].length ?? 0);
    const ends = `${index}:${longest}`;
    // Ends that led nowhere from one start lead nowhere from any other, when every part of the run is a value.
    const last = memo && type.accepts === undefined ? Math.min(longest, runFailedFrom.get(ends) ?? longest) : longest;
    for (let end = known === undefined ? last : at + known.length; end > at; end -= 1) {
      steps += 1 + (end - at) / 16;
      const text = line.slice(at, end);
      const fits = (known === undefined || text === known) && end <= longest && !endsInside(type, index, end);
      if (fits && type.accepts?.(text) !== false) {
        if (name !== undefined && known === undefined) added.set(name, text);
        if (walk(index + 1, end)) return true;
        if (name !== undefined && known === undefined) added.delete(name);
      }
      if (known !== undefined) return false;
    }
    if (memo) runFailedFrom.set(ends, Math.min(at, last));
    return false;
  }

  function startsInside(type: ValueType, index: number, at: number): boolean {
    return elements[index - 1]?.kind === 'gap' && type.before?.test(line.slice(Math.max(0, at - 2), at)) === true;
  }

  function endsInside(type: ValueType, index: number, end: number): boolean {
    if (elements[index + 1]?.kind !== 'gap' || type.after === undefined) return false;
    type.after.lastIndex = end;
    return type.after.test(line);
  }
}
