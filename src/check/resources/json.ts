import { CheckProblem } from '../problem.ts';

/** The list that a program prints with its JSON option: nothing at all is how iproute2 writes an empty one. */
export function readJson(program: string, text: string): readonly unknown[] {
  if (text.trim() === '') return [];
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
  } catch {
    // Told below.
  }
  throw new CheckProblem(`${program} did not print a list in JSON: ${JSON.stringify(text.slice(0, 80))}`);
}
