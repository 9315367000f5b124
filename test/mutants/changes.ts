/** One way in which a text could be wrong. */
export interface Change {
  /** What was done, in a few words. */
  readonly what: string;
  readonly lines: readonly string[];
}

/** Everything of a line that may be changed: its text, the places of patterns left out. */
type Places = (line: string) => readonly { readonly start: number; readonly text: string }[];

/** All of the line. */
export const everywhere: Places = (line) => [{ start: 0, text: line }];

const patterns = /\[\.\.\]|\{\{[^}]*\}\}|^\.\.\.$| \([a-z-]*[?*+]?\)$/g;

/** The line but for its patterns: what it says to the letter. */
export const literally: Places = (line) => {
  if (/ \((?:re|regex|glob|gl|esc|escaped)[?*+]?\)$/.test(line)) return [];
  const places: { start: number; text: string }[] = [];
  let start = 0;
  for (const match of line.matchAll(patterns)) {
    places.push({ start, text: line.slice(start, match.index) });
    start = match.index + match[0].length;
  }
  places.push({ start, text: line.slice(start) });
  return places.filter(({ text }) => text.trim() !== '');
};

/** All the ways in which one line of a text could be wrong, one at a time. */
export function changes(lines: readonly string[], places: Places): readonly Change[] {
  return lines.flatMap((line, index) => {
    const put = (what: string, ...others: readonly string[]): Change => ({
      what: `line ${index + 1} ${what}`,
      lines: [...lines.slice(0, index), ...others, ...lines.slice(index + 1)],
    });
    const next = lines[index + 1];
    return [
      put('dropped'),
      put('doubled', line, line),
      put('followed by another', line, 'and one line that nobody saw'),
      ...(next !== undefined && next !== line
        ? [
            {
              what: `lines ${index + 1} and ${index + 2} swapped`,
              lines: [...lines.slice(0, index), next, line, ...lines.slice(index + 2)],
            },
          ]
        : []),
      ...places(line).flatMap(({ start, text }) =>
        textChanges(text).map(({ what, text: changed }) =>
          put(what, line.slice(0, start) + changed + line.slice(start + text.length)),
        ),
      ),
    ].filter((change) => change.lines.join('\n').trimEnd() !== lines.join('\n').trimEnd());
  });
}

/** The ways in which a text within a line could be wrong. */
export function textChanges(text: string): readonly { readonly what: string; readonly text: string }[] {
  const all = (pattern: RegExp, what: string, change: (found: string) => string) =>
    [...text.matchAll(pattern)].map((match) => ({
      what: `${what} at ${match.index + 1}`,
      text: text.slice(0, match.index) + change(match[0]) + text.slice(match.index + match[0].length),
    }));
  return [
    ...all(/\d+/g, 'off by one', (found) => found.slice(0, -1) + ((Number(found.at(-1)) + 1) % 10)),
    ...all(/(?<![\d.])\d+/g, 'ten times as much', (found) => `1${found}`),
    ...all(/\b\d+\.\d+\.\d+\.\d+\b/g, 'address of the neighbour', neighbour),
    ...all(/\b(?:UP|DOWN|up|down|ACCEPT|DROP|yes|no|true|false)\b/g, 'the contrary', contrary),
    ...all(/[A-Za-z]{2,}/g, 'letter changed', (found) => (found.startsWith('q') ? 'z' : 'q') + found.slice(1)),
    ...all(/[A-Za-z]{2,}/g, 'word dropped', () => ''),
  ].filter((change) => change.text !== text);
}

function neighbour(address: string): string {
  const parts = address.split('.').map(Number);
  const last = parts.pop() ?? 0;
  return [...parts, last === 254 ? 1 : last + 1].join('.');
}

function contrary(word: string): string {
  const pairs = ['UP DOWN', 'up down', 'ACCEPT DROP', 'yes no', 'true false'].map((pair) => pair.split(' '));
  const pair = pairs.find((each) => each.includes(word)) ?? [];
  return pair.find((each) => each !== word) ?? word;
}
