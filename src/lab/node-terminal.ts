import { createInterface } from 'node:readline';
import { LabError } from '../errors.ts';
import type { LabNode, NodeTerminal, TerminalCommand } from './types.ts';

/** Opens a terminal on a node: `script` makes it there, so that it has a name on the node and no native module is needed. */
export async function openTerminal(
  { name, env: nodeEnv, spawn }: Pick<LabNode, 'name' | 'env' | 'spawn'>,
  { script, setup = ':', env, rows, columns, output }: TerminalCommand,
): Promise<NodeTerminal> {
  const start = `stty rows ${rows} cols ${columns}; ${setup}; tty >&3; exec 3>&-; ${script}`;
  const child = spawn({
    argv: ['script', '-q', '-e', '-f', '-E', 'always', '-c', start, '/dev/null'],
    env,
    extraPipes: 1,
  });
  child.stdin?.on('error', () => {});
  child.stdout?.on('data', output);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const lines = createInterface({ input: child.stdio[3] as NodeJS.ReadableStream });
  const tty = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    void ended.then(() => reject(new LabError(`no terminal could be opened on ${name}`)));
  });
  let size = { rows, columns };
  let last = Promise.resolve();
  const setSize = (to: typeof size): void => {
    const argv = ['stty', '-F', tty, 'rows', String(to.rows), 'cols', String(to.columns)] as const;
    // One after the other: an older size must not come last.
    last = last.then(
      () =>
        new Promise((done) => {
          const stty = spawn({ argv: [...argv], env: nodeEnv });
          stty.once('exit', () => done());
          stty.once('error', () => done());
        }),
    );
  };
  return {
    ended,
    write: (bytes) => void child.stdin?.write(bytes),
    resize(newRows, newColumns) {
      if (newRows === size.rows && newColumns === size.columns) return;
      size = { rows: newRows, columns: newColumns };
      setSize(size);
    },
    redraw() {
      // A terminal tells its programs of a change of its size only: so there are two.
      setSize({ ...size, rows: size.rows - 1 });
      setSize(size);
    },
    pause: () => void child.stdout?.pause(),
    resume: () => void child.stdout?.resume(),
    close: () => void child.kill('SIGKILL'),
  };
}
