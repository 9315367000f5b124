import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { LabError } from '../errors.ts';
import type { LabNode } from '../lab/types.ts';
import { commandNames } from './words.ts';

/** The learner's shell on a node, in a terminal of that node. */
export interface LabShell {
  readonly node: LabNode;
  write(bytes: Buffer): void;
  resize(rows: number, columns: number): void;
  /** Has it draw its prompt again, below what was written into its terminal. */
  redraw(): void;
  /** Resolves when it has ended, for whatever reason. */
  readonly ended: Promise<void>;
  close(): void;
}

export interface LabShellOptions {
  readonly rows: number;
  readonly columns: number;
  readonly term: string;
  /** Whether it waits before each prompt for what the tutor has to say. */
  readonly plain: boolean;
  /** What was typed in the lab before this one, a command a line. */
  readonly history: string;
  readonly output: (bytes: Buffer) => void;
}

/** Where the tutor's files are on a node, below the engine's own folder there. */
const folder = 'learn';

/** The FIFO through which the learner's commands reach the tutor, as this process sees it. */
export function requestsPath({ scratch }: LabNode): string {
  return join(scratch.hostPath, folder, 'requests');
}

/** What the learner has typed on a node, a command a line; empty when the lab has gone. */
export function historyOn({ scratch }: LabNode): string {
  try {
    return readFileSync(join(scratch.hostPath, folder, 'history'), 'utf8');
  } catch {
    return '';
  }
}

/** Starts a shell. Resolves once it has a terminal; rejects when it has ended before. */
export async function openLabShell(node: LabNode, options: LabShellOptions): Promise<LabShell> {
  const { rows, columns } = options;
  const here = join(node.scratch.path, folder);
  install(node, options);
  const start = [
    `[ -p ${here}/requests ] || mkfifo -m 600 ${here}/requests`,
    // Login shells, such as those of tmux, begin with a PATH of their own.
    `{ echo 'PATH=${here}/bin:$PATH' >/etc/profile.d/netlab-learn.sh; } 2>/dev/null`,
    `stty rows ${rows} cols ${columns}; tty >&3; cd; exec bash --rcfile ${here}/learner-rc.sh 3>&-`,
  ].join('; ');
  const PATH = `${join(here, 'bin')}:${node.env['PATH'] ?? ''}`;
  const colour = process.env['NO_COLOR'] ? { NO_COLOR: '1' } : {};
  const child = node.spawn({
    argv: ['script', '-q', '-e', '-f', '-E', 'always', '-c', start, '/dev/null'],
    env: { ...node.env, ...colour, PATH, TERM: options.term, NETLAB_LEARN: here, NETLAB_NODE: node.name },
    extraPipes: 1,
  });
  child.stdin?.on('error', () => {});
  child.stdout?.on('data', options.output);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const lines = createInterface({ input: child.stdio[3] as NodeJS.ReadableStream });
  const tty = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    void ended.then(() => reject(new LabError(`no shell could be started on ${node.name}`)));
  });
  let size = { rows, columns };
  let last = Promise.resolve();
  const setSize = (to: typeof size): void => {
    const argv = ['stty', '-F', tty, 'rows', String(to.rows), 'cols', String(to.columns)] as const;
    // One after the other: an older size must not come last.
    last = last.then(
      () =>
        new Promise((done) => {
          const stty = node.spawn({ argv: [...argv], env: node.env });
          stty.once('exit', () => done());
          stty.once('error', () => done());
        }),
    );
  };
  return {
    node,
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
    close: () => void child.kill('SIGKILL'),
  };
}

/** Puts the shell's own start-up file and the learner's commands on a node. */
function install({ scratch }: LabNode, { plain, history }: LabShellOptions): void {
  const here = join(scratch.hostPath, folder);
  if (existsSync(join(here, 'bin'))) return;
  mkdirSync(join(here, 'bin'), { recursive: true });
  const copy = (name: string, to: string): void =>
    writeFileSync(join(here, to), readFileSync(source(name)), { mode: 0o755 });
  copy('learner-rc.sh', 'learner-rc.sh');
  copy('learner-command.sh', 'bin/tutor');
  for (const name of commandNames) symlinkSync('tutor', join(here, 'bin', name));
  writeFileSync(join(here, 'history'), history);
  if (plain) writeFileSync(join(here, 'plain'), '');
}

function source(name: string): URL {
  return new URL(`./${name}`, import.meta.url);
}
