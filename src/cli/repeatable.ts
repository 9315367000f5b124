import { UsageError } from '../errors.ts';

/** Of an option that can be given several times: Commander hands in each value, and what came before. */
export function repeatable(value: string, before: readonly string[] = []): readonly string[] {
  if (value === '')
    throw new UsageError('an option has an empty value', { hint: 'give it one, or leave the option out' });
  return [...before, value];
}
