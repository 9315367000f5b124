import {
  type Compare,
  type Comparison,
  identityOf,
  isMapping,
  isNegative,
  isOk,
  type Mapping,
  noSuchItem,
  single,
  withoutNot,
} from './comparison.ts';
import { CheckProblem } from './problem.ts';
import { isScalar, parseCondition, testScalar } from './scalars.ts';
import { captureNote, show } from './show.ts';
import type { Captures } from './types.ts';

const forms = ['exactly', 'none', 'any', 'count'];

/** Whether an expectation is one of the list forms: `{ exactly: […] }`, `{ none: […] }`, `{ any: […] }`, `{ count: … }`. */
export function isListForm(expected: unknown): expected is Mapping {
  const keys = isMapping(expected) ? Object.keys(expected) : [];
  return keys.length > 0 && keys.every((key) => forms.includes(key));
}

/** The list being asked, and how its items are compared. */
interface Asked {
  readonly items: readonly unknown[];
  readonly identity: string | undefined;
  readonly path: string;
  readonly captures: Captures;
  readonly compare: Compare;
}

/** A list, or one of the list forms, asked of a list; the forms but `count` also of a single value. */
export function compareList(
  expected: readonly unknown[] | Mapping,
  actual: unknown,
  path: string,
  captures: Captures,
  compare: Compare,
): Comparison {
  const wanted = Array.isArray(expected) ? (expected.length === 0 ? { exactly: [] } : { every: expected }) : expected;
  if (!Array.isArray(actual) && (!isScalar(actual) || actual === null || 'every' in wanted || 'count' in wanted)) {
    const message = `${path}: expected a list, ${show(expected)}, got ${show(actual)}`;
    return single({ path, expected, actual, ok: false, message }, captures);
  }
  const items: readonly unknown[] = Array.isArray(actual) ? actual : [actual];
  let comparison: Comparison = { findings: [], captures };
  for (const [form, value] of Object.entries(wanted)) {
    const asked = { items, identity: identityOf(items), path, captures: comparison.captures, compare };
    const result = compareForm(form, value, asked);
    comparison = { findings: [...comparison.findings, ...result.findings], captures: result.captures };
  }
  return comparison;
}

function compareForm(form: string, value: unknown, asked: Asked): Comparison {
  if (form === 'count') return asked.compare(value, asked.items.length, `${asked.path}.count`, asked.captures);
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (form === 'exactly') return exactly(list, asked);
  if (list.length === 0) throw new CheckProblem(`{ ${form}: [] } asks for nothing`);
  if (form === 'any') return any(list, asked);
  let comparison: Comparison = { findings: [], captures: asked.captures };
  for (const item of list) {
    const now = { ...asked, captures: comparison.captures };
    // In a list, `!x` says that x is not in it, not that something else is.
    const negated = form !== 'none' && typeof item === 'string' && isNegative(item);
    const result = form === 'none' || negated ? none(negated ? withoutNot(item) : item, now) : include(item, now);
    comparison = { findings: [...comparison.findings, ...result.findings], captures: result.captures };
  }
  return comparison;
}

/** Compares with one item; a single value stands for the field that identifies a mapping. */
function compareItem(expected: unknown, item: unknown, path: string, asked: Asked): Comparison {
  const named = isScalar(expected) && isMapping(item) && asked.identity !== undefined;
  const result = asked.compare(expected, named ? item[asked.identity ?? ''] : item, path, asked.captures);
  const errored = result.findings.find((finding) => finding.errored);
  // A wrong condition must not look like an item that differs: `none` would pass on it.
  if (errored) throw new CheckProblem(errored.message.replace(`${errored.path}: `, ''));
  return result;
}

/** What an item is called in messages: what identifies it, else its place. A rule of iptables is what it says. */
function label(item: unknown, index: number, { identity }: Asked): string {
  if (isMapping(item) && Object.hasOwn(item, 'target') && Object.hasOwn(item, 'prot')) {
    const said = ['target', 'prot', 'source', 'destination', 'options'].map((field) => item[field]);
    return `(${said.filter((value) => isScalar(value) && value !== null && value !== '').join(' ')})`;
  }
  return identity !== undefined && isMapping(item) ? String(item[identity]) : String(index);
}

function include(expected: unknown, asked: Asked): Comparison {
  const { items, identity, path, captures } = asked;
  const results = items.map((item, index) =>
    compareItem(expected, item, `${path}.${label(item, index, asked)}`, asked),
  );
  const found = results.find(isOk);
  const base = { path, expected, actual: items };
  if (found) return single({ ...base, ok: true, message: `${path}: includes ${show(expected)}` }, found.captures);
  const name = identity !== undefined && isMapping(expected) ? expected[identity] : expected;
  if (identity !== undefined && isScalar(name) && !items.some((item) => isMapping(item) && item[identity] === name)) {
    return single(noSuchItem(String(name), items, identity, path, expected), captures);
  }
  const failures = (result: Comparison) => result.findings.filter(({ ok }) => !ok).length;
  const [closest] = isMapping(expected) ? results.toSorted((a, b) => failures(a) - failures(b)) : [];
  const reason = closest?.findings.find(({ ok }) => !ok)?.message;
  const note = captureNote(expected, captures);
  const got = reason === undefined ? show(items) : `none such; the nearest differs: ${reason}`;
  return single(
    { ...base, ok: false, message: `${path}: expected to include ${show(expected)}, got ${got}${note}` },
    captures,
  );
}

function any(expected: readonly unknown[], asked: Asked): Comparison {
  for (const wanted of expected) {
    const result = include(wanted, asked);
    if (isOk(result)) return result;
  }
  const { items, path } = asked;
  const message = `${path}: expected any of ${show(expected)}, got ${show(items)}${captureNote(expected, asked.captures)}`;
  return single({ path, expected: { any: expected }, actual: items, ok: false, message }, asked.captures);
}

function none(expected: unknown, asked: Asked): Comparison {
  const { items, path, captures } = asked;
  const base = { path, expected: { none: [expected] }, actual: items };
  const unknown = unknownField(expected, items);
  if (unknown !== undefined) {
    return single(
      { ...base, ok: false, message: `${path}: expected none of ${show(expected)}, but ${unknown}` },
      captures,
    );
  }
  if (items.some((item) => hasItem(expected, item, asked))) {
    const message = `${path}: expected not to include ${show(expected)}, got ${show(items)}${captureNote(expected, captures)}`;
    return single({ ...base, ok: false, message }, captures);
  }
  return single({ ...base, ok: true, message: `${path}: does not include ${show(expected)}` }, captures);
}

/** A single value is in a mapping when any of its fields is it: who denies `1.2.3.4` does not think of one field. */
function hasItem(expected: unknown, item: unknown, asked: Asked): boolean {
  if (!isScalar(expected)) return isOk(compareItem(expected, item, asked.path, asked));
  const condition = parseCondition(expected, asked.captures);
  if (isScalar(item)) {
    const result = testScalar(condition, item, asked.path, asked.captures);
    if (result.state === 'cannot')
      throw new CheckProblem(`${show(item)} cannot be compared with ${show(expected)}: ${result.why}`);
    return result.state === 'yes';
  }
  const within = (value: unknown): boolean => {
    if (isScalar(value)) return testScalar(condition, value, asked.path, asked.captures).state === 'yes';
    return Object.values(value ?? {}).some(within);
  };
  return within(item);
}

/** A field that no item has would make any denial true. */
function unknownField(expected: unknown, items: readonly unknown[]): string | undefined {
  if (!isMapping(expected) || isListForm(expected) || items.length === 0) return undefined;
  const mappings = items.flat().filter(isMapping);
  for (const [key, value] of Object.entries(expected)) {
    const having = mappings.filter((item) => Object.hasOwn(item, key));
    const fields = [...new Set(mappings.flatMap((item) => Object.keys(item)))];
    if (having.length === 0) return `no item has a field ${key}; there are ${fields.join(', ') || 'none'}`;
    const inner = unknownField(
      value,
      having.map((item) => item[key]).filter((item) => item !== null),
    );
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** Items are given to expectations one to one (Kuhn's matching), so that their order does not matter. */
function exactly(expected: readonly unknown[], asked: Asked): Comparison {
  const { items, path } = asked;
  const owner = assign(expected, asked);
  const missing = expected.filter((_, wanted) => !owner.includes(wanted));
  const extra = items.flatMap((item, index) =>
    owner[index] === -1 ? [isMapping(item) ? label(item, index, asked) : item] : [],
  );
  let captures = asked.captures;
  let ok = missing.length === 0 && extra.length === 0;
  // Each pair was found on its own: names captured in one must also agree with the others.
  for (const [item, wanted] of ok ? owner.entries() : []) {
    const result = compareItem(expected[wanted], items[item], path, { ...asked, captures });
    ok &&= isOk(result);
    captures = result.captures;
  }
  const shown = show(items.map((item, index) => (isMapping(item) ? label(item, index, asked) : item)));
  const base = { path, expected: { exactly: expected }, actual: items };
  if (ok) return single({ ...base, ok, message: `${path}: is exactly ${shown}` }, captures);
  const missed = missing.length > 0 ? `; missing ${show(missing)}` : '';
  const unasked = extra.length > 0 ? `; not expected ${show(extra)}` : '';
  const message = `${path}: expected exactly ${show(expected)}, got ${shown}${missed}${unasked}${captureNote(expected, asked.captures)}`;
  return single({ ...base, ok, message }, asked.captures);
}

/** For each item the expectation that has it, or -1. */
function assign(expected: readonly unknown[], asked: Asked): readonly number[] {
  const owner = asked.items.map(() => -1);
  const give = (wanted: number, seen: Set<number>): boolean => {
    for (const [index, item] of asked.items.entries()) {
      if (seen.has(index) || !isOk(compareItem(expected[wanted], item, asked.path, asked))) continue;
      seen.add(index);
      const previous = owner[index] ?? -1;
      if (previous === -1 || give(previous, seen)) {
        owner[index] = wanted;
        return true;
      }
    }
    return false;
  };
  for (const wanted of expected.keys()) give(wanted, new Set());
  return owner;
}
