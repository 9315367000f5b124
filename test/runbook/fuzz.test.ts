import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { matchesAnything } from '../../src/check/index.ts';
import { expectationKeys } from '../../src/check/keys.ts';
import { checkPattern } from '../../src/check/pattern.ts';
import { ParseError } from '../../src/errors.ts';
import { capabilityNames } from '../../src/lab/capabilities.ts';
import { judge, lint } from '../../src/runbook/lint.ts';
import { parse } from '../../src/runbook/parse.ts';
import { plan } from '../../src/runbook/plan.ts';
import { hostileDocument, random } from './hostile.ts';

/** `npm run fuzz -- --runs N --seed S` sets both. */
const runs = Number(process.env['NETLAB_FUZZ_RUNS'] ?? 300);
const seed = Number(process.env['NETLAB_FUZZ_SEED'] ?? Date.now() % 2 ** 32);

const own = ['runbooks', 'runbooks/zh', 'docs', 'test/runbook/fixtures'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => readFileSync(join(folder, name), 'utf8')),
);

/** All that is done with a document before a lab is started. Throws for nothing but a document that is no runbook. */
function readWhole(source: string): 'runbook' | 'refused' {
  try {
    const runbook = parse(source, 'doc.md', { expectationKeys, checkPattern });
    plan(runbook);
    judge(lint(runbook, { matchesAnything, capabilities: capabilityNames }), runbook, new Map());
    return 'runbook';
  } catch (error) {
    if (error instanceof ParseError) return 'refused';
    throw error;
  }
}

it(`${runs} hostile documents of seed ${seed} are runbooks or refused`, { timeout: 60_000 + runs * 200 }, () => {
  const seen = { runbook: 0, refused: 0 };
  for (let run = 0; run < runs; run += 1) {
    // Each document has a seed of its own, so that one can be made again without those before it.
    const source = hostileDocument(random(seed + run), own);
    const before = process.cpuUsage();
    try {
      seen[readWhole(source)] += 1;
    } catch (cause) {
      throw new Error(`document ${run} of seed ${seed} crashed: ${JSON.stringify(source.slice(0, 4000))}`, { cause });
    }
    const { user } = process.cpuUsage(before);
    expect(user, `document ${run} of seed ${seed} took ${user} µs`).toBeLessThan(2_000_000);
  }
  if (process.env['NETLAB_FUZZ_RUNS'] !== undefined) console.log(`seed ${seed}:`, seen, 'crashed: 0');
  expect(seen.runbook).toBeGreaterThan(runs / 50);
  expect(seen.refused).toBeGreaterThan(runs / 50);
});
