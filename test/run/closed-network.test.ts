import { describe, expect, it } from 'vitest';
import type { StepResult } from '../../src/events.ts';
import { environmentOf, withNetworkHint } from '../../src/run/closed-network.ts';
import { step } from '../report/run-events.ts';
import { read } from '../runbook/reading.ts';

const closed = read('# x\n');
const open = read('---\nlab: { network: host }\n---\n');
const hint = 'the lab is closed';

describe('the reason of a step in a lab without a way out', () => {
  it.each<[string, Partial<StepResult>, string | null]>([
    ['a name that is not resolved', { status: 'failed', stdout: 'getaddrinfo EAI_AGAIN x' }, hint],
    ['on stderr', { status: 'failed', stderr: 'curl: (6) Could not resolve host: x' }, hint],
    [
      'an installation that takes too long',
      { status: 'timed_out', command: 'npm ci', reason: 'no end' },
      `no end; ${hint}`,
    ],
    ['a pass that rests on the status', { checked: false, stdout: 'Temporary failure resolving x' }, hint],
    ['another failure', { status: 'failed', stdout: 'no such file' }, null],
    ['an installation that failed otherwise', { status: 'failed', command: 'npm ci', stdout: 'no lock file' }, null],
    ['another time-out', { status: 'timed_out', command: 'sleep 60', reason: null }, null],
    ['a pass that was checked', { stdout: 'Network is unreachable' }, null],
    ['an error of the engine', { status: 'errored', stdout: 'Network is unreachable' }, null],
  ])('of %s', (_, change, reason) => {
    const told = withNetworkHint(step(change), closed.lab).reason;
    expect(told).toEqual(reason === null ? (change.reason ?? null) : expect.stringContaining(reason));
    expect(withNetworkHint(step(change), open.lab).reason).toBe(change.reason ?? null);
  });
});

it('tools need not look for a way out twice, where the document is not for netlab', () => {
  const plain = read('```sh\nnpm ci\n```\n');
  expect(environmentOf(plain)).toHaveProperty('npm_config_fetch_retries', '0');
  expect(environmentOf({ ...plain, lab: open.lab })).toEqual({});
  expect(environmentOf(read('---\nenv: { A: b }\n---\n```sh\nnpm ci\n```\n'))).toEqual({ A: 'b' });
});
