// `npm run integrity -- --runs N --seed S`: random bytes in random chunks through sessions; a seed makes the same again.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '2000' }, seed: { type: 'string' } } });
const env = {
  ...process.env,
  NETLAB_INTEGRITY_RUNS: values.runs,
  ...(values.seed !== undefined && { NETLAB_INTEGRITY_SEED: values.seed }),
};
const args = ['vitest', 'run', '--project', 'labs', 'test/proofs/integrity.test.ts'];
process.exitCode = spawnSync('npx', args, { stdio: 'inherit', env }).status ?? 1;
