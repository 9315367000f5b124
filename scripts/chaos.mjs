// `npm run chaos -- --kills N --seed S --kinds sandbox,rootless,links,docker --diary FILE`: kills parts of the system at
// random moments and looks for what is left; the same seed gives the same strokes.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const text = { type: /** @type {const} */ ('string') };
const { values } = parseArgs({
  options: { kills: { ...text, default: '3000' }, seed: text, kinds: text, diary: text },
});
const env = {
  ...process.env,
  NETLAB_KILLS: values.kills,
  NETLAB_KINDS: values.kinds ?? 'sandbox,rootless,links,docker',
  ...(values.seed !== undefined && { NETLAB_SEED: values.seed }),
  ...(values.diary !== undefined && { NETLAB_DIARY: values.diary }),
};
const args = ['vitest', 'run', '--project', 'labs', 'test/lab/chaos.test.ts'];
process.exitCode = spawnSync('npx', args, { stdio: 'inherit', env }).status ?? 1;
