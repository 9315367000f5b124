import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** `npm run mutants`. */
const config: ViteUserConfig = defineConfig({
  test: { include: ['test/mutants/all.ts'], globalSetup: './test/build.ts' },
});
export default config;
