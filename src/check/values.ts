import {
  type Comparison,
  type Finding,
  identityOf,
  isMapping,
  isNegative,
  isOk,
  type Mapping,
  noSuchItem,
  single,
  withoutNot,
} from './comparison.ts';
import { compareList, isListForm } from './lists.ts';
import { CheckProblem } from './problem.ts';
import { isScalar, parseCondition, type Scalar, testScalar } from './scalars.ts';
import { captureNote, nearest, show } from './show.ts';
import type { Captures } from './types.ts';

/**
 * Compares a value with what a document expects of it; the table is CHECKS.md's.
 *
 * A mapping is a subset. A list asks for each of its items (an empty one for emptiness), in any order. A list of
 * mappings can also be spoken of by what identifies its items (`name`, `ifname`, `chain`, `address`, …): as a mapping,
 * `ifconfig: { eth0: { mtu: 1500 } }`; or as names, `ifconfig: { exactly: [lo, eth0] }`; and a list of one as its one
 * item, `ifconfig: { mtu: 1500 }`. A single value asked of a list must be the list's only item; `"!x"`, not among them.
 *
 * A field that is not there satisfies nothing, and one that is null nothing but `null`: no comparison, no negation.
 */
export function compareValue(expected: unknown, actual: unknown, path: string, captures: Captures): Comparison {
  try {
    if (Array.isArray(expected) || (isListForm(expected) && !isMapping(actual))) {
      return compareList(expected, actual, path, captures, compareValue);
    }
    if (isMapping(expected)) return compareMapping(expected, actual, path, captures);
    if (isScalar(expected)) return compareScalar(expected, actual, path, captures);
    throw new CheckProblem(`${show(expected)} is nothing that can be compared`);
  } catch (error) {
    if (!(error instanceof CheckProblem)) throw error;
    const message = `${path}: ${error.message}`;
    return single({ path, expected, actual, ok: false, errored: true, message }, captures);
  }
}

function compareMapping(expected: Mapping, actual: unknown, path: string, captures: Captures): Comparison {
  if (Array.isArray(actual)) return compareItems(expected, actual, path, captures);
  if (!isMapping(actual)) {
    const message = `${path}: expected ${show(expected)}, got ${show(actual)}`;
    return single({ path, expected, actual, ok: false, message }, captures);
  }
  const keys = Object.keys(expected);
  if (keys.length === 0) return single({ path, expected, actual, ok: true, message: `${path}: is there` }, captures);
  return inTurn(keys, captures, (key, known) => {
    const inner = `${path}.${key}`;
    if (Object.hasOwn(actual, key)) return compareValue(expected[key], actual[key], inner, known);
    return single(missingField(key, expected[key], actual, inner), known);
  });
}

/** One comparison after the other, each with the captures of those before it. */
function inTurn(
  keys: readonly string[],
  captures: Captures,
  compare: (key: string, known: Captures) => Comparison,
): Comparison {
  let comparison: Comparison = { findings: [], captures };
  for (const key of keys) {
    const result = compare(key, comparison.captures);
    comparison = { findings: [...comparison.findings, ...result.findings], captures: result.captures };
  }
  return comparison;
}

function missingField(key: string, expected: unknown, actual: Mapping, path: string): Finding {
  const fields = Object.keys(actual);
  const near = nearest(key, fields);
  const meant = near === undefined ? '' : ` (did you mean ${near}?)`;
  const message = `${path}: there is no such field${meant}; there are ${fields.join(', ') || 'none'}`;
  return { path, expected, actual: null, ok: false, message };
}

/** A mapping asked of a list: its keys name the items, or it is the list's one item. */
function compareItems(expected: Mapping, actual: readonly unknown[], path: string, captures: Captures): Comparison {
  const identity = identityOf(actual);
  const keys = Object.keys(expected);
  const named = (key: string) => {
    return actual.filter((item) => isMapping(item) && identity !== undefined && String(item[identity]) === key);
  };
  const [only] = actual;
  if (actual.length === 1 && isMapping(only) && !keys.some((key) => named(key).length > 0)) {
    if (identity === undefined || keys.every((key) => Object.hasOwn(only, key))) {
      return compareMapping(expected, only, path, captures);
    }
  }
  if (identity === undefined || keys.length === 0) {
    const message = `${path}: expected ${show(expected)}, got a list of ${actual.length}; write its items as a list`;
    return single({ path, expected, actual, ok: false, message }, captures);
  }
  return inTurn(keys, captures, (key, known) => {
    const results = named(key).map((item) => compareValue(expected[key], item, `${path}.${key}`, known));
    const good = results.filter(isOk);
    // Of several items with one name any will do, but what must not be may be in none of them.
    const enough = isNegative(expected[key]) ? good.length === results.length : good.length > 0;
    const result = enough ? good[0] : results.find((candidate) => !good.includes(candidate));
    return result ?? single(noSuchItem(key, actual, identity, path, expected[key]), known);
  });
}

function compareScalar(expected: Scalar, actual: unknown, path: string, captures: Captures): Comparison {
  const condition = parseCondition(expected, captures);
  if (Array.isArray(actual)) {
    if (condition.kind === 'not') {
      return compareList({ none: [withoutNot(expected)] }, actual, path, captures, compareValue);
    }
    if (actual.length === 1) return compareScalar(expected, actual[0], path, captures);
    const hint = `write [${show(expected)}] to ask for one of its items`;
    const message = `${path}: expected ${show(expected)}, got a list of ${actual.length}, ${show(actual)}; ${hint}`;
    return single({ path, expected, actual, ok: false, message }, captures);
  }
  const result = testScalar(condition, actual, path, captures);
  if (result.state === 'yes') {
    const note = condition.kind === 'equal' ? '' : ` (${show(expected)})`;
    const message = `${path}: ${show(actual)}, as expected${note}`;
    return single({ path, expected, actual, ok: true, message }, result.captures);
  }
  const why = result.state === 'cannot' && actual !== null ? `: ${result.why}` : captureNote(expected, captures);
  const message = `${path}: expected ${showExpected(expected)}, got ${show(actual)}${why}`;
  return single({ path, expected, actual, ok: false, message }, captures);
}

function showExpected(expected: Scalar): string {
  return typeof expected === 'string' && /^!(?!=)/.test(expected) ? `not ${show(expected.slice(1))}` : show(expected);
}
