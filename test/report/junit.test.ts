import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { RunEvent } from '../../src/events.ts';
import { check, events, hostile, recorded, run, runbook, step, told } from './run-events.ts';

const schema = readFileSync(new URL('./fixtures/junit.xsd', import.meta.url), 'utf8');

async function valid(all: readonly RunEvent[]): Promise<string> {
  const contents = await told('junit', all);
  const { errors } = await validateXML({ xml: [{ fileName: 'report.xml', contents }], schema: [schema] });
  expect(errors).toEqual([]);
  return contents;
}

test.each([
  ['a real run', recorded()],
  ['hostile texts', hostile(recorded())],
  ['a lab that did not start', [...events([], 'errored', 'no Docker')]],
  ['a run in which nothing was checked', [...events([], 'empty', 'nothing was checked')]],
  ['hours', [...events([step({ duration_ms: 12_345_678 })], 'passed')]],
])('follows the schema: %s', async (_, all) => {
  await valid(all);
});

test('the schema refuses what it must', async () => {
  const contents = '<testsuites><testsuite name="a"><testcase line="3"/></testsuite></testsuites>';
  const { valid } = await validateXML({ xml: [{ fileName: 'report.xml', contents }], schema: [schema] });
  expect(valid).toBe(false);
});

test('has times, places, messages and output', async () => {
  const text = await valid(recorded());
  expect(text).toContain('tests="13" failures="4" errors="1">');
  expect(text).toMatch(
    /<testsuite name="\S+\/passes.md" file="\S+\/passes.md" time="\d+\.\d{3}" tests="3" failures="0" errors="0" skipped="0">/,
  );
  expect(text).toMatch(
    /<testcase name="seq 100" classname="\S+\/passes.md" group="\S+\/passes.md:18" time="0\.\d{3}"><system-out>1\n2\n/,
  );
  expect(text).toContain('<failure type="timed_out" message="no end within 0.3 s">');
  expect(text).toContain('<skipped type="skipped" message="not # today"/>');
  expect(text).toContain('<system-out>]]&gt;\n&lt;/script&gt;\n::error file=x::smuggled\n');
});

test('two steps of one name are two test cases', async () => {
  const text = await valid([...events([step(), step({ index: 1, line: 14 })], 'passed')]);
  expect(text).toContain('name="ip link (line 12)"');
  expect(text).toContain('name="ip link (line 14)"');
});

test.each([
  ['errored', 'errors="1"', '<error type="errored" message="no Docker">'],
  ['interrupted', 'errors="1"', '<error type="interrupted" message="no Docker">'],
  ['failed', 'failures="1"', '<failure type="failed" message="no Docker">'],
] as const)('a run that is %s for a reason of its own has a test case that says so', async (status, count, element) => {
  const all = [...events([step({ status: 'skipped', reason: 'x' })], status, 'no Docker')];
  const text = await valid(all);
  expect(text).toContain(count);
  expect(text).toContain(element);
});

test('tells what went wrong before a runbook was run again', async () => {
  const failed = step({ status: 'failed', checks: [check({ ok: false, message: 'no reply' })] });
  const last = runbook([step()], { flaky: true, retried: [runbook([failed], { status: 'failed' })] });
  const text = await valid([{ type: 'run:end', run: run([last], 'passed') }]);
  expect(text).toContain('tests="1" failures="0"');
  expect(text).toContain('<flakyFailure type="failed" message="no reply">no reply');
});
