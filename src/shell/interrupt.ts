import type { LineTest } from './types.ts';

/** Longer lines are cut there, in characters. */
const longest = 4096;

/** Calls `act` once, at the first line that passes the test. */
export function onLine(test: LineTest | undefined, act: () => void): (chunk: Buffer) => void {
  if (!test) return () => {};
  let line = '';
  let acted = false;
  return (chunk) => {
    if (acted) return;
    const lines = (line + chunk.toString('utf8')).split(/\r?\n/);
    line = (lines.at(-1) ?? '').slice(-longest);
    if (!test(lines.map((each) => each.slice(0, longest)))) return;
    acted = true;
    act();
  };
}
