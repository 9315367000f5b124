// `npm run fuzz -- --runs N --seed S`: reads N hostile documents; the same seed makes the same ones.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '20000' }, seed: { type: 'string' } } });
const env = {
  ...process.env,
  NETLAB_FUZZ_RUNS: values.runs,
  ...(values.seed !== undefined && { NETLAB_FUZZ_SEED: values.seed }),
};
const args = ['vitest', 'run', '--project', 'units', 'test/runbook/fuzz.test.ts'];
process.exitCode = spawnSync('npx', args, { stdio: 'inherit', env }).status ?? 1;
