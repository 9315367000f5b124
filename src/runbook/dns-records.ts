import { isIPv4, isIPv6 } from 'node:net';
import type { RecordInput } from './lab-schema.ts';
import type { LabReading } from './lab-spec.ts';
import type { DnsRecord } from './types.ts';

/** A name as dnsmasq takes it: a comma would begin its next option, and it knows no wildcard in a record. */
const NAME = /^(?=.{1,253}$)[\w-]{1,63}(?:\.[\w-]{1,63})*$/;

/** Reads the records of the `dns` node `node`; what cannot be answered is told at its line. */
export function readRecords(
  inputs: Readonly<Record<string, RecordInput>>,
  node: string,
  reading: LabReading,
): Readonly<Record<string, DnsRecord>> {
  const path = ['lab', 'nodes', node, 'records'];
  const { yaml, problems } = reading;
  const records = Object.entries(inputs).map(([owner, input]): [string, DnsRecord] => {
    checkName(owner, () => yaml.keyAt([...path, owner]), reading);
    return [owner, readRecord(input, [...path, owner], reading)];
  });
  const owners = new Set(records.map(([owner]) => owner.toLowerCase()));
  for (const [owner, { CNAME }] of records) {
    if (CNAME === undefined || problems.isFull) continue;
    const at = (): number => yaml.valueAt([...path, owner, 'CNAME']);
    if (!checkName(CNAME, at, reading) || owners.has(CNAME.toLowerCase())) continue;
    const hint = `Add ${CNAME} to the records: without it, whoever asks for ${owner} gets no address.`;
    problems.warn('dangling-cname', at(), `${owner} leads to ${CNAME}, which has no record`, hint);
  }
  return Object.fromEntries(records);
}

/** Whether a name can stand in a record; else says why at `at`. */
function checkName(name: string, at: () => number, { problems }: LabReading): boolean {
  if (NAME.test(name)) return true;
  const hint = name.includes('*')
    ? 'There are no wildcards: write out each name that is asked for.'
    : 'Write letters, digits, "-" and "_" with dots between them; other scripts as xn--….';
  problems.error('bad-record-name', at(), `"${name.slice(0, 70)}" cannot be the name of a record`, hint);
  return false;
}

function readRecord(input: RecordInput, path: readonly PropertyKey[], { yaml, problems }: LabReading): DnsRecord {
  if (typeof input === 'string') {
    if (isIPv6(input)) return { AAAA: [input] };
    if (!isIPv4(input)) badAddress(input, path);
    return { A: [input] };
  }
  function badAddress(address: string, at: readonly PropertyKey[]): void {
    const hint = 'A takes IPv4 addresses, AAAA takes IPv6 addresses; another name is a CNAME.';
    problems.error('bad-address', yaml.valueAt(at), `"${address}" is no address for this record`, hint);
  }
  const list = (value: string | readonly string[] | undefined): readonly string[] | undefined =>
    typeof value === 'string' ? [value] : value;
  const [A, AAAA] = [list(input.A), list(input.AAAA)];
  for (const address of A ?? []) if (!isIPv4(address)) badAddress(address, [...path, 'A']);
  for (const address of AAAA ?? []) if (!isIPv6(address)) badAddress(address, [...path, 'AAAA']);
  if (input.CNAME !== undefined && (A !== undefined || AAAA !== undefined)) {
    const hint = 'Give the addresses to the name that the CNAME leads to.';
    problems.error('bad-record', yaml.valueAt(path), 'a name with a CNAME has no addresses of its own', hint);
  }
  return { ...(A && { A }), ...(AAAA && { AAAA }), ...(input.CNAME !== undefined && { CNAME: input.CNAME }) };
}
