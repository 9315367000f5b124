import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectationKeys } from '../../src/check/keys.ts';
import { parse } from '../../src/runbook/parse.ts';
import type { Runbook } from '../../src/runbook/types.ts';
import { documents } from './documents.ts';
import { print } from './print.ts';

const read = (source: string): Runbook => parse(source, 'doc.md', { expectationKeys });

/** A runbook without its places and spelling. */
function meaning(runbook: Runbook): unknown {
  const places = new Set(['span', 'source', 'warnings', 'outputPlace', 'prefix', 'training']);
  const { lint = [], ...rest } = runbook;
  const rules = lint.filter(({ block }) => block === undefined);
  return JSON.parse(JSON.stringify({ ...rest, rules }, (key, value) => (places.has(key) ? undefined : value)));
}

it('reads, prints and reads again what it has read', () => {
  let steps = 0;
  fc.assert(
    fc.property(documents, (source) => {
      const runbook = read(source);
      steps += runbook.steps.length;
      expect(meaning(read(print(runbook)))).toEqual(meaning(runbook));
    }),
    { numRuns: 200 },
  );
  expect(steps).toBeGreaterThan(200);
});

const own = ['runbooks', 'runbooks/zh'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => join(folder, name)),
);

it.each(own)('prints %s so that it is read the same', (path) => {
  const runbook = read(readFileSync(path, 'utf8'));
  expect(meaning(read(print(runbook)))).toEqual(meaning(runbook));
});
