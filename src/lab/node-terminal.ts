import { createInterface } from 'node:readline';
import { LabError } from '../errors.ts';
import type { LabNode, NodeTerminal, TerminalCommand } from './types.ts';

/** Opens a terminal on a node: `script` makes it there, so that it has a name on the node and no native module is needed. */
export async function openTerminal(
  { name, env: nodeEnv, spawn }: Pick<LabNode, 'name' | 'env' | 'spawn'>,
  { script, setup = ':', env, rows, columns, output }: TerminalCommand,
): Promise<NodeTerminal> {
  const start = `stty rows ${rows} cols ${columns}; ${setup}; echo "$(tty) $PPID" >&3; exec 3>&-; ${script}`;
  const child = spawn({
    argv: ['script', '-q', '-e', '-f', '-E', 'always', '-c', start, '/dev/null'],
    env,
    extraPipes: 1,
  });
  child.stdin?.on('error', () => {});
  child.stdout?.on('data', output);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  let over = false;
  void ended.then(() => {
    over = true;
  });
  const lines = createInterface({ input: child.stdio[3] as NodeJS.ReadableStream });
  const [tty = '', keeper] = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    void ended.then(() => reject(new LabError(`no terminal could be opened on ${name}`)));
  }).then((line) => line.split(' '));
  /** Something that is run beside the terminal's own command. */
  const aside = (argv: readonly [string, ...string[]]): Promise<void> =>
    new Promise((done) => {
      const other = spawn({ argv, env: nodeEnv });
      other.once('exit', () => done());
      other.once('error', () => done());
    });
  let size = { rows, columns };
  let last = Promise.resolve();
  const setSize = (to: typeof size): void => {
    const argv = ['stty', '-F', tty, 'rows', String(to.rows), 'cols', String(to.columns)] as const;
    // One after the other: an older size must not come last.
    last = last.then(() => aside(argv));
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
    // Not what has entered the node: `script` would lose its parent there, and wait for another to reap it.
    close: () => {
      if (!over) void aside(['sh', '-c', `kill -KILL ${keeper}`]);
    },
  };
}
