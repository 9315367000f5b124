import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { LabError } from '../errors.ts';
import { eachLine } from '../lines.ts';
import { trace, tracing } from '../trace.ts';
import type { Cgroups } from './cgroups.ts';
import { isRoot, obstacleIn } from './machine.ts';
import type { NodeCommand } from './types.ts';

/** A set of namespaces to join. */
export interface Place {
  /** PID 1 of the PID namespace, as this machine numbers it. */
  readonly pid: number;
  /** Whether the network is one of them, and not the machine's. */
  readonly ownNetwork: boolean;
}

/** What a set of namespaces hangs on, from when it is being made. */
export interface Lifeline {
  /** Resolves when the process that made the namespaces has gone, and they with it. */
  readonly gone: Promise<void>;
  /** Lets go of the lifeline: PID 1 ends and the kernel kills the rest. */
  release(): void;
  /** Waits no more: this process may end without it. */
  abandon(): void;
}

/** The first process of a set of namespaces, and the lifeline on which it hangs. */
export type Namespaces = Place & Lifeline;

export interface NamespaceOptions {
  readonly name: string;
  /** The bash program that PID 1 runs; it reports "pid N", then "ready", on descriptor 3. */
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cgroups: Cgroups;
  /** Made inside these, so that it dies with them; `undefined`: on the machine itself. */
  readonly inside: Place | undefined;
  readonly ownNetwork: boolean;
  /** Capabilities that neither the program nor what it starts has, as setpriv(1) takes them: a comma between them, a minus before each. */
  readonly dropped?: string;
  /** Theirs is added at once: what is never ready must end, too. */
  readonly lifelines: Lifeline[];
  readonly signal: AbortSignal;
  /** Called when the namespaces are there: what its first process does until it is ready takes a hundredth of a second. */
  readonly onMade?: () => void;
  /** Told of each report after "ready". */
  readonly onReport?: (report: string, pid: number) => void;
}

const always = ['--mount', '--pid', '--ipc', '--uts'];

/**
 * Joins the lab's control groups before it becomes the command: after a fork some of its children would be outside. What
 * cannot join does not run: it would be outside of the lab's limits. As a thread where it can, see first-process.sh.
 */
const joinGroups =
  'while [ "$1" != -- ]; do list=tasks; [ -e "$1/tasks" ] || list=cgroup.procs; ' +
  'echo 0 >"$1/$list" || { echo "cannot join $1" >&2; exit 125; }; shift; done; shift; exec "$@"';

/** When memory runs out, the kernel ends what has this before it ends the lab's own processes and services (proc(5)). */
const endFirst = 'echo 500 >/proc/self/oom_score_adj; ';

/** An ordinary user's limit on processes (dash and bash name it differently); what cannot be limited does not run. */
const limitProcesses = (count: number): string => `ulimit -u ${count} 2>/dev/null || ulimit -p ${count} || exit 125; `;

/** How something is run in a set of namespaces. */
export interface Entry {
  /** As part of a step: with its limits, and the first to be ended when memory runs out. */
  readonly step?: boolean;
  /** Capabilities that it shall not have, as `setpriv --bounding-set` takes them. */
  readonly dropped?: string | undefined;
}

/** Arguments that run `argv` in a set of namespaces and in the lab's control groups. */
export function enter(
  place: Place | undefined,
  cgroups: Cgroups,
  argv: readonly string[],
  { step = false, dropped }: Entry = {},
): [string, ...string[]] {
  const limit = step && cgroups.processes !== undefined ? limitProcesses(cgroups.processes) : '';
  const script = `${step ? endFirst : ''}${limit}${joinGroups}`;
  const own = place ? inside(place, argv, dropped) : argv;
  return ['sh', '-c', script, 'sh', ...cgroups.directories, '--', ...outside(dropped), ...own];
}

/** Arguments that run `argv` in a set of namespaces, in the control groups of whoever runs them. */
function joining(place: Place, argv: readonly string[]): [string, ...string[]] {
  return [...outside(undefined), ...inside(place, argv, undefined)];
}

/**
 * nsenter(1) stops when what it waits for is stopped. It has to go on when this process has gone: somebody must reap that.
 * What root is to lose it loses here already.
 */
function outside(dropped: string | undefined): [string, ...string[]] {
  const lost = isRoot() && dropped !== undefined ? ['--bounding-set', dropped] : [];
  return ['setpriv', '--pdeathsig', 'CONT', ...lost];
}

/** The part of `joining` that needs the namespaces to be there. */
export function inside(
  { pid, ownNetwork }: Place,
  argv: readonly string[],
  dropped: string | undefined,
): [string, ...string[]] {
  const rights = isRoot() ? ['--cgroup'] : ['--user', '--preserve-credentials'];
  const network = ownNetwork ? ['--net'] : [];
  // Whoever joins a user namespace has all capabilities there.
  const lost = isRoot() || dropped === undefined ? [] : ['setpriv', '--bounding-set', dropped];
  return ['nsenter', '-t', String(pid), ...rights, ...always, ...network, ...lost, ...argv];
}

/**
 * Starts `argv` with pipes on its standard descriptors and `extraPipes` more, apart from the engine's terminal: in a session
 * of its own, by which what steps leave to PID 1 is told from what that has started itself.
 */
export function start({ argv: [file, ...args], env, extraPipes = 0 }: NodeCommand): ChildProcess {
  const stdio = Array.from({ length: 3 + extraPipes }, () => 'pipe' as const);
  return spawn(file, args, { env: { ...env }, stdio, detached: true, cwd: '/' });
}

/**
 * Has `kill` reach what a launcher has started in a node, not the launcher: that reaps it. Whoever is left to the
 * machine's PID 1 instead waits there, and the end of the whole node with it, where that one reaps nobody (in a container,
 * most do not).
 */
export function sparing(child: ChildProcess): ChildProcess {
  const own = child.kill.bind(child);
  child.kill = (signal) => {
    const inside = childrenOf(child.pid);
    for (const pid of inside) {
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended by itself in the meantime.
      }
    }
    return inside.length > 0 || own(signal);
  };
  return child;
}

/** Oldest first. */
export function childrenOf(pid: number | undefined): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return children === '' ? [] : children.split(' ').map(Number);
  } catch {
    return [];
  }
}

/** Runs `argv` with this process's own terminal, and resolves to its status. */
export function startAttached(
  argv: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const [file, ...args] = argv;
  const child = spawn(file, args, { env: { ...env }, stdio: 'inherit', cwd: '/' });
  return new Promise((resolve, reject) => {
    child.once('exit', (status, signal) => resolve(status ?? (signal === null ? 1 : 130)));
    child.once('error', reject);
  });
}

/** Makes a set of namespaces and resolves once its PID 1 says that it is ready. Rejects with a `LabError`. */
export function makeNamespaces(options: NamespaceOptions): Promise<Namespaces> {
  const unshare: [string, ...string[]] = [
    'unshare',
    ...(!isRoot() && options.inside === undefined ? ['--user', '--map-root-user'] : []),
    ...(options.ownNetwork ? ['--net'] : []),
    ...['--mount', '--pid', '--fork', '--ipc', '--uts'],
    ...(options.dropped === undefined ? [] : ['setpriv', '--bounding-set', options.dropped]),
    // Not as an argument: everybody in the lab who lists processes would read all of it.
    ...['bash', '--norc', '-c', 'eval "$NETLAB_SCRIPT"', `netlab-${options.name}`],
  ];
  const started = performance.now();
  const say = (text: string): void => trace('lab', `${options.name}: ${text}`, started);
  const child = start({
    argv: options.inside ? joining(options.inside, unshare) : unshare,
    env: {
      ...options.env,
      NETLAB_GROUPS: options.cgroups.directories.join('\n'),
      NETLAB_SCRIPT: `${labScript('first-process.sh')}${options.script}`,
    },
    extraPipes: 1,
  });
  return new Promise((resolve, reject) => {
    let log = '';
    let pid: number | undefined;
    const gone = new Promise<void>((done) => child.once('close', () => done()));
    if (tracing.hasSubscribers) void gone.then(() => trace('lab', `${options.name}: its namespaces have gone`));
    const release = (): void => void child.stdin?.destroy();
    const abandon = (): void => {
      child.unref();
      for (const stream of child.stdio) stream?.destroy();
    };
    const lifeline: Lifeline = { gone, release, abandon };
    options.lifelines.push(lifeline);
    const fail = (what: string, cause?: Error): void => {
      release();
      const obstacle = obstacleIn(log);
      const limits = options.cgroups.limitsReached();
      const told = limits === undefined ? what : `${what}: ${limits}`;
      const why = obstacle ? `cannot start ${options.name}: ${obstacle.why}` : `${options.name} ${told}`;
      reject(new LabError(why, { log: log.trimEnd(), cause, hint: obstacle?.remedy }));
    };
    const onAbort = (): void => fail('stopped while it was starting');
    options.signal.addEventListener('abort', onAbort, { once: true });
    child.stdin?.on('error', () => {});
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        log = (log + chunk.toString()).slice(-4000);
      });
    }
    child.once('error', (cause) => fail('cannot start', cause));
    child.once('close', (status) => fail(`ended while it was starting (status ${status})`));
    eachLine(child.stdio[3] as NodeJS.ReadableStream, (line) => {
      if (line.startsWith('pid ')) {
        pid = Number(line.slice(4));
        if (tracing.hasSubscribers) say(`namespaces made, with process ${pid} as their first`);
        options.onMade?.();
      } else if (pid === undefined) fail('said nothing sensible');
      else if (line !== 'ready') options.onReport?.(line, pid);
      else {
        options.signal.removeEventListener('abort', onAbort);
        if (tracing.hasSubscribers) say('up');
        resolve({ pid, ownNetwork: options.ownNetwork, ...lifeline });
      }
    });
  });
}

/** The bash program of that name beside this file (in `dist/`, copied there by the build). */
export function labScript(name: string): string {
  return readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');
}
