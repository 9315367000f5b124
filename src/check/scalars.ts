import { BlockList, isIP, isIPv4 } from 'node:net';
import { type Element, matchElements } from './elements.ts';
import { compileElements } from './pattern.ts';
import { CheckProblem } from './problem.ts';
import { inOneUnit, parseQuantity, type Quantity } from './quantity.ts';
import { checkRegex, parseRegex, search } from './regex.ts';
import type { Captures } from './types.ts';

/** `cannot`: the question makes no sense for this value, so that neither the condition nor its opposite holds. */
export type ScalarResult =
  | { readonly state: 'yes'; readonly captures: Captures }
  | { readonly state: 'no' }
  | { readonly state: 'cannot'; readonly why: string };

export type Scalar = string | number | boolean | null;

/** A written condition, read. */
export type Condition =
  | { readonly kind: 'equal'; readonly value: Scalar }
  | { readonly kind: 'compare'; readonly operator: string; readonly operand: Quantity; readonly written: string }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'regex'; readonly source: string; readonly flags: string }
  | { readonly kind: 'in'; readonly network: string }
  | { readonly kind: 'pattern'; readonly elements: readonly Element[] };

/** Whether a value is none of mapping and list. */
export function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/**
 * Reads a condition: `>= 2`, `< 5ms`, `!= x`, `!x`, `/re/` (flags i, m, s), `in 10.0.0.0/24`, `{{ip:ipv4}}` and `[..]`
 * as in expected output, and `== x` for a text that would otherwise be one of these. Everything else is equality.
 */
export function parseCondition(expected: Scalar, captures: Captures): Condition {
  if (typeof expected !== 'string') return { kind: 'equal', value: expected };
  const [, equals] = /^==\s*(.*)$/s.exec(expected) ?? [];
  if (equals !== undefined) return { kind: 'equal', value: equals };
  const [, not] = /^!=?\s*(.+)$/s.exec(expected) ?? [];
  if (not !== undefined) {
    return { kind: 'not', condition: not === 'null' ? { kind: 'equal', value: null } : parseCondition(not, captures) };
  }
  const [, operator, operandText = ''] = /^(>=|<=|>|<)\s*(.+)$/s.exec(expected) ?? [];
  // `<none>` and the like are printed by many tools.
  if (operator !== undefined && !/^<[^<>]*>$/.test(expected)) {
    const operand = parseQuantity(operandText);
    if (operand === undefined)
      throw new CheckProblem(`"${expected}": ${operandText} is not a number with a known unit`);
    return { kind: 'compare', operator, operand, written: operandText };
  }
  const regex = parseRegex(expected);
  if (regex !== undefined && /^[ims]*$/.test(regex.flags)) {
    const problem = checkRegex(regex.source, regex.flags);
    if (problem !== undefined) throw new CheckProblem(problem);
    return { kind: 'regex', ...regex };
  }
  const [, network] = /^in\s+([\da-fA-F.:]+\/\d+)$/.exec(expected) ?? [];
  if (network !== undefined) return { kind: 'in', network };
  if (expected.includes('[..]') || expected.includes('{{')) {
    const elements = compileElements(expected, new Set(captures.keys()));
    if (elements.some((element) => element.kind !== 'text')) return { kind: 'pattern', elements };
  }
  return { kind: 'equal', value: expected };
}

/** Tests one value against a condition. `path` tells the unit of a bare number: `round_trip_ms_avg`. */
export function testScalar(condition: Condition, actual: unknown, path: string, captures: Captures): ScalarResult {
  const yes: ScalarResult = { state: 'yes', captures };
  const answer = (ok: boolean): ScalarResult => (ok ? yes : { state: 'no' });
  if (condition.kind === 'equal' && condition.value === null) return answer(actual === null);
  if (condition.kind === 'not') {
    const result = testScalar(condition.condition, actual, path, captures);
    return result.state === 'cannot' ? result : answer(result.state === 'no');
  }
  if (actual === null || actual === undefined) return { state: 'cannot', why: 'there is no value' };
  if (!isScalar(actual)) return { state: 'cannot', why: 'it is not a single value' };
  const text = String(actual);
  switch (condition.kind) {
    case 'equal':
      return sameValue(condition.value, actual, path, yes);
    case 'regex':
      return answer(search(condition.source, condition.flags, text));
    case 'pattern': {
      const matched = matchElements(condition.elements, text, captures);
      return matched === undefined ? { state: 'no' } : { state: 'yes', captures: matched };
    }
    case 'in':
      return inNetwork(condition.network, text, answer);
    case 'compare': {
      const quantity = parseQuantity(text);
      if (quantity === undefined) return { state: 'cannot', why: 'it is not a number' };
      const values = inOneUnit(condition.operand, quantity, path);
      if (values === undefined) throw new CheckProblem(`${text} and ${condition.written} have different units`);
      return answer(holds(condition.operator, values[1], values[0]));
    }
  }
}

function holds(operator: string, actual: number, expected: number): boolean {
  if (operator === '>=') return actual >= expected;
  if (operator === '<=') return actual <= expected;
  return operator === '>' ? actual > expected : actual < expected;
}

/** Texts are the same when written the same; numbers by value, with units by unit, addresses in any spelling. */
function sameValue(expected: Scalar, actual: Scalar, path: string, yes: ScalarResult): ScalarResult {
  const no: ScalarResult = { state: 'no' };
  if (expected === actual) return yes;
  if (typeof expected === 'boolean' || typeof actual === 'boolean') return no;
  const [left, right] = [parseQuantity(String(expected)), parseQuantity(String(actual))];
  if (left !== undefined && right !== undefined) {
    const bothTexts = typeof expected === 'string' && typeof actual === 'string';
    // Two bare numbers that are both texts may be versions or names: 1.10 is not 1.1.
    if (bothTexts && left.dimension === 'none' && right.dimension === 'none') return no;
    const values = inOneUnit(left, right, path);
    if (values === undefined) return { state: 'cannot', why: 'the units differ' };
    return values[0] === values[1] ? yes : no;
  }
  return canonical(String(expected)) === canonical(String(actual)) ? yes : no;
}

/** One spelling for a MAC or IPv6 address; every other text as it is. */
function canonical(text: string): string {
  if (/^[\da-f]{2}([:-])(?:[\da-f]{2}\1){4}[\da-f]{2}$/i.test(text)) return text.toLowerCase().replaceAll('-', ':');
  if (isIP(text) !== 6 || text.includes('%')) return text;
  return new URL(`http://[${text}]`).hostname;
}

function inNetwork(network: string, text: string, answer: (ok: boolean) => ScalarResult): ScalarResult {
  const [base = '', length = ''] = network.split('/');
  const family = isIPv4(base) ? 'ipv4' : 'ipv6';
  if (isIP(base) === 0 || Number(length) > (family === 'ipv4' ? 32 : 128)) {
    throw new CheckProblem(`${network} is not a network; write it like 10.0.0.0/24 or 2001:db8::/32`);
  }
  const address = text.replace(/\/\d+$/, '').replace(/%.*$/, '');
  if (isIP(address) === 0) return { state: 'cannot', why: 'it is not an address' };
  const list = new BlockList();
  list.addSubnet(base, Number(length), family);
  // BlockList also looks at the IPv4 inside a mapped IPv6 address, which is on no IPv4 network.
  const same = isIPv4(address) === (family === 'ipv4');
  return answer(same && list.check(address, family));
}
