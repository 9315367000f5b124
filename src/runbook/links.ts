import { isIPv4, isIPv6 } from 'node:net';
import { suggestion } from './did-you-mean.ts';
import type { LinkInput } from './lab-schema.ts';
import type { LabReading } from './lab-spec.ts';
import type { Problems } from './problems.ts';
import { spanOf } from './source-text.ts';
import type { Endpoint, LinkSpec, NodeSpec } from './types.ts';

const MAX_INTERFACE_LENGTH = 15;

/** What the links before have taken. */
interface Taken {
  readonly ends: Set<string>;
  readonly addresses: Map<string, string>;
  /** The networks that each node is in. */
  readonly networks: Map<string, Network[]>;
}

/** A network, and the interface that is in it. */
interface Network {
  readonly address: string;
  /** What the addresses of the network begin with, bit by bit, after their family. */
  readonly prefix: string;
  readonly owner: string;
}

/** Reads the links of a lab; what cannot be cabled like that is reported at its place, and left out. */
export function readLinks(inputs: readonly LinkInput[], nodes: readonly NodeSpec[], reading: LabReading): LinkSpec[] {
  const taken: Taken = { ends: new Set(), addresses: new Map(), networks: new Map() };
  return inputs.flatMap((input, index) => readLink(input, index, nodes, taken, reading) ?? []);
}

function readLink(
  input: LinkInput,
  index: number,
  nodes: readonly NodeSpec[],
  taken: Taken,
  reading: LabReading,
): LinkSpec | undefined {
  const { yaml, problems } = reading;
  const path = ['lab', 'links', index];
  const at = yaml.valueAt(path);
  const read = input.endpoints.map((written, side) => {
    return readEndpoint(written, yaml.valueAt([...path, 'endpoints', side]), nodes, taken, reading);
  });
  const addresses = [...(input.addresses ?? [])];
  const macs = [...(input.macs ?? [])];
  const withAddresses = read.map((end): Endpoint | undefined => {
    if (end === undefined || end.isBridge) return end?.endpoint;
    const position = (input.addresses?.length ?? 0) - addresses.length;
    const address = addresses.shift();
    if (address !== undefined) {
      const place = yaml.valueAt([...path, 'addresses', position]);
      checkAddress(address, end.isDocker, `${end.endpoint.node}:${end.endpoint.interface}`, place, taken, reading);
    }
    return { ...end.endpoint, address, mac: macs.shift() };
  });
  const [a, b] = withAddresses;
  if (a === undefined || b === undefined) return undefined;
  if (addresses.length > 0) {
    const place = yaml.valueAt([...path, 'addresses', (input.addresses?.length ?? 0) - addresses.length]);
    const hint = 'Give one address for each end that is no bridge, in their order.';
    problems.error('too-many-addresses', place, 'this link has more addresses than ends that take one', hint);
  }
  const { mtu, delay, loss, rate } = input;
  const impairment = {
    ...(delay !== undefined && { delay }),
    ...(loss !== undefined && { loss }),
    ...(rate !== undefined && { rate }),
  };
  return {
    endpoints: [a, b],
    mtu,
    impairment: Object.keys(impairment).length > 0 ? impairment : undefined,
    span: spanOf(problems.text, at, at),
  };
}

interface ReadEndpoint {
  readonly endpoint: Endpoint;
  readonly isBridge: boolean;
  readonly isDocker: boolean;
}

function readEndpoint(
  written: string,
  at: number,
  nodes: readonly NodeSpec[],
  { ends }: Taken,
  { problems }: LabReading,
): ReadEndpoint | undefined {
  const [name = '', port, ...rest] = written.split(':');
  const node = nodes.find((each) => each.name === name);
  if (node === undefined) {
    const known = nodes.map((each) => each.name);
    problems.error('unknown-node', at, `the lab has no node "${name}"`, suggestion(name, known));
    return undefined;
  }
  const isBridge = node.kind.endsWith('bridge');
  const endpoint = {
    node: name,
    interface: node.kind === 'bridge' ? undefined : port,
    address: undefined,
    mac: undefined,
  };
  if (isBridge && port === undefined) return { endpoint, isBridge, isDocker: false };
  if (port === undefined || port === '' || rest.length > 0) {
    const message = `"${written}" is no end of a link`;
    problems.error('bad-endpoint', at, message, `Write node:interface, such as "${name}:eth0".`);
    return undefined;
  }
  if (port.length > MAX_INTERFACE_LENGTH || !/^[\w.-]+$/.test(port) || /^\.\.?$/.test(port) || port === 'lo') {
    const long = port.length > MAX_INTERFACE_LENGTH ? ` of ${port.length} characters; Linux takes 15` : '';
    const message = `an interface cannot be named "${port}"${long}`;
    problems.error('bad-interface-name', at, message, 'Use a short name of letters and digits, such as eth0.');
    return undefined;
  }
  if (ends.has(written)) {
    const message = `"${written}" is the end of another link already`;
    problems.error('duplicate-endpoint', at, message, 'Give each link an interface of its own.');
    return undefined;
  }
  ends.add(written);
  return { endpoint, isBridge, isDocker: node.kind === 'docker' };
}

function checkAddress(
  written: string,
  isDocker: boolean,
  owner: string,
  at: number,
  { addresses, networks }: Taken,
  { problems }: LabReading,
): void {
  const [address = '', length = '', ...rest] = written.split('/');
  const bits = isIPv4(address) ? 32 : isIPv6(address) && !address.includes('%') ? 128 : undefined;
  if (bits === undefined || !/^\d{1,3}$/.test(length) || Number(length) > bits || rest.length > 0) {
    const hint = 'Write the address and the length of its network, such as 192.168.50.11/24.';
    problems.error('bad-cidr', at, `"${written}" is no address in CIDR notation`, hint);
    return;
  }
  if (isDocker && address.startsWith('172.17.')) {
    const message = `${address} is in 172.17.0.0/16, which is docker0's on a docker node`;
    problems.error('docker-address', at, message, 'Choose an address outside of 172.17.0.0/16.');
  }
  // One address can be written in several ways in IPv6; a URL's host has just one.
  const same = bits === 32 ? address : new URL(`http://[${address}]`).hostname.slice(1, -1);
  const prefix = (bits === 32 ? bitsOf4(same) : bitsOf6(same)).slice(0, 1 + Number(length));
  checkOverlap({ address, prefix, owner }, at, networks, problems);
  const other = addresses.get(same);
  if (other !== undefined) {
    const hint = 'Give each end an address of its own.';
    problems.error('duplicate-address', at, `${address} is the address of ${other} already`, hint);
  }
  addresses.set(same, owner);
}

/** Two interfaces of one node in one network: the kernel would send by either of them. */
function checkOverlap(network: Network, at: number, networks: Taken['networks'], problems: Problems): void {
  const [node = ''] = network.owner.split(':');
  const others = networks.get(node) ?? [];
  networks.set(node, others);
  const other = others.find(({ prefix }) => prefix.startsWith(network.prefix) || network.prefix.startsWith(prefix));
  others.push(network);
  // The same address twice is told as that.
  if (other === undefined || other.address === network.address) return;
  const message = `${network.owner} and ${other.owner} are in overlapping networks of one node`;
  problems.error('overlapping-networks', at, message, 'Give each interface of a node a network of its own.');
}

function bitsOf4(address: string): string {
  return `4${address
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('')}`;
}

/** Of an address in its shortest form, in which `::` stands for at least two groups of zeros. */
function bitsOf6(address: string): string {
  const [before = [], after = []] = address.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const groups = [...before, ...zeros, ...after];
  return `6${groups.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('')}`;
}
