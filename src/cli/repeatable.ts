import { UsageError } from '../errors.ts';

/** Of an option that can be given several times: Commander hands in each value, and what came before. */
export function repeatable(option: string): (value: string, before?: readonly string[]) => readonly string[] {
  return (value, before = []) => {
    if (value === '') {
      throw new UsageError(`${option} has an empty value`, { hint: `give it one, or leave ${option} out` });
    }
    return [...before, value];
  };
}
