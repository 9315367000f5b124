import { parserKinds } from './parsers/index.ts';
import { resourceKeys } from './resources/index.ts';

/** Keys of `yaml expect` that are about the step itself. */
export const propertyKeys: readonly ['exit', 'stdout', 'stderr', 'lines', 'duration'] = [
  'exit',
  'stdout',
  'stderr',
  'lines',
  'duration',
];

export type PropertyKey = (typeof propertyKeys)[number];

/** Every key that a `yaml expect` block may have. */
export const expectationKeys: readonly string[] = [...parserKinds, ...propertyKeys, ...resourceKeys];

/** Whether a `yaml expect` block may have this key. */
export function isExpectationKey(key: string): boolean {
  return expectationKeys.includes(key);
}
