import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** Tests that bring up labs: one file at a time, because some of them compare the whole machine before and after. */
const real = [
  'test/lab/**/*.test.ts',
  'test/shell/**/*.test.ts',
  'test/cli/**/*.test.ts',
  'test/behaviour/**/*.test.ts',
  'test/proofs/**/*.test.ts',
  'test/docs/**/*.test.ts',
  'test/runbooks/**/*.test.ts',
  'test/exercises/**/*.test.ts',
  'test/mutants/**/*.test.ts',
  'test/package/**/*.test.ts',
  'test/vitest/**/*.test.ts',
];

const config: ViteUserConfig = defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What runs remember must not come from the developer's own, nor go there.
    env: {
      XDG_STATE_HOME: fileURLToPath(new URL('node_modules/.cache/netlab-state', import.meta.url)),
      XDG_CACHE_HOME: fileURLToPath(new URL('node_modules/.cache', import.meta.url)),
    },
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text-summary', 'html'] },
    projects: [
      {
        extends: true,
        test: { name: 'units', include: ['test/**/*.test.ts'], exclude: real, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: {
          name: 'labs',
          include: real,
          globalSetup: './test/build.ts',
          setupFiles: ['./test/lab/leak-check.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
export default config;
