import { isScalar } from './scalars.ts';
import { show } from './show.ts';
import type { Captures, Check } from './types.ts';

/** What a check says, without where the document asks for it. */
export type Finding = Omit<Check, 'kind' | 'line' | 'diff'>;

export interface Comparison {
  readonly findings: readonly Finding[];
  /** With those that the comparison added. */
  readonly captures: Captures;
}

/** Compares a value with what is expected of it at a path. */
export type Compare = (expected: unknown, actual: unknown, path: string, captures: Captures) => Comparison;

export type Mapping = Readonly<Record<string, unknown>>;

/** Whether a value is a mapping: neither a list nor a single value. */
export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A comparison with one finding. */
export function single(finding: Finding, captures: Captures): Comparison {
  return { findings: [finding], captures };
}

/** Whether every finding is good. */
export function isOk(comparison: Comparison): boolean {
  return comparison.findings.every(({ ok }) => ok);
}

/** Whether an expectation says, anywhere in it, what must not be. */
export function isNegative(expected: unknown): boolean {
  if (typeof expected === 'string') return /^!=?\s*./s.test(expected);
  if (Array.isArray(expected)) return expected.some(isNegative);
  return isMapping(expected) && (Object.hasOwn(expected, 'none') || Object.values(expected).some(isNegative));
}

/** `!x` and `!= x` without their sign. */
export function withoutNot(expected: unknown): string {
  return String(expected).replace(/^!=?\s*/, '');
}

/** What tells the items of a list of mappings apart, the most telling first. */
const identities = [
  'name',
  'ifname',
  'chain',
  'Name',
  'Names',
  'ID',
  'Id',
  'id',
  'ip',
  'local',
  'address',
  'destination',
  'dst',
  'icmp_seq',
  'num',
];

/** The field that identifies the items of a list of mappings; `undefined` when none does. */
export function identityOf(items: readonly unknown[]): string | undefined {
  if (items.length === 0) return undefined;
  return identities.find((field) => items.every((item) => isMapping(item) && isScalar(item[field] ?? {})));
}

/** `ifconfig: no interface eth1; there are lo, eth0`. */
export function noSuchItem(
  name: string,
  items: readonly unknown[],
  identity: string,
  path: string,
  expected: unknown,
): Finding {
  const names = [...new Set(items.flatMap((item) => (isMapping(item) ? [show(item[identity])] : [])))];
  const isInterface = /^(?:ifconfig|ip_addr|ip_link)$/.test(path);
  const noun = isInterface ? 'interface' : identity === 'name' ? 'item named' : identity;
  const message = `${path}: no ${noun} ${show(name)}; there are ${names.join(', ') || 'none'}`;
  return { path, expected, actual: names, ok: false, message };
}
