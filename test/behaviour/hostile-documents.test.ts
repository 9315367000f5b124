import { existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { block, ownFolder, verdictOf } from './documents.ts';

const folder = ownFolder();

describe('a hostile document', () => {
  it.each([
    ['..', '../'],
    ['an absolute path', '/etc'],
    ['a link', 'linked'],
  ])('cannot build an image from what lies outside of its folder: %s', async (_, build) => {
    if (!existsSync(join(folder(), 'linked'))) {
      symlinkSync('/etc', join(folder(), 'linked'));
    }
    const front = `lab: { nodes: { n: { kind: docker, images: [{ name: "stolen:1", build: "${build}" }] } } }`;
    const told = await verdictOf(folder(), block('sh', 'docker images'), { front }).then(
      ({ status, reason }) => `${status} ${reason}`,
      (error: Error) => `refused ${error.message}`,
    );
    expect(told).toMatch(/^(?:errored|refused) /);
  });

  it('does not make a report follow a link into a folder, and writes no half of one', async () => {
    const path = join(folder(), 'one.md');
    writeFileSync(path, `# One\n\n${block('console', '$ echo a', 'a')}`);
    const target = join(folder(), 'target.json');
    const link = join(folder(), 'report.json');
    writeFileSync(target, 'before');
    symlinkSync(target, link);
    await execa('node', ['dist/netlab.cjs', 'run', '-r', `json=${link}`, path]);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(JSON.parse(readFileSync(target, 'utf8'))).toMatchObject({ status: 'passed' });
  });

  it.each(['(a+)+$ (re)', '(a|aa)+b (re)', '(.*a){20}b (re)'])('with the pattern %s is bounded', async (pattern) => {
    const text = block('console', `$ printf '%0.sa' $(seq 200); echo`, pattern);
    const started = performance.now();
    const { status } = await verdictOf(folder(), text);
    expect(status).toMatch(/passed|failed|errored/);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it.each([
    ['interrupt=/^(a+)+$/', 'errored'],
    ['background ready=/^(a+)+$/', 'errored'],
    ['interrupt=/^a+!/', 'passed'],
  ])('that watches a step with {%s} has it %s within seconds', async (attribute, expected) => {
    const line = `echo ${'a'.repeat(60)}!; sleep 4321`;
    const text = block(`sh {${attribute} timeout=20s exit=130}`, line);
    const started = performance.now();
    const { steps } = await verdictOf(folder(), text);
    expect(steps[0]).toMatchObject({ status: expected });
    if (expected === 'errored') expect(steps[0]?.reason).toContain('/^(a+)+$/ took longer than 1000 ms');
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('with a bomb of aliases is refused', async () => {
    const bomb = 'env: { a: &a x, b: *a }';
    await expect(verdictOf(folder(), block('sh', 'true'), { front: bomb })).rejects.toThrow(/alias/i);
  });
});
