// `npm run carried -- --documents N --seed S`: N random documents, edited again and again; what a watch says of each edit beside
// what a whole run says.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { documents: { type: 'string', default: '100' }, seed: { type: 'string' } } });
const env = { ...process.env, NETLAB_CARRIED_DOCUMENTS: values.documents };
if (values.seed !== undefined) env.NETLAB_CARRIED_SEED = values.seed;
const args = ['vitest', 'run', '--project', 'labs', 'test/proofs/carried.test.ts'];
process.exitCode = spawnSync('npx', args, { stdio: 'inherit', env }).status ?? 1;
