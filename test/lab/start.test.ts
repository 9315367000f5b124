import { expect, it } from 'vitest';
import { childrenOf } from '../../src/lab/namespace.ts';
import { labOf } from './labs.ts';

const pair = 'lab: { nodes: { a: {}, b: {} }, links: [{ endpoints: ["a:eth0", "b:eth0"] }] }';

it.each([
  ['one node', 'lab: sandbox'],
  ['joined nodes', pair],
])('a lab of %s that is stopped while it starts has gone when that is told', async (_, frontMatter) => {
  for (const afterMs of [0, 5, 10, 20, 40, 60]) {
    const stop = new AbortController();
    const starting = labOf(frontMatter, stop.signal);
    setTimeout(() => stop.abort(), afterMs);
    // A quick machine has it up before the later ones.
    await starting.then(
      (lab) => lab[Symbol.asyncDispose](),
      (error: unknown) => expect(error).toBeInstanceOf(Error),
    );
    expect([afterMs, childrenOf(process.pid)]).toEqual([afterMs, []]);
  }
});
