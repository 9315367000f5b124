import { isIPv4, isIPv6 } from 'node:net';
import { readRecords } from './dns-records.ts';
import type { LabInput, LabMapping, LimitsInput, NodeInput } from './lab-schema.ts';
import { readLinks } from './links.ts';
import type { Problems } from './problems.ts';
import { parseSize } from './quantities.ts';
import { spanOf } from './source-text.ts';
import type { LabSpec, Limits, NodeSpec, Span } from './types.ts';
import type { YamlBlock } from './yaml-block.ts';

const GIB = 1024 ** 3;

/** What a lab may use when its runbook does not say: more than any lesson meets. */
const DEFAULT_LIMITS: Limits = { pids: 4096, memory: 4 * GIB, disk: 4 * GIB, cpu: undefined };

/** The node of a lab that names none, and the image that its Docker Engine has. */
const DEFAULT_NODE = 'node1';
const DEFAULT_IMAGE = 'busybox:latest';

/** The longest name that Linux gives an interface; a bridge is one. */
const MAX_INTERFACE_LENGTH = 15;

/** Where and to whom findings about a lab are told. */
export interface LabReading {
  readonly yaml: YamlBlock;
  readonly problems: Problems;
}

/** The lab of a runbook that names none: one host without a route to anywhere. */
export function sandboxLab({ text }: Problems): LabSpec {
  return oneNode('host', spanOf(text, 0, 0));
}

/** A lab as the front matter has it, made whole: shorthands and defaults filled in, a wrong topology reported. */
export function normaliseLab(input: LabInput, yaml: YamlBlock, problems: Problems): LabSpec {
  const reading = { yaml, problems };
  const at = yaml.valueAt(['lab']);
  const span = spanOf(problems.text, at, at);
  if (input === 'none') return { ...oneNode('host', span), kind: 'none', nodes: [] };
  if (typeof input === 'string') return oneNode(input === 'docker' ? 'docker' : 'host', span);
  const nodes = input.nodes === undefined ? oneNode('host', span).nodes : readNodes(input.nodes, reading);
  if (!nodes.some(canRun)) {
    const hint = 'Add a node of kind host or docker for the steps to run on.';
    problems.error('no-node', yaml.keyAt(['lab', 'nodes']), 'no node of this lab can run commands', hint);
  }
  const links = readLinks(input.links ?? [], nodes, reading);
  return { kind: 'nodes', nodes, links, network: input.network ?? 'closed', limits: readLimits(input.limits, reading) };
}

/** Where steps run that name no node: the first that is there for it, not a server or a switch of others. */
export function defaultNode({ nodes }: LabSpec): NodeSpec | undefined {
  return nodes.find(({ kind }) => kind === 'host' || kind === 'docker' || kind === 'router') ?? nodes.find(canRun);
}

/** Whether steps can run on a node. */
function canRun({ kind }: NodeSpec): boolean {
  return kind !== 'bridge';
}

function oneNode(kind: 'host' | 'docker', span: Span): LabSpec {
  const images = kind === 'docker' ? [{ name: DEFAULT_IMAGE, build: undefined }] : [];
  const node: NodeSpec = {
    name: DEFAULT_NODE,
    kind,
    images,
    records: {},
    dns: undefined,
    routes: [],
    nat: [],
    openvswitch: false,
    span,
  };
  return { kind: 'nodes', nodes: [node], links: [], network: 'closed', limits: DEFAULT_LIMITS };
}

function readNodes(nodes: NonNullable<LabMapping['nodes']>, reading: LabReading): NodeSpec[] {
  return Object.entries(nodes).map(([name, input]) => readNode(name, input ?? { kind: 'host' }, reading));
}

function readNode(name: string, input: NodeInput, { yaml, problems }: LabReading): NodeSpec {
  const path = ['lab', 'nodes', name];
  const at = yaml.keyAt(path);
  if (!/^[A-Za-z\d](?:[\w.-]{0,61}[A-Za-z\d])?$/.test(name)) {
    const hint = 'Use letters, digits, "-", "_" and ".", at most 63 of them.';
    problems.error('bad-node-name', at, `"${name.slice(0, 70)}" cannot be the name of a node`, hint);
  }
  if (input.kind.endsWith('bridge') && name.length > MAX_INTERFACE_LENGTH) {
    problems.error(
      'bad-node-name',
      at,
      `the bridge "${name}" has a name of over 15 characters`,
      'Give it a shorter one.',
    );
  }
  const only = (
    key: 'images' | 'records' | 'dns' | 'routes' | 'nat' | 'openvswitch',
    kinds: readonly string[],
  ): void => {
    if (input[key] === undefined || kinds.includes(input.kind)) return;
    const hint = `Only nodes of kind ${kinds.join(' or ')} have "${key}".`;
    problems.error('misplaced-key', yaml.keyAt([...path, key]), `a ${input.kind} node has no "${key}"`, hint);
  };
  only('images', ['docker']);
  only('records', ['dns']);
  only('dns', ['host', 'docker', 'router']);
  only('routes', ['host', 'docker', 'router', 'ovs-bridge', 'dns']);
  only('nat', ['router']);
  only('openvswitch', ['host', 'docker', 'router']);
  const defaultImages = input.kind === 'docker' ? [DEFAULT_IMAGE] : [];
  const images = (input.images ?? defaultImages).map((image) =>
    typeof image === 'string' ? { name: image, build: undefined } : { name: image.name, build: image.build },
  );
  for (const [index, server] of (input.dns?.servers ?? []).entries()) {
    const place = yaml.valueAt([...path, 'dns', 'servers', index]);
    if (!isIPv4(server) && !isIPv6(server)) {
      problems.error(
        'bad-address',
        place,
        `the DNS server "${server}" is no address`,
        'Write its IPv4 or IPv6 address.',
      );
    }
  }
  const dns = input.dns && { servers: input.dns.servers ?? [], search: input.dns.search ?? [] };
  const span = spanOf(problems.text, at, at + name.length);
  return {
    name,
    kind: input.kind,
    images,
    records: readRecords(input.records ?? {}, name, { yaml, problems }),
    dns,
    routes: input.routes ?? [],
    nat: input.nat ?? [],
    openvswitch: input.kind === 'ovs-bridge' || (input.openvswitch ?? false),
    span,
  };
}

function readLimits(input: LimitsInput | undefined, { yaml, problems }: LabReading): Limits {
  const bytes = (key: 'memory' | 'disk'): number => {
    const written = input?.[key];
    const parsed = typeof written === 'string' ? parseSize(written) : written;
    if (written !== undefined && parsed === undefined) {
      const at = yaml.valueAt(['lab', 'limits', key]);
      problems.error(
        'bad-front-matter',
        at,
        `lab.limits.${key}: "${written}" is no size`,
        'Write such as 512MiB or 2GiB.',
      );
    }
    return parsed ?? DEFAULT_LIMITS[key];
  };
  return { pids: input?.pids ?? DEFAULT_LIMITS.pids, memory: bytes('memory'), disk: bytes('disk'), cpu: input?.cpu };
}
