import { describe, expect, it } from 'vitest';
import { attributes, block, ownFolder, sessions, step, verdictOf } from './documents.ts';

const folder = ownFolder();

/** What copies its input to all that its shell has open. */
const toAll = 'timeout 0.3 tee -p /proc/$$/fd/* >/dev/null 2>&1';

/**
 * What a step does, by accident, with its shell's own descriptors and words: none of it may make a pass of that step, which
 * fails, or of the next. With intent a step can: see docs/security.md.
 */
const accidents: readonly string[] = [
  // Prints to all that is open: what its shell reads is one of them.
  ...[
    "'####'",
    "'Done. '",
    "'echo all is well '",
    "'true || '",
    "'true \\\\'",
    "'true ||\\n\\n'",
    "'\"'",
    '"\'"',
    "'`('",
  ].map((text) => `printf ${text} | ${toAll}`),
  `echo true | ${toAll}`,
  `seq 300 | ${toAll}`,
  `yes true | head -c 100000 | ${toAll}`,
  `head -c 3000 /dev/urandom | ${toAll}`,
  `head -c 70000 /dev/urandom | ${toAll}`,
  'for n in {3..70}; do echo "0 0" >&$n; done',
  'for f in /proc/[0-9]*/fd/*; do [ ! -p $f ] || echo "0 0" | timeout 0.05 dd of=$f conv=notrunc; done',
  // Tells what its shell runs.
  `trap 'printf "%s\\n" "$BASH_COMMAND" >&2' DEBUG`,
  `trap 'for f in /proc/$$/fd/*; do printf "%s\\n" "$BASH_COMMAND" >$f; done 2>/dev/null' DEBUG`,
  `trap 'for n in {3..70}; do printf "%s\\n" $BASH_COMMAND >&$n; done 2>/dev/null' DEBUG`,
  `set -T; trap 'echo "$? $BASH_COMMAND" >>/tmp/log' DEBUG RETURN ERR`,
  ...[3, 10, 59, 60, 61, 62, 63].map((fd) => `BASH_XTRACEFD=${fd}; set -x`),
  'PS4=; BASH_XTRACEFD=62; set -x',
  'for n in {3..70}; do BASH_XTRACEFD=$n; set -x; true; done',
  'set -v; exec 2>&1',
  // Reads what is open.
  'timeout 0.2 cat /proc/$$/fd/*',
  'timeout 0.2 head -c 5 /proc/$$/fd/*',
  'timeout 0.2 head -n 1 /proc/self/fd/*',
  'timeout 0.2 tail -n 1 /proc/$PPID/fd/* /proc/$$/fd/*',
  'timeout 0.3 cp /proc/$$/fd/* /tmp/',
  'timeout 0.3 tar -cf /tmp/all.tar --dereference /proc/$$/fd',
  'timeout 0.3 grep -ra netlab /proc/$$/fd/ /proc/$$/environ',
  'dd if=/proc/$$/fd/63 bs=1 count=12',
  'for n in {0..80}; do read -t 0.01 -u $n x; done',
  'for n in {0..80}; do read -t 0.01 -n 3 -u $n x; done',
  'while read -t 0.1 line; do echo "$line"; done <&63',
  'for n in {0..80}; do readlink /proc/$$/fd/$n && stat -L /proc/$$/fd/$n; done',
  'ls -lL /proc/$$/fd/; file -L /proc/$$/fd/*; wc -c </proc/$$/fd/60',
  // Copies what is open.
  'exec {copy}<&0; timeout 0.2 cat <&$copy',
  'for n in {10..70}; do exec {copy}<&$n; done',
  'for n in {10..70}; do exec {copy}>&$n; done; echo x >&$copy',
  'for n in {3..70}; do eval "exec $n<&0"; done',
  'for n in {3..70}; do eval "exec $n>&1"; done',
  'exec 62>&1 63<&0',
  // Closes it, or forgets it.
  'for n in {0..255}; do eval "exec $n>&-"; done',
  'bash -c \'for n in {0..255}; do eval "exec $n>&-"; done\'',
  'unset $(compgen -v)',
  'declare -p >/tmp/variables; . /tmp/variables',
  'set >/tmp/set; . /tmp/set',
  'declare -f >/tmp/functions; unset -f $(compgen -A function); . /tmp/functions',
  'for v in $(compgen -v); do export "$v"; done; readonly',
];

describe.each(sessions)('in a %s', (kind) => {
  it(`${accidents.length} accidents make no pass of a step that failed, of none that was not run, and hang nothing`, async () => {
    const text = accidents.map((accident, index) => {
      const own = (more: string): string => `sh ${attributes(kind, `session=s${index} continue ${more}`)}`;
      return (
        block(own('timeout=1500ms'), `{ ${accident}; } 2>/dev/null`, 'false') +
        // After a failure the next step's line begins with what restores its status: so once more, and no failure.
        block(own('timeout=1500ms'), accident.includes(toAll) ? `{ ${accident}; } 2>/dev/null; true` : 'true') +
        block(own('timeout=2s'), `touch /tmp/ran-${index}; false`) +
        block(own('timeout=2s'), 'false')
      );
    });
    const alive = block(`console ${attributes(kind, 'session=alive')}`, '$ /bin/echo alive', 'alive');
    const result = await verdictOf(folder(), text.join('\n') + alive);
    const lies = accidents.flatMap((accident, index) =>
      [0, 2, 3]
        .map((after) => step(result, 4 * index + after))
        .flatMap(({ status, command, duration_ms }) =>
          status === 'passed' || duration_ms > 8000 ? [`${accident}: ${command} ${status} in ${duration_ms} ms`] : [],
        ),
    );
    expect(lies).toEqual([]);
    expect(result.steps.at(-1)?.status).toBe('passed');
  }, 240_000);
});
