import { existsSync } from 'node:fs';

/** Options whose value may be left out: what they then mean, and what a value looks like when it stands apart. */
const optional: Readonly<Record<string, { readonly alone: string; isValue(word: string): boolean }>> = {
  '--bail': { alone: '1', isValue: (word) => /^\d+$/.test(word) },
  '--changed': {
    alone: 'HEAD',
    isValue: (word) => !word.startsWith('-') && !/[*?[\]{}!]|\.(?:md|mdx|markdown)$/.test(word) && !existsSync(word),
  },
};

/** Writes out the values that were left out, so that `--bail docs/` runs docs/ and `--changed main` compares with main. */
export function writeOutValues(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return args.flatMap((arg, index) => {
    const isOption = Object.hasOwn(optional, arg) && (end < 0 || index < end);
    if (!isOption) return [arg];
    const { alone, isValue } = optional[arg] as (typeof optional)[string];
    const next = args[index + 1];
    return next !== undefined && isValue(next) ? [arg] : [`${arg}=${alone}`];
  });
}
