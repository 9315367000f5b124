import { describe, expect, it } from 'vitest';
import { type CheckOptions, check, type RunOptions, run, UsageError } from '../../src/index.ts';

const paths = ['test/compatible/mdx.md'];

describe('an option of run that cannot be', () => {
  it.each([
    [{ paths: 'a.md' }, 'paths: it cannot be "a.md"', "give a list of files, such as ['docs/setup.md']"],
    [{}, 'paths: it cannot be undefined', 'give a list of files'],
    [{ paths: [1] }, 'paths: it cannot be [1]', 'give a list of files'],
    [{ paths, jobs: 0 }, 'jobs: it cannot be 0', 'give a whole number from 1 to 999'],
    [{ paths, jobs: -1 }, 'jobs: it cannot be -1', 'give a whole number from 1 to 999'],
    [{ paths, jobs: Number.NaN }, 'jobs: it cannot be NaN', 'give a whole number'],
    [{ paths, jobs: '2' }, 'jobs: it cannot be "2"', 'give a whole number'],
    [{ paths, bail: 0.5 }, 'bail: it cannot be 0.5', 'give a whole number from 0 to 9999'],
    [{ paths, retry: 100 }, 'retry: it cannot be 100', 'give a whole number from 0 to 99'],
    [{ paths, shard: { index: 0, of: 0 } }, 'shard: it cannot be {"index":0,"of":0}', 'give { index, of }'],
    [{ paths, shard: { index: 3, of: 2 } }, 'shard: it cannot be {"index":3,"of":2}', 'give { index, of }'],
    [{ paths, shard: null }, 'shard: it cannot be null', 'give { index, of }'],
    [{ paths, network: 'bogus' }, 'network: it cannot be "bogus"', "give 'closed' or 'host'"],
    [{ paths, tags: 'a' }, 'tags: it cannot be "a"', 'give a list of texts'],
    [{ paths, grep: /a/ }, 'grep: it cannot be {}', 'give a text'],
    [{ paths, strict: 'no' }, 'strict: it cannot be "no"', 'give true or false'],
  ])('%j', async (options, message, hint) => {
    const error = await run(options as unknown as RunOptions).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ message: expect.stringContaining(message), hint: expect.stringContaining(hint) });
  });
});

it.each([
  [{ paths: 'a.md' }, 'paths: it cannot be "a.md"'],
  [{ paths, rules: { 'unchecked-step': 'loud' } }, 'rules.unchecked-step: it cannot be "loud"'],
])('an option of check that cannot be: %j', async (options, message) => {
  const error = await check(options as unknown as CheckOptions).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect(error).toHaveProperty('message', message);
});

it('a hint serves the command line and programs', async () => {
  await expect(run({ paths: ['test/run/fixtures/host.md'] })).rejects.toMatchObject({
    hint: expect.stringMatching(/--allow-host.* allowHost: true/),
  });
});
