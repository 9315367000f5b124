import { expect, it } from 'vitest';
import { block, ownFolder, step, verdictOf } from './documents.ts';

const folder = ownFolder();
const front = 'lab: docker';

const hung = [
  ['dockerd', 'pkill -STOP -x dockerd; docker ps'],
  ['containerd', 'pkill -STOP -x containerd; docker run --rm busybox true'],
  ['dockerd', 'docker run -d busybox sleep 60 && pkill -STOP -x dockerd && sleep 30'],
] as const;

async function hangs(service: string, command: string): Promise<void> {
  const text = block('sh {timeout=30s}', command) + block('console {continue}', '$ echo next', 'next');
  const result = await verdictOf(folder(), text, { front });
  expect(result.status).toBe('errored');
  expect(step(result, 0)).toMatchObject({ status: 'errored', exit: null });
  expect(step(result, 0).reason).toMatch(
    new RegExp(`^${service} on node1 has not answered for 10 s\\n[\\s\\S]*API listen on /run/docker.sock`),
  );
  expect(step(result, 0).duration_ms).toBeLessThan(12_500);
  // What is gone is not asked again, and nothing that could not be run has passed.
  expect(step(result, 1).status).toBe('errored');
}

async function ends(): Promise<void> {
  const text =
    block('sh', 'pkill -KILL -x containerd; docker run --rm busybox true') +
    block('sh {timeout=8s}', 'sleep 5') +
    block('sh {teardown}', 'true');
  const result = await verdictOf(folder(), text, { front });
  expect(step(result, 0)).toMatchObject({ status: 'failed', exit: 125 });
  expect(step(result, 0).stdout).toContain('containerd.sock');
  expect(step(result, 1).reason).toMatch(/^containerd on node1 has ended\n[\s\S]*containerd.sock/);
  expect(result).toMatchObject({ status: 'errored', counts: { failed: 1, errored: 2 } });
}

// Side by side: each waits for its ten seconds and does nothing meanwhile.
it('a dockerd or containerd that hangs is an error told with its log within 12 s, a containerd that is killed likewise', async () => {
  await Promise.all([...hung.map(([service, command]) => hangs(service, command)), ends()]);
});
