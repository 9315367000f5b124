/** The candidate that `word` was probably meant to be, or `undefined` when none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  // A long word is no typo of a key, and comparing it would cost more than it tells.
  if (word.length > 40) return undefined;
  const limit = word.length <= 3 ? 1 : word.length <= 6 ? 2 : 3;
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit && distance < candidate.length && distance < (best?.distance ?? limit + 1)) {
      best = { candidate, distance };
    }
  }
  return best?.candidate;
}

/** Whether `word` is one slip of a finger away from one of the candidates. Of three letters, one too many differs. */
export function isSlip(word: string, candidates: readonly string[]): boolean {
  const small = word.toLowerCase();
  return candidates.some((each) => each.length > 3 && isOneEdit(small, each.toLowerCase()));
}

/** Whether one insertion, deletion, substitution or swap turns `a` into `b`: told at once for most, as every word is asked. */
function isOneEdit(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (a[at] === b[at]) at += 1;
  const rest = (text: string, skipped: number): string => text.slice(at + skipped);
  const swapped = a[at] === b[at + 1] && a[at + 1] === b[at] && rest(a, 2) === rest(b, 2);
  return swapped || rest(a, 1) === rest(b, 1) || rest(a, 1) === rest(b, 0) || rest(a, 0) === rest(b, 1);
}

/** `Did you mean "x"?`, or else the list of what is known. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates);
  return near === undefined ? `Known: ${candidates.join(', ')}.` : `Did you mean "${near}"?`;
}

/** A regular expression, for where there is no program, for words and what is at most one slip away from them. */
export function slipPattern(words: readonly string[]): string {
  const slips = words.flatMap((word) => {
    const letters = [...word].map((letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
    const around = (at: number, length: number, middle: string): string =>
      letters.slice(0, at).join('') + middle + letters.slice(at + length).join('');
    return [...letters.keys(), letters.length].flatMap((at) => [
      around(at, 0, '.?'),
      ...(at < letters.length ? [around(at, 1, '.?')] : []),
      ...(at < letters.length - 1 ? [around(at, 2, `${letters[at + 1]}${letters[at]}`)] : []),
    ]);
  });
  return `^(?:${slips.join('|')})$`;
}

/** Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let distance = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + cost,
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) distance = Math.min(distance, (beforePrevious[column - 2] ?? 0) + 1);
      current.push(distance);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
