import { align } from './align.ts';
import { keysOf, similarity, tokensOf } from './tokens.ts';

/** Lines this much alike are taken for the same line. */
export const alike = 0.5;

/** One line as each run printed it, by its index there; or lines that only one of two runs printed. */
export type Seen = { readonly kind: 'line'; readonly at: readonly number[] } | { readonly kind: 'gap' };

/** Puts the lines of the runs side by side, one or two. */
export function pairRuns(runs: readonly (readonly string[])[]): readonly Seen[] {
  const [one = [], other] = runs;
  if (other === undefined) return one.map((_, index) => ({ kind: 'line', at: [index] }));
  const least = Math.min(one.length, other.length);
  let head = 0;
  while (head < least && one[head] === other[head]) head += 1;
  let tail = 0;
  while (tail < least - head && one.at(-1 - tail) === other.at(-1 - tail)) tail += 1;
  const line = (index: number, from: number, to: number): Seen => ({ kind: 'line', at: [index + from, index + to] });
  return [
    ...Array.from({ length: head }, (_, index) => line(index, 0, 0)),
    ...pairMiddle(one.slice(head, one.length - tail), other.slice(head, other.length - tail), head),
    ...Array.from({ length: tail }, (_, index) => line(index, one.length - tail, other.length - tail)),
  ];
}

function pairMiddle(one: readonly string[], other: readonly string[], shift: number): readonly Seen[] {
  // The same lines in another order: which of them stands where says nothing.
  if (one.length > 1 && one.toSorted().join('\n') === other.toSorted().join('\n')) return [{ kind: 'gap' }];
  const inStep = (count: number, from: number, to: number): Seen[] =>
    Array.from({ length: count }, (_, index) => ({ kind: 'line', at: [shift + from + index, shift + to + index] }));
  const [keys, otherKeys] = [one, other].map((lines) => lines.map((line) => keysOf(tokensOf(line))));
  const found = align(one.length, other.length, {
    pair: (left, right) => {
      if (one[left] === other[right]) return 0;
      const close = similarity(keys?.[left] ?? [], otherKeys?.[right] ?? []);
      return close >= alike ? 1 - close / 2 : Number.POSITIVE_INFINITY;
    },
    left: () => 1,
    right: () => 1,
  });
  if (found === undefined) return one.length === other.length ? inStep(one.length, 0, 0) : [{ kind: 'gap' }];
  const seen: Seen[] = [];
  let [from, to] = [0, 0];
  const alone = (left: number, right: number): void => {
    // As many lines here as there: each is another value of the same line.
    if (left - from === right - to) seen.push(...inStep(left - from, from, to));
    else seen.push({ kind: 'gap' });
  };
  for (const step of found) {
    if (step.kind !== 'pair') continue;
    alone(step.left, step.right);
    seen.push({ kind: 'line', at: [shift + step.left, shift + step.right] });
    [from, to] = [step.left + 1, step.right + 1];
  }
  alone(one.length, other.length);
  return seen;
}
