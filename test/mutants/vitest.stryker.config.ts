import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** `npm run mutate`: the tests of the rooms that are mutated; they need no lab. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/check/**/*.test.ts', 'test/runbook/**/*.test.ts'],
    // What takes long by intention says nothing here but that it takes long.
    exclude: ['test/runbook/bounds.test.ts'],
    testTimeout: 30_000,
  },
});
export default config;
