import type { ChildProcess } from 'node:child_process';
import type { Cgroups } from './cgroups.ts';
import { enter, start } from './namespace.ts';
import type { NodeCommand } from './types.ts';

/** A process of a lab that has no node yet: it waits to be told what it becomes. */
export interface InAdvance {
  /** Becomes a command on the same pipes. Once; `undefined` when it has been told, has ended, or cannot become that. */
  become(command: NodeCommand): ChildProcess | undefined;
  /** Ends it, if it still waits. Resolves when it has gone. */
  dismiss(): Promise<void>;
}

/** Takes its words from the lines of its standard input, up to an empty one. */
const become = 'while IFS= read -r word && [ "$word" ]; do set -- "$@" "$word"; done; [ "$#" = 0 ] || exec "$@"';

/**
 * Starts a process that joins the lab's control groups while its node is still coming up: to start it takes
 * milliseconds, and to join 10 to 20 more where it cannot join as a thread, see first-process.sh. It has one extra pipe.
 */
export function startInAdvance(cgroups: Cgroups, env: Readonly<Record<string, string>>, dropped?: string): InAdvance {
  let child: ChildProcess | undefined = start({
    argv: enter(undefined, cgroups, ['sh', '-c', become, 'sh'], { step: true, dropped }),
    env,
    extraPipes: 1,
  });
  const { stdin } = child;
  // Where it cannot be had, the node's own way is gone.
  child.once('error', () => {
    child = undefined;
  });
  stdin?.on('error', () => {});
  const take = (): ChildProcess | undefined => {
    const taken = child?.exitCode === null && child.signalCode === null ? child : undefined;
    child = undefined;
    return taken;
  };
  return {
    become({ argv, env: wanted, extraPipes }) {
      const changed = Object.entries(wanted).filter(([name, value]) => env[name] !== value);
      const words = [...(changed.length > 0 ? ['env', ...changed.map((entry) => entry.join('='))] : []), ...argv];
      const isLess = Object.keys(env).some((name) => wanted[name] === undefined);
      if (extraPipes !== 1 || isLess || words.some((word) => word === '' || word.includes('\n'))) return undefined;
      const taken = take();
      taken?.stdin?.write(`${words.join('\n')}\n\n`);
      return taken;
    },
    async dismiss() {
      const waiting = take();
      if (!waiting) return;
      const gone = new Promise((resolve) => waiting.once('close', resolve));
      waiting.kill('SIGKILL');
      for (const stream of waiting.stdio) stream?.destroy();
      await gone;
    },
  };
}
