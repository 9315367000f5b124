/** Cells of the table that an alignment may take. */
const maxCells = 400_000;

/** What it costs to leave an item alone, or to put two together; 1 is a whole line. */
export interface Costs {
  /** `Infinity`: these two never belong together. */
  pair(left: number, right: number): number;
  left(left: number): number;
  right(right: number): number;
  /** Takes any number of items of the right side for nothing, as `...` does. */
  swallows?(left: number): boolean;
  /** May be paired with several items in a row. */
  repeats?(left: number): boolean;
}

/** Items that belong together, or one that stands alone. `by`: the item of the left side that has swallowed it. */
export type Alignment =
  | { readonly kind: 'pair'; readonly left: number; readonly right: number }
  | { readonly kind: 'left'; readonly left: number }
  | { readonly kind: 'right'; readonly right: number; readonly by: number | undefined };

const way = { pair: 1, pairAgain: 2, left: 3, right: 4 } as const;

/** The cheapest way to put two lists side by side, in order; `undefined` when they are too long to be compared. */
export function align(lefts: number, rights: number, costs: Costs): readonly Alignment[] | undefined {
  const width = rights + 1;
  if ((lefts + 1) * width > maxCells) return undefined;
  const table = new Float64Array((lefts + 1) * width);
  const moves = new Uint8Array((lefts + 1) * width);
  const cost = (left: number, right: number): number => table[left * width + right] ?? 0;
  for (let left = lefts; left >= 0; left -= 1) {
    const swallows = left < lefts && costs.swallows?.(left) === true;
    for (let right = rights; right >= 0; right -= 1) {
      if (left === lefts && right === rights) continue;
      let best = Number.POSITIVE_INFINITY;
      let move: number = way.left;
      const offer = (price: number, candidate: number): void => {
        if (price < best) [best, move] = [price, candidate];
      };
      if (left < lefts && right < rights && !swallows) {
        const price = costs.pair(left, right);
        offer(price + cost(left + 1, right + 1), way.pair);
        if (costs.repeats?.(left) === true) offer(price + cost(left, right + 1), way.pairAgain);
      }
      if (left < lefts) offer((swallows ? 0 : costs.left(left)) + cost(left + 1, right), way.left);
      if (right < rights) offer((swallows ? 0 : costs.right(right)) + cost(left, right + 1), way.right);
      table[left * width + right] = best;
      moves[left * width + right] = move;
    }
  }
  return walk(lefts, rights, (left, right) => moves[left * width + right] ?? 0, costs);
}

function walk(
  lefts: number,
  rights: number,
  moveAt: (left: number, right: number) => number,
  costs: Costs,
): readonly Alignment[] {
  const steps: Alignment[] = [];
  for (let left = 0, right = 0; left < lefts || right < rights; ) {
    const move = moveAt(left, right);
    if (move === way.pair || move === way.pairAgain) {
      steps.push({ kind: 'pair', left, right });
      right += 1;
      if (move === way.pair) left += 1;
    } else if (move === way.left) {
      steps.push({ kind: 'left', left });
      left += 1;
    } else {
      const by = left < lefts && costs.swallows?.(left) === true ? left : undefined;
      steps.push({ kind: 'right', right, by });
      right += 1;
    }
  }
  return steps;
}
