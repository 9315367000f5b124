import { isRoot } from './machine.ts';
import {
  type Probe,
  probeBusybox,
  probeCgroups,
  probeLimits,
  probeNamespaces,
  probeOverlay,
  tryInNamespaces,
} from './probes.ts';

/** The kinds of lab that need capabilities. */
export type LabKind = 'sandbox' | 'docker';

/** Something that a lab can need from the machine. */
export interface Capability {
  readonly name: string;
  /** What it is, in a phrase. */
  readonly what: string;
  /** What a lab does with it: goes after "to". */
  readonly why: string;
  /** The labs that do not work without it; none: optional. */
  readonly labs: readonly LabKind[];
  /** Steps need it, the lab itself starts without. */
  readonly forSteps?: true;
  /** Programs that must be there, each with the Debian package that brings it. */
  readonly programs: Readonly<Record<string, string>>;
  /** What is still to be seen once the programs are there. Changes nothing on the machine. */
  readonly probe?: () => Promise<Probe>;
  /** True when `probe` starts a process: too slow for the start of every run. */
  readonly slow?: true;
}

const both: readonly LabKind[] = ['sandbox', 'docker'];
const dockerOnly: readonly LabKind[] = ['docker'];

/** Every capability there is, in the order in which a reader would look for what is wrong. */
export const capabilities: readonly Capability[] = [
  {
    name: 'node',
    what: 'Node.js 20.19 or newer',
    why: 'run netlab itself',
    labs: both,
    programs: {},
    probe: probeNode,
  },
  {
    name: 'bash',
    what: 'bash, hostname, mktemp',
    why: 'run the steps',
    labs: both,
    programs: { bash: 'bash', hostname: 'hostname', mktemp: 'coreutils' },
  },
  {
    name: 'util-linux',
    what: 'unshare, nsenter, setpriv, script, mount',
    why: 'make nodes and enter them',
    labs: both,
    programs: {
      unshare: 'util-linux',
      nsenter: 'util-linux',
      setpriv: 'util-linux',
      script: 'bsdutils',
      mount: 'mount',
      pivot_root: 'util-linux',
    },
  },
  {
    name: 'namespaces',
    what: 'namespaces of network, mounts, processes',
    why: 'keep a lab apart from the machine',
    labs: both,
    programs: { unshare: 'util-linux', mount: 'mount' },
    probe: probeNamespaces,
    slow: true,
  },
  {
    name: 'overlayfs',
    what: 'overlay mounts',
    why: 'throw away what a lab writes',
    labs: both,
    programs: { unshare: 'util-linux', mount: 'mount' },
    probe: probeOverlay,
    slow: true,
  },
  {
    name: 'iproute2',
    what: 'ip, tc',
    why: 'make the links and addresses of nodes',
    labs: both,
    programs: { ip: 'iproute2', tc: 'iproute2' },
  },
  kernelLink('veth', 'virtual Ethernet pairs', 'join nodes', both, 'ip link add one type veth peer name two'),
  {
    name: 'ping',
    what: 'ping',
    why: 'run the first command of every network runbook',
    labs: both,
    forSteps: true,
    programs: { ping: 'iputils-ping' },
  },
  {
    name: 'ifconfig',
    what: 'ifconfig, route, arp, netstat',
    why: 'run runbooks that were written with them',
    labs: both,
    forSteps: true,
    programs: { ifconfig: 'net-tools', route: 'net-tools', arp: 'net-tools', netstat: 'net-tools' },
  },
  {
    name: 'procps',
    what: 'ps, pgrep, sysctl',
    why: 'look at processes and kernel parameters in steps',
    labs: both,
    forSteps: true,
    programs: { ps: 'procps', pgrep: 'procps', sysctl: 'procps' },
  },
  {
    name: 'root',
    what: 'the rights of root',
    why: 'start a private Docker Engine',
    labs: dockerOnly,
    programs: {},
    probe: probeRoot,
  },
  {
    name: 'cgroups',
    what: 'control groups, writable',
    why: 'start containers, and limit a lab',
    labs: dockerOnly,
    programs: {},
    probe: probeCgroups,
  },
  {
    name: 'limits',
    what: 'limits of memory, processes and processors',
    why: 'stop what would eat the machine',
    labs: [],
    programs: {},
    probe: probeLimits,
  },
  kernelLink(
    'bridge',
    'Ethernet bridges',
    'docker0, and lab nodes of that kind',
    dockerOnly,
    'ip link add one type bridge',
  ),
  {
    name: 'docker',
    what: 'dockerd, containerd, runc, docker',
    why: 'be the private Docker Engine of a node',
    labs: dockerOnly,
    programs: {
      dockerd: 'docker.io',
      containerd: 'docker.io',
      'containerd-shim-runc-v2': 'docker.io',
      runc: 'docker.io',
      docker: 'docker.io',
    },
  },
  {
    name: 'iptables',
    what: 'iptables, with a nat table',
    why: 'take the rules of the Docker Engine',
    labs: dockerOnly,
    programs: { iptables: 'iptables' },
    probe: () =>
      tryInNamespaces(
        'mount -n -t tmpfs tmpfs /run; iptables -t nat -nL',
        'nat table',
        'needs a kernel with nf_tables or ip_tables, and NAT',
      ),
    slow: true,
  },
  {
    name: 'busybox',
    what: 'a busybox without shared libraries',
    why: 'become the image busybox:latest where no registry answers',
    labs: dockerOnly,
    forSteps: true,
    programs: {},
    probe: probeBusybox,
  },
  {
    name: 'dnsmasq',
    what: 'dnsmasq',
    why: 'answer names on nodes of kind dns',
    labs: dockerOnly,
    forSteps: true,
    programs: { dnsmasq: 'dnsmasq-base' },
  },
  {
    name: 'ipv6',
    what: 'IPv6',
    why: 'run runbooks about it',
    labs: [],
    programs: { ip: 'iproute2' },
    probe: () =>
      tryInNamespaces('ip -6 address add fd00::1/64 dev lo', 'in a lab', 'needs a kernel with IPv6, not disabled'),
    slow: true,
  },
  kernelLink(
    'vxlan',
    'VXLAN tunnels',
    'carry overlay networks of several Docker Engines',
    [],
    'ip link add one type vxlan id 1 dstport 4789',
  ),
  {
    name: 'netem',
    what: 'network emulation',
    why: 'delay and lose packets on links',
    labs: [],
    programs: { ip: 'iproute2', tc: 'iproute2' },
    probe: () =>
      tryInNamespaces(
        'tc qdisc add dev lo root netem delay 1ms',
        'in this kernel',
        'needs a kernel with CONFIG_NET_SCH_NETEM',
      ),
    slow: true,
  },
  {
    name: 'tun',
    what: 'tun and tap devices',
    why: 'let programs make tunnels',
    labs: [],
    programs: { ip: 'iproute2' },
    probe: () => tryInNamespaces('ip tuntap add one mode tun', 'in this kernel', 'needs /dev/net/tun (modprobe tun)'),
    slow: true,
  },
  {
    name: 'openvswitch',
    what: 'Open vSwitch',
    why: 'be the nodes of kind ovs-bridge',
    labs: ['docker'],
    forSteps: true,
    programs: {
      'ovs-vswitchd': 'openvswitch-switch',
      'ovsdb-server': 'openvswitch-switch',
      'ovs-vsctl': 'openvswitch-switch',
    },
  },
  {
    name: 'tcpdump',
    what: 'tcpdump',
    why: 'look at packets',
    labs: ['docker'],
    forSteps: true,
    programs: { tcpdump: 'tcpdump' },
  },
  {
    name: 'skopeo',
    what: 'skopeo',
    why: 'copy images from a registry without a Docker Engine',
    labs: [],
    programs: { skopeo: 'skopeo' },
  },
];

/** A kind of link that the kernel has or has not. */
function kernelLink(name: string, what: string, why: string, labs: readonly LabKind[], command: string): Capability {
  const probe = (): Promise<Probe> =>
    tryInNamespaces(command, 'in this kernel', `needs a kernel with ${name} (modprobe ${name})`);
  return {
    name,
    what,
    why,
    labs,
    programs: { ip: 'iproute2', unshare: 'util-linux' },
    probe,
    slow: true,
  };
}

async function probeNode(): Promise<Probe> {
  const { node } = process.versions;
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const newEnough = major > 20 || (major === 20 && minor >= 19);
  if (newEnough) return { found: true, detail: node };
  return { found: false, reason: `this is ${node}`, remedy: 'install Node.js 20.19 or newer' };
}

async function probeRoot(): Promise<Probe> {
  if (isRoot()) return { found: true, detail: 'uid 0' };
  return { found: false, reason: 'this is an ordinary user', remedy: 'run as root' };
}
