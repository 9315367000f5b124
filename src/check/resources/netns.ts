import { CheckProblem } from '../problem.ts';
import { textOf } from './script.ts';
import type { Resource } from './types.ts';

/** A named network namespace, as `ip netns` lists them. */
export const netns: Resource = {
  key: 'netns',
  summary: 'a named network namespace',
  fields: ['exists', 'interfaces'],
  request: () =>
    'set -o pipefail; ip netns list | while read -r name _; do echo "$name" $(ip -n "$name" -o link show | sed -E "s/^[0-9]+: ([^:@]+).*/\\1/"); done',
  read(answer, { name }) {
    const all = new Map(
      textOf(answer)
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split(' '))
        .map(([each = '', ...interfaces]) => [each, interfaces]),
    );
    const interfaces = all.get(name);
    // Every namespace has its lo: `ip` could not look into this one.
    if (interfaces?.length === 0) throw new CheckProblem(`${name} cannot be probed: it is no network namespace`);
    if (interfaces) return { fields: { exists: true, interfaces } };
    const known = `there are ${[...all.keys()].join(', ') || 'none'}`;
    return { fields: { exists: false }, note: `no network namespace ${name}; ${known}` };
  },
};
