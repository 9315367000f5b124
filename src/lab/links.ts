import { execa } from 'execa';
import { LabError } from '../errors.ts';
import type { Endpoint, LabSpec, LinkSpec } from '../runbook/types.ts';
import { isRoot } from './machine.ts';
import type { RunningNode } from './node.ts';

/**
 * Joins the nodes: bridges stand on the ground's own network, cables are veth pairs whose ends go straight into the
 * network of their nodes. `ground` is the lab's own PID 1.
 */
export async function connect(lab: LabSpec, nodes: readonly RunningNode[], ground: number): Promise<void> {
  const { links } = lab;
  const pids = new Map(nodes.map(({ spec, pid }) => [spec.name, pid]));
  const bridges = lab.nodes.filter((node) => node.kind === 'bridge').map((node) => node.name);
  if (bridges.length === 0 && links.length === 0) return;
  await batch(ground, [
    ...bridges.flatMap((name) => [`link add name ${name} type bridge`, `link set ${name} up`]),
    ...links.flatMap((link, index) => cable(link, index, pids)),
  ]);
  await Promise.all([...pids].map(([name, pid]) => batch(pid, addresses(name, links))));
}

function cable(link: LinkSpec, index: number, pids: ReadonlyMap<string, number>): string[] {
  const ends = link.endpoints.map((end, side) => {
    const pid = pids.get(end.node);
    return pid === undefined
      ? { name: `port${index}.${side}`, place: '', bridge: end.node }
      : { name: end.interface ?? `eth${side}`, place: ` netns ${pid}`, bridge: undefined };
  });
  const [a, b] = ends as [(typeof ends)[number], (typeof ends)[number]];
  return [
    `link add name ${a.name}${a.place} type veth peer name ${b.name}${b.place}`,
    ...ends.flatMap((end) => (end.bridge === undefined ? [] : [`link set ${end.name} master ${end.bridge} up`])),
  ];
}

function addresses(node: string, links: readonly LinkSpec[]): string[] {
  const own = (end: Endpoint): boolean => end.node === node && end.interface !== undefined;
  return links
    .flatMap((link) => link.endpoints.filter(own))
    .flatMap((end) => [
      ...(end.address === undefined ? [] : [`address add ${end.address} dev ${end.interface}`]),
      `link set ${end.interface} up`,
    ]);
}

/** Runs `ip` commands in the network namespace of `pid`; from here, so that PIDs in them are this machine's. */
async function batch(pid: number, commands: readonly string[]): Promise<void> {
  if (commands.length === 0) return;
  const user = isRoot() ? [] : ['--user', '--preserve-credentials'];
  const { failed, stderr } = await execa('nsenter', ['-t', `${pid}`, ...user, '--net', 'ip', '-batch', '-'], {
    input: `${commands.join('\n')}\n`,
    reject: false,
    extendEnv: true,
  });
  if (failed) throw new LabError('cannot join the nodes of the lab', { log: stderr });
}
