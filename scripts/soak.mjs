// `npm run soak -- --runs N`: N runs in one process through the library, and what they add to its memory and descriptors.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '500' } } });
const env = { ...process.env, NETLAB_SOAK_RUNS: values.runs };
const args = ['vitest', 'run', '--project', 'labs', 'test/proofs/soak.test.ts'];
process.exitCode = spawnSync('npx', args, { stdio: 'inherit', env }).status ?? 1;
