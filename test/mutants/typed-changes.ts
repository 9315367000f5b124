import type { Expectation } from '../../src/runbook/types.ts';
import { textChanges } from './changes.ts';

/** One way in which a typed check could ask for something else than what is. */
export interface TypedChange {
  readonly what: string;
  readonly expectations: readonly Expectation[];
}

type Change = { readonly what: string; readonly value: unknown };

const opposites = [
  ['>=', '<'],
  ['<=', '>'],
  ['>', '<='],
  ['<', '>='],
  ['!=', '=='],
  ['==', '!='],
] as const;

/** All the ways in which the expectations of a step could ask for what is not there, one leaf at a time. */
export function typedChanges(expectations: readonly Expectation[]): readonly TypedChange[] {
  return expectations.flatMap((expectation, index) => [
    ...valueChanges(expectation.value, expectation.key).map(({ what, value }) => ({
      what,
      expectations: expectations.with(index, { ...expectation, value }),
    })),
    {
      what: `${expectation.key} misspelt`,
      expectations: expectations.with(index, { ...expectation, key: `${expectation.key}x` }),
    },
  ]);
}

/** `path` says where the value stands. Lists under `none` are what must not be: there, what is there is added elsewhere. */
function valueChanges(value: unknown, path: string): readonly Change[] {
  if (Array.isArray(value)) {
    return [
      ...value.flatMap((item, index) =>
        valueChanges(item, `${path}[${index}]`).map(({ what, value: changed }) => ({
          what,
          value: value.with(index, changed),
        })),
      ),
      { what: `${path} has one more`, value: [...value, 'nothing like this'] },
    ];
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) =>
      key === 'none' || key === 'any'
        ? []
        : [
            ...valueChanges(inner, `${path}.${key}`).map(({ what, value: changed }) => ({
              what,
              value: { ...value, [key]: changed },
            })),
            ...(key === 'exactly' || key === 'count' ? [] : [misspelt(value, key, path)]),
          ],
    );
  }
  return leafChanges(value).map((changed) => ({ what: `${path}: ${JSON.stringify(changed)}`, value: changed }));
}

function misspelt(value: object, key: string, path: string): Change {
  const entries = Object.entries(value).map(([name, inner]) => [name === key ? `${name}x` : name, inner]);
  return { what: `${path}.${key} misspelt`, value: Object.fromEntries(entries) };
}

/** Other values than this one that the world cannot also hold. */
function leafChanges(value: unknown): readonly unknown[] {
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number') return [value + 1, value - 1, -value - 1, 'word'];
  if (value === null) return ['word', 0];
  const text = String(value);
  const comparison = opposites.find(([sign]) => text.startsWith(sign));
  if (comparison) return [`${comparison[1]}${text.slice(comparison[0].length)}`];
  if (text.startsWith('!')) return [text.slice(1)];
  if (text.startsWith('in ')) return ['in 192.0.2.0/24'];
  if (text.startsWith('/') || text.includes('{{') || text.includes('[..]') || text.includes('...')) return [`!${text}`];
  return [...textChanges(text).map((change) => change.text), `!${text}`, ''];
}
