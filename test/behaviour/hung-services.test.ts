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

/** What fails within the first seconds, before anybody has asked the service in vain for long. */
const failing = [
  [
    'containerd',
    'ended',
    'pkill -KILL -x containerd; docker run --rm busybox true',
    /^containerd on node1 has ended\n[\s\S]*containerd.sock/,
  ],
  [
    'dockerd',
    'ended',
    'pkill -KILL -x dockerd; docker ps',
    /^dockerd on node1 ended with status 137\n[\s\S]*API listen/,
  ],
  [
    'dockerd',
    'stopped',
    'pkill -STOP -x dockerd; timeout 0.5 docker ps',
    /^dockerd on node1 is stopped\n[\s\S]*API listen/,
  ],
] as const;

async function fails(command: string, reason: RegExp): Promise<void> {
  const text = block('sh {continue}', command) + block('console {continue}', '$ echo next', 'next');
  const { steps, status } = await verdictOf(folder(), text, { front });
  expect(steps[0]).toMatchObject({ status: 'errored', reason: expect.stringMatching(reason) });
  expect(status).toBe('errored');
}

it.each(failing)(
  'a step that failed because its %s had %s is errored with the last lines of its log',
  async (_, _what, command, reason) => {
    await fails(command, reason);
  },
);

it('a step that failed because a resolver had stopped is errored likewise', async () => {
  const front = 'lab: { nodes: { ns: { kind: dns, records: { a.example: { A: [192.0.2.1] } } } } }';
  const text =
    block('sh {timeout=4s}', 'getent hosts a.example') +
    block('sh {timeout=500ms continue}', 'pkill -STOP -f neg-ttl; getent hosts a.example');
  const { steps } = await verdictOf(folder(), text, { front });
  expect(steps.map(({ status }) => status)).toEqual(['passed', 'errored']);
  expect(steps[1]?.reason).toMatch(/^resolver on ns is stopped\n[\s\S]*a\.example/);
});

it('a step that failed for reasons of its own has failed, in a lab whose engine is well', async () => {
  const text =
    block('sh {continue}', 'docker run --rm busybox false') +
    block('sh {timeout=300ms continue}', 'docker run --rm busybox sleep 9');
  const { steps } = await verdictOf(folder(), text, { front });
  expect(steps.map(({ status }) => status)).toEqual(['failed', 'timed_out']);
});

// Side by side: each waits for its ten seconds and does nothing meanwhile.
it('a dockerd or containerd that hangs is an error told with its log within 12 s', async () => {
  await Promise.all(hung.map(([service, command]) => hangs(service, command)));
});
