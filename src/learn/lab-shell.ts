import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabNode, NodeTerminal } from '../lab/types.ts';
import { commandNames } from './commands.ts';

/** The learner's shell on a node, in a terminal of that node. */
export interface LabShell extends NodeTerminal {
  readonly node: LabNode;
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
  const { rows, columns, output } = options;
  const here = join(node.scratch.path, folder);
  install(node, options);
  const setup = [
    `[ -p ${here}/requests ] || mkfifo -m 600 ${here}/requests`,
    // Login shells, such as those of tmux, begin with a PATH of their own.
    `{ echo 'PATH=${here}/bin:$PATH' >/etc/profile.d/netlab-learn.sh; } 2>/dev/null`,
  ].join('; ');
  const script = `cd; exec bash --rcfile ${here}/learner-rc.sh`;
  const PATH = `${join(here, 'bin')}:${node.env['PATH'] ?? ''}`;
  const colour = process.env['NO_COLOR'] ? { NO_COLOR: '1' } : {};
  const env = { ...node.env, ...colour, PATH, TERM: options.term, NETLAB_LEARN: here, NETLAB_NODE: node.name };
  return { node, ...(await node.openTerminal({ setup, script, env, rows, columns, output })) };
}

/** Puts the shell's own start-up file and the learner's commands on a node. */
function install({ scratch }: LabNode, { plain, history }: LabShellOptions): void {
  const here = join(scratch.hostPath, folder);
  if (existsSync(join(here, 'bin'))) return;
  // Not with `recursive`: below the /proc of a process that has gone, Node would look for a parent for ever.
  mkdirSync(here);
  mkdirSync(join(here, 'bin'));
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
