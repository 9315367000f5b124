import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { makeCgroups } from '../../src/lab/cgroups.ts';
import { leftSince, machineState } from '../lab/leaks.ts';
import { block, ownFolder, verdictOf } from './documents.ts';

const folder = ownFolder();
const front = 'lab: docker';
const pause = 'docker run -d --name held busybox sleep 4321 && docker pause held';

it('a lab with a container that is paused ends as others do', async () => {
  const started = performance.now();
  const result = await verdictOf(folder(), block('sh', pause), { front });
  expect(result).toMatchObject({ status: 'passed', reason: null });
  expect(performance.now() - started).toBeLessThan(9000);
});

it('so does one whose engine is killed', async () => {
  const before = machineState();
  const path = join(folder(), 'paused.md');
  writeFileSync(path, `---\n${front}\n---\n# Paused\n\n${block('sh', `${pause} && sleep 4321`)}`);
  const engine = execa('node', ['dist/netlab.cjs', 'run', '--reporter', 'jsonl', path], {
    reject: false,
    buffer: false,
  });
  const isPaused = async (): Promise<boolean> => {
    const { stdout } = await execa('pgrep', ['-fx', 'sleep 4321'], { reject: false });
    const states = stdout.split('\n').filter(Boolean);
    return (
      states.length > 1 &&
      states.some(
        (pid) => read(`/proc/${pid}/wchan`).includes('refrigerator') || read(`/proc/${pid}/stat`).includes(') D '),
      )
    );
  };
  await expect.poll(isPaused, { timeout: 20_000 }).toBe(true);
  engine.kill('SIGKILL');
  await engine;
  expect(await leftSince(before, 2000, (thing) => !thing.startsWith('cgroup '))).toEqual([]);
  // The next start removes the groups; what dies may be in them for a moment yet.
  const nextStart = () =>
    makeCgroups({ memory: 2 ** 30, pids: 100, disk: 2 ** 20, cpu: undefined })[Symbol.asyncDispose]();
  await expect.poll(() => nextStart().then(() => leftSince(before, 0)), { timeout: 5000 }).toEqual([]);
});

it.each([
  ['root', []],
  [
    'an ordinary user',
    ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all', '--bounding-set=-all'],
  ],
])('so does one of %s whose shell is stopped when its engine is killed', async (_, as) => {
  const before = machineState();
  const path = join(folder(), 'stopped.md');
  writeFileSync(path, `# Stopped\n\n${block('sh', "exec -a stopped-4321 bash -c 'kill -STOP $$'")}`);
  chmodSync(folder(), 0o755);
  const [file = '', ...args] = [...as, 'node', 'dist/netlab.cjs', 'run', '--no-config', path];
  const engine = execa(file, args, { reject: false, env: { HOME: folder() } });
  const isStopped = async (): Promise<boolean> => {
    const { stdout } = await execa('pgrep', ['-f', 'stopped-4321'], { reject: false });
    return stdout.split('\n').some((pid) => / T /.test(read(`/proc/${pid}/stat`)));
  };
  await expect.poll(isStopped, { timeout: 20_000 }).toBe(true);
  engine.kill('SIGKILL');
  await engine;
  expect(await leftSince(before, 3000, (thing) => !thing.startsWith('cgroup '))).toEqual([]);
});

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
