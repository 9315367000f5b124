import { LabError } from '../errors.ts';
import type { Endpoint, LabSpec, LinkSpec } from '../runbook/types.ts';
import { trace, tracing } from '../trace.ts';
import { isRoot } from './machine.ts';
import type { RunningNode } from './node.ts';
import { portName } from './ports.ts';

/** One end of a cable: the name of its interface, and the node that has it. `bridge`: it stays with the ground. */
interface End {
  readonly name: string;
  readonly node: RunningNode | undefined;
  readonly bridge: string | undefined;
  readonly endpoint: Endpoint;
}

/**
 * Joins the nodes: bridges stand on the ground's own network, cables are veth pairs whose ends go straight into the
 * network of their nodes. `ground` is the lab's own PID 1.
 */
export async function connect(lab: LabSpec, nodes: readonly RunningNode[], ground: number): Promise<void> {
  const bridges = lab.nodes.filter((node) => node.kind === 'bridge').map((node) => node.name);
  const cables = lab.links.map((link, index) => ({ link, ends: endsOf(link, index, nodes) }));
  await batch(ground, [
    ...bridges.flatMap((name) => [`link add name ${name} type bridge`, `link set ${name} up`]),
    ...cables.flatMap(({ ends }) => cable(ends)),
  ]);
  await Promise.all(
    nodes.map((node) => {
      const own = cables.flatMap(({ link, ends }) =>
        ends.filter((end) => end.node === node).map((end) => ({ link, end })),
      );
      const routes = node.spec.routes.map((route) => `route add ${route}`);
      return batch(node.pid, [...own.flatMap(({ link, end }) => settings(link, end)), ...routes]);
    }),
  );
}

function endsOf(link: LinkSpec, index: number, nodes: readonly RunningNode[]): [End, End] {
  const [a, b] = link.endpoints.map((endpoint, side): End => {
    const node = nodes.find(({ spec }) => spec.name === endpoint.node);
    return { name: portName(endpoint, index, side), node, bridge: node ? undefined : endpoint.node, endpoint };
  });
  return [a as End, b as End];
}

function cable([a, b]: readonly [End, End]): string[] {
  const place = ({ name, node }: End): string => (node === undefined ? name : `${name} netns ${node.pid}`);
  return [
    `link add name ${place(a)} type veth peer name ${place(b)}`,
    ...[a, b].flatMap(({ name, bridge }) => (bridge === undefined ? [] : [`link set ${name} master ${bridge} up`])),
  ];
}

function settings({ mtu }: LinkSpec, { name, endpoint }: End): string[] {
  return [
    ...(endpoint.mac === undefined ? [] : [`link set ${name} address ${endpoint.mac}`]),
    ...(mtu === undefined ? [] : [`link set ${name} mtu ${mtu}`]),
    ...(endpoint.address === undefined ? [] : [`address add ${endpoint.address} dev ${name}`]),
    `link set ${name} up`,
  ];
}

/** Runs `ip` commands in the network namespace of `pid`; from here, so that PIDs in them are this machine's. */
async function batch(pid: number, commands: readonly string[]): Promise<void> {
  if (commands.length === 0) return;
  if (tracing.hasSubscribers) for (const command of commands) trace('lab', `of process ${pid}: ip ${command}`);
  const user = isRoot() ? [] : ['--user', '--preserve-credentials'];
  const { execa } = await import('execa');
  const { failed, stderr } = await execa('nsenter', ['-t', `${pid}`, ...user, '--net', 'ip', '-batch', '-'], {
    input: `${commands.join('\n')}\n`,
    reject: false,
  });
  if (!failed) return;
  const at = Number(/^Command failed -:(\d+)/m.exec(stderr)?.[1]);
  throw new LabError(`cannot join the nodes of the lab: ip ${commands[at - 1] ?? ''}`, { log: stderr });
}
