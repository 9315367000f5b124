import { LabError } from '../errors.ts';
import type { LabSpec, NodeSpec } from '../runbook/types.ts';
import { traced } from '../trace.ts';
import type { Cgroups } from './cgroups.ts';
import { dnsServices, type Service, warmResolver } from './dns.ts';
import { dockerEngine, dockerService, tail } from './docker.ts';
import { engineEnvironment, readerEnvironment } from './environment.ts';
import type { InAdvance } from './in-advance.ts';
import { diskMounts, isRoot } from './machine.ts';
import {
  enter,
  inside,
  type Lifeline,
  labScript,
  makeNamespaces,
  type Namespaces,
  type Place,
  sparing,
  start,
  startAttached,
} from './namespace.ts';
import { openvswitchServices, switchCommands, switchReady } from './openvswitch.ts';
import { portsOf } from './ports.ts';
import { processLimitReached } from './process-limit.ts';
import { provideSudo, withSudo } from './sudo.ts';
import type { LabNode } from './types.ts';

/** The engine's own folder on a node, on a tmpfs: made by node.sh. */
const scratch = '/run/netlab';

/** What a slip must not reach: the clock, the modules, the reboot, the machine's log and raw memory. */
const dropped = ['sys_time', 'sys_boot', 'sys_module', 'sys_rawio', 'syslog', 'wake_alarm'];

/** What nothing in a lab may have, as setpriv takes it. On the machine's own network its settings are out of reach, too. */
export function droppedIn({ network }: LabSpec): string {
  return [...dropped, ...(network === 'host' ? ['net_admin'] : [])].map((name) => `-${name}`).join(',');
}

/** What the nodes of one lab have in common. */
export interface NodeContext {
  /** Undefined where nothing joins the nodes. */
  readonly ground: Namespaces | undefined;
  readonly cgroups: Cgroups;
  readonly lifelines: Lifeline[];
  readonly signal: AbortSignal;
  readonly breakage: AbortController;
  /** Called when the namespaces of a node are there, and it builds its root. */
  readonly onMade: () => void;
}

/** A node that is up: its specification, and its namespaces. */
export interface RunningNode extends Place {
  readonly spec: NodeSpec;
}

/** The end of a service's log; empty where there is none. */
export function serviceLog(pid: number, service: string): string {
  return tail(`${scratchOf(pid)}/${service}.log`);
}

/** What its PID 1 starts, in this order. */
export function servicesOf(spec: NodeSpec): readonly Service[] {
  return [
    ...(spec.openvswitch ? openvswitchServices : []),
    ...(spec.kind === 'docker' ? [dockerService] : []),
    ...(spec.kind === 'dns' ? dnsServices(spec) : []),
  ];
}

/** Starts a node: its namespaces, its throw-away root, its services. */
export function startNode(spec: NodeSpec, lab: LabSpec, context: NodeContext): Promise<Namespaces> {
  return makeNamespaces({
    name: spec.name,
    script: labScript('node.sh'),
    env: {
      ...engineEnvironment(),
      NETLAB_HOSTNAME: spec.name,
      NETLAB_DISK: String(lab.limits.disk),
      NETLAB_ROOTLESS: isRoot() ? '0' : '1',
      NETLAB_NETWORK: lab.network,
      NETLAB_CGROUPS: context.cgroups.shown?.join(' ') ?? '*',
      NETLAB_MOUNTS: diskMounts().join('\n'),
      NETLAB_RESOLV: resolvConf(spec),
      NETLAB_INIT: labScript('init.sh'),
      NETLAB_SERVICES: servicesOf(spec)
        .map(({ name, command }) => `${name}\t${command}`)
        .join('\n'),
    },
    cgroups: context.cgroups,
    inside: context.ground,
    ownNetwork: lab.network !== 'host',
    dropped: droppedIn(lab),
    lifelines: context.lifelines,
    signal: context.signal,
    onMade: context.onMade,
    onReport(report, pid) {
      const [, service, status] = /^exited (\S+) (\d+)$/.exec(report) ?? [];
      if (service === undefined) return;
      const log = serviceLog(pid, service);
      const limits = context.cgroups.limitsReached();
      const why = limits === undefined ? '' : `: ${limits}`;
      context.breakage.abort(new LabError(`${service} on ${spec.name} ended with status ${status}${why}`, { log }));
    },
  });
}

/** What a lab has for the nodes that it prepares. */
export interface PrepareContext {
  readonly cgroups: Cgroups;
  /** The document's own. */
  readonly folder: string;
  /** Aborts when the start is stopped or the lab goes. */
  readonly signal: AbortSignal;
  /** To be aborted with a `LabError` when something of the lab breaks. */
  readonly breakage: AbortController;
}

/** What a node needs once its links are there: a resolver that answers, an engine with its images. */
export async function prepareNode(
  node: RunningNode,
  lab: LabSpec,
  { cgroups, folder, signal, breakage }: PrepareContext,
): Promise<void> {
  const { spec, pid } = node;
  const setUp = setUpCommands(node, lab);
  if (setUp !== '') await traced('lab', `${spec.name}: ${setUp}`, runOn(node, cgroups, setUp));
  if (spec.kind === 'dns') {
    const warm = warmResolver(spec, (argv) => enter(node, cgroups, argv), signal);
    await traced('lab', `${spec.name}: its resolver answers`, warm);
  }
  if (spec.kind !== 'docker') return;
  const engine = dockerEngine(pid, signal);
  const images = spec.images.length > 0 ? import('./images/index.ts') : undefined;
  await traced('lab', `${spec.name}: dockerd answers`, engine.ready());
  engine.watch((service, what) => {
    breakage.abort(new LabError(`${service} on ${spec.name} ${what}`, { log: engine.log() }));
  });
  if (!images) return;
  const { provideImage } = await images;
  for (const image of spec.images) await provideImage({ image, folder, engine, scratch: scratchOf(pid), signal });
}

/** What makes a router of a node that has its links, a switch of another, and a bad cable of a link. */
function setUpCommands({ spec }: RunningNode, lab: LabSpec): string {
  const impaired = lab.links.flatMap(({ endpoints, impairment }) =>
    endpoints
      .filter((end) => impairment && end.node === spec.name && end.interface !== undefined)
      .map(
        (end) =>
          `tc qdisc add dev ${end.interface} root netem ${Object.entries(impairment ?? {})
            .flat()
            .join(' ')}`,
      ),
  );
  return [
    ...(spec.kind === 'router' ? ['echo 1 >/proc/sys/net/ipv4/ip_forward'] : []),
    ...(spec.openvswitch ? [switchReady] : []),
    ...spec.nat.map((out) => `iptables -t nat -A POSTROUTING -o ${out} -j MASQUERADE`),
    ...(spec.kind === 'ovs-bridge' ? [switchCommands(spec.name, portsOf(lab, spec.name))] : []),
    ...impaired,
  ].join(' && ');
}

async function runOn(node: RunningNode, cgroups: Cgroups, command: string): Promise<void> {
  const [file, ...args] = enter(node, cgroups, ['sh', '-c', command]);
  const { execa } = await import('execa');
  const { failed, stderr } = await execa(file, args, { reject: false, timeout: 10_000, detached: true });
  if (failed) throw new LabError(`cannot set up ${node.spec.name}`, { log: stderr });
}

function resolvConf(spec: NodeSpec): string {
  const dns = spec.dns ?? (spec.kind === 'dns' ? { servers: ['127.0.0.1'], search: [] } : undefined);
  if (!dns) return '';
  const search = dns.search.length > 0 ? `search ${dns.search.join(' ')}\n` : '';
  return `${search}${dns.servers.map((server) => `nameserver ${server}\n`).join('')}`;
}

/** The environment of a reader who has just logged in to a node. */
export function nodeEnvironment(): Readonly<Record<string, string>> {
  return withSudo(readerEnvironment(true), scratch);
}

/** What a lab has for its nodes once they are up. */
export interface NodeSurroundings {
  readonly cgroups: Cgroups;
  /** The document's own. */
  readonly folder: string;
  /** As `nodeEnvironment` has it. */
  readonly env: Readonly<Record<string, string>>;
  /** Of the node whose shell is wanted first. */
  readonly inAdvance: InAdvance | undefined;
}

/** A node that is up, as the shells see it. */
export function asNode(
  node: RunningNode,
  lab: LabSpec,
  { cgroups, folder, env, inAdvance }: NodeSurroundings,
): LabNode {
  const { spec, pid } = node;
  const entry = { step: true, dropped: droppedIn(lab) } as const;
  provideSudo(env, scratch, scratchOf(pid));
  const { name } = spec;
  // Made by node.sh, for the shell that is wanted first.
  const fifos = ['fifo-0', 'fifo-1'];
  const spawn: LabNode['spawn'] = (command) => {
    // In a session of its own: `kill 0` reaches the whole process group, what entered the node for it included.
    const argv = ['setsid', ...command.argv];
    const waiting = inAdvance?.become({ ...command, argv: inside(node, argv, entry.dropped) });
    return sparing(waiting ?? start({ ...command, argv: enter(node, cgroups, argv, entry) }));
  };
  return {
    name,
    kind: spec.kind,
    pid,
    env,
    cwd: folder,
    scratch: { path: scratch, hostPath: scratchOf(pid), takeFifo: () => fifos.shift() },
    spawn,
    limitsReached: (printed) => cgroups.limitsReached() ?? processLimitReached(cgroups, printed, pid),
    openTerminal: async (command) => (await import('./node-terminal.ts')).openTerminal({ name, env, spawn }, command),
    attach: () => {
      // A terminal of the node's own, so that it has a name there; `script` hands on its size and its signals.
      const shell = `cd "$NETLAB_FOLDER"; unset NETLAB_FOLDER; exec bash`;
      const argv = ['script', '-q', '-e', '-c', shell, '/dev/null'];
      const terminal = { TERM: process.env['TERM'] ?? 'xterm', NETLAB_FOLDER: folder };
      return startAttached(enter(node, cgroups, argv, entry), { ...env, ...terminal });
    },
  };
}

function scratchOf(pid: number): string {
  return `/proc/${pid}/root${scratch}`;
}
