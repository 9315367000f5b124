import { UsageError } from '../errors.ts';
import type { RunOptions } from '../run.ts';

const wholeNumbers = { jobs: [1, 999], bail: [0, 9999], retry: [0, 99] } as const;
const lists = ['tags', 'steps'] as const;
const switches = ['keepGoing', 'update', 'strict', 'allowHost'] as const;
const texts = ['grep', 'changed'] as const;

/** Throws a `UsageError` for an option of `run` that cannot be: programs that are no TypeScript may give anything. */
export function checkRunOptions(options: RunOptions): void {
  checkPaths(options.paths);
  for (const [name, [least, most]] of Object.entries(wholeNumbers)) {
    mustBe(options, name, isWhole(least, most), `a whole number from ${least} to ${most}`);
  }
  for (const name of lists) mustBe(options, name, isListOfTexts, 'a list of texts');
  for (const name of switches) mustBe(options, name, (value) => typeof value === 'boolean', 'true or false');
  for (const name of texts) mustBe(options, name, (value) => typeof value === 'string', 'a text');
  mustBe(options, 'network', (value) => value === 'closed' || value === 'host', "'closed' or 'host'");
  const isShard = (value: unknown): boolean => {
    const { index, of } = Object(value) as { readonly index?: unknown; readonly of?: unknown };
    return isWhole(1, 9999)(of) && isWhole(1, of as number)(index);
  };
  mustBe(options, 'shard', isShard, '{ index, of }, such as { index: 1, of: 3 }, with an index from 1 to of');
}

/** Throws a `UsageError` for `paths` that are no list of files. */
export function checkPaths(paths: unknown): void {
  if (isListOfTexts(paths)) return;
  throw unfit('paths', paths, "a list of files, such as ['docs/setup.md']");
}

/** What is said of an option that is not what it may be. */
export function unfit(name: string, value: unknown, wanted: string): UsageError {
  return new UsageError(`${name}: it cannot be ${told(value)}`, { hint: `give ${wanted}` });
}

function mustBe(options: object, name: string, accepts: (value: unknown) => boolean, wanted: string): void {
  const value: unknown = Object(options)[name];
  if (value !== undefined && !accepts(value)) throw unfit(name, value, wanted);
}

function isWhole(least: number, most: number): (value: unknown) => boolean {
  return (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** In JSON, as far as there is any: `NaN` and functions have none, and a circle has no end. */
function told(value: unknown): string {
  if (typeof value === 'number') return String(value);
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return typeof value;
  }
}
