import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { LabError } from '../errors.ts';
import type { LabSpec, NodeSpec, Runbook } from '../runbook/types.ts';
import { type Cgroups, makeCgroups } from './cgroups.ts';
import { dnsServices, type Service, warmResolver } from './dns.ts';
import { dockerEngine, dockerService, tail } from './docker.ts';
import { readerEnvironment } from './environment.ts';
import { provideImage } from './images/index.ts';
import { connect } from './links.ts';
import { diskMounts, isRoot } from './machine.ts';
import { enter, labScript, makeNamespaces, type Namespaces, start } from './namespace.ts';
import type { Lab, LabNode } from './types.ts';

/** What a slip must not reach: the clock, the modules, the reboot, the machine's log and raw memory. */
const dropped = ['sys_time', 'sys_boot', 'sys_module', 'sys_rawio', 'syslog', 'wake_alarm'];

/** Brings up the lab of a runbook. Rejects with a `LabError`; then, as after disposal, nothing of it is left. */
export async function startLab(runbook: Runbook, signal: AbortSignal): Promise<Lab> {
  const folder = dirname(resolve(runbook.path));
  if (runbook.lab.kind === 'none') return machineItself(folder);
  const { limits, network } = runbook.lab;
  const cgroups = makeCgroups(limits);
  const up: Namespaces[] = [];
  const breakage = new AbortController();
  const takeDown = async (): Promise<void> => {
    for (const namespaces of up) namespaces.release();
    await Promise.all(up.map((namespaces) => namespaces.gone));
    await cgroups[Symbol.asyncDispose]();
  };
  try {
    const ground = await makeNamespaces({
      name: 'ground',
      script: labScript('ground.sh'),
      env: hostEnvironment(),
      cgroups,
      inside: undefined,
      shareNetwork: network === 'host',
      signal,
    });
    up.push(ground);
    const running = runbook.lab.nodes.filter((spec) => spec.kind !== 'bridge');
    const settled = await Promise.allSettled(
      running.map(async (spec) => {
        const namespaces = await startNode(spec, runbook.lab, { ground, cgroups, signal, breakage });
        up.push(namespaces);
        return [spec.name, namespaces.pid] as const;
      }),
    );
    const pids = new Map(settled.map((result) => unwrap(result)));
    await connect(runbook.lab.nodes, runbook.lab.links, pids, ground.pid);
    await Promise.all(running.map((spec) => prepare(spec, pids.get(spec.name) ?? 0, { cgroups, folder, signal })));
    let disposed: Promise<void> | undefined;
    for (const namespaces of up) {
      void namespaces.gone.then(() => {
        if (!disposed)
          breakage.abort(new LabError('the lab ended: its first process was killed', { log: readLogs(pids) }));
      });
    }
    return {
      nodes: new Map(running.map((spec) => [spec.name, asNode(spec, pids.get(spec.name), cgroups, folder)])),
      broken: breakage.signal,
      log: () => readLogs(pids),
      [Symbol.asyncDispose]() {
        disposed ??= takeDown();
        return disposed;
      },
    };
  } catch (error) {
    await takeDown();
    throw breakage.signal.aborted ? breakage.signal.reason : error;
  }
}

interface NodeContext {
  readonly ground: Namespaces;
  readonly cgroups: Cgroups;
  readonly signal: AbortSignal;
  readonly breakage: AbortController;
}

function startNode(spec: NodeSpec, lab: LabSpec, context: NodeContext): Promise<Namespaces> {
  const services: readonly Service[] =
    spec.kind === 'docker' ? [dockerService] : spec.kind === 'dns' ? dnsServices(spec) : [];
  const drop = lab.network === 'host' ? [...dropped, 'net_admin'] : dropped;
  return makeNamespaces({
    name: spec.name,
    script: labScript('node.sh'),
    env: {
      ...hostEnvironment(),
      NETLAB_HOSTNAME: spec.name,
      NETLAB_DISK: String(lab.limits.disk),
      NETLAB_ROOTLESS: isRoot() ? '0' : '1',
      NETLAB_MOUNTS: diskMounts().join('\n'),
      NETLAB_RESOLV: resolvConf(spec),
      NETLAB_DROP: drop.map((name) => `-${name}`).join(','),
      NETLAB_INIT: labScript('init.sh'),
      NETLAB_SERVICES: services.map(({ name, command }) => `${name}\t${command}`).join('\n'),
    },
    cgroups: context.cgroups,
    inside: context.ground.pid,
    shareNetwork: lab.network === 'host',
    signal: context.signal,
    onReport(report) {
      const [, service, status] = /^exited (\S+) (\d+)$/.exec(report) ?? [];
      if (service) context.breakage.abort(new LabError(`${service} on ${spec.name} ended with status ${status}`));
    },
  });
}

/** What a node needs once its links are there: a resolver that answers, an engine with its images. */
async function prepare(
  spec: NodeSpec,
  pid: number,
  { cgroups, folder, signal }: { cgroups: Cgroups; folder: string; signal: AbortSignal },
): Promise<void> {
  if (spec.kind === 'dns') await warmResolver(spec, (argv) => enter(pid, cgroups, argv));
  if (spec.kind !== 'docker') return;
  const engine = dockerEngine(pid);
  await engine.ready(signal);
  for (const image of spec.images) await provideImage({ image, folder, engine, signal });
}

function resolvConf(spec: NodeSpec): string {
  const dns = spec.dns ?? (spec.kind === 'dns' ? { servers: ['127.0.0.1'], search: [] } : undefined);
  if (!dns) return '';
  const search = dns.search.length > 0 ? `search ${dns.search.join(' ')}\n` : '';
  return `${search}${dns.servers.map((server) => `nameserver ${server}\n`).join('')}`;
}

function asNode(spec: NodeSpec, pid: number | undefined, cgroups: Cgroups, folder: string): LabNode {
  const drop = dropped.map((name) => `-${name}`).join(',');
  const scratch = '/run/netlab';
  return {
    name: spec.name,
    kind: spec.kind,
    pid,
    env: readerEnvironment(true),
    cwd: folder,
    scratch: { path: scratch, hostPath: `/proc/${pid}/root${scratch}` },
    spawn: ({ argv, env, extraPipes = 0 }) =>
      start({ argv: enter(pid, cgroups, ['setpriv', '--bounding-set', drop, ...argv]), env, extraPipes }),
  };
}

/** `lab: none`: this machine is the only node. */
function machineItself(folder: string): Lab {
  const scratch = mkdtempSync(join(tmpdir(), 'netlab-'));
  const node: LabNode = {
    name: 'localhost',
    kind: 'host',
    pid: undefined,
    env: readerEnvironment(isRoot()),
    cwd: folder,
    scratch: { path: scratch, hostPath: scratch },
    spawn: start,
  };
  return {
    nodes: new Map([[node.name, node]]),
    broken: new AbortController().signal,
    log: () => '',
    async [Symbol.asyncDispose]() {
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** What the lab's own programs need of this process's environment. */
function hostEnvironment(): Record<string, string> {
  const { PATH, HOME } = readerEnvironment(isRoot());
  return { PATH: PATH ?? '', HOME: HOME ?? '/', LC_ALL: 'C' };
}

function readLogs(pids: ReadonlyMap<string, number>): string {
  return [...pids]
    .map(([name, pid]) => [name, tail(`/proc/${pid}/root/run/netlab/${dockerService.name}.log`)] as const)
    .flatMap(([name, text]) => (text === '' ? [] : [`${name}:\n${text}`]))
    .join('\n');
}

function unwrap<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
