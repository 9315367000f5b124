// Its namespace, here and elsewhere: of `{ z }` the build would keep every language that zod speaks.
import * as z from 'zod';
import { SIZE_PATTERN } from './quantities.ts';
import type { NodeKind } from './types.ts';

/** A `lab` of the right form, its topology not yet checked. */
export type LabInput = 'none' | 'sandbox' | 'docker' | LabMapping;

export interface LabMapping {
  readonly nodes?: Readonly<Record<string, NodeInput | null>> | undefined;
  readonly links?: readonly LinkInput[] | undefined;
  readonly network?: 'closed' | 'host' | undefined;
  readonly limits?: LimitsInput | undefined;
}

export interface NodeInput {
  readonly kind: NodeKind;
  readonly images?: readonly (string | { readonly name: string; readonly build?: string | undefined })[] | undefined;
  readonly records?: Readonly<Record<string, RecordInput>> | undefined;
  readonly dns?:
    | { readonly servers?: readonly string[] | undefined; readonly search?: readonly string[] | undefined }
    | undefined;
  readonly routes?: readonly string[] | undefined;
  readonly nat?: readonly string[] | undefined;
  readonly openvswitch?: boolean | undefined;
}

export type RecordInput =
  | string
  | {
      readonly A?: string | readonly string[] | undefined;
      readonly AAAA?: string | readonly string[] | undefined;
      readonly CNAME?: string | undefined;
    };

export interface LinkInput {
  readonly endpoints: readonly string[];
  readonly addresses?: readonly string[] | undefined;
  readonly macs?: readonly string[] | undefined;
  readonly mtu?: number | undefined;
  readonly delay?: string | undefined;
  readonly loss?: string | undefined;
  readonly rate?: string | undefined;
}

export interface LimitsInput {
  readonly memory?: number | string | undefined;
  readonly disk?: number | string | undefined;
  readonly pids?: number | undefined;
  readonly cpu?: number | undefined;
}

const dnsRecord = z.union([
  z.string().describe('An address: short for { A: … } or { AAAA: … }.'),
  z.strictObject({
    A: z.union([z.string(), z.array(z.string())]).optional(),
    AAAA: z.union([z.string(), z.array(z.string())]).optional(),
    CNAME: z.string().optional(),
  }),
]);

const node = z.strictObject({
  kind: z
    .enum(['host', 'docker', 'router', 'bridge', 'ovs-bridge', 'dns'])
    .default('host')
    .describe(
      'docker: a host with its own Docker Engine. router: forwards, and masquerades. ovs-bridge: Open vSwitch.',
    ),
  images: z
    .array(z.union([z.string(), z.strictObject({ name: z.string(), build: z.string().optional() })]))
    .optional()
    .describe('Images to have in a docker node: name:tag, or a name and a folder with a Dockerfile.'),
  records: z.record(z.string(), dnsRecord).optional().describe('What a dns node answers, by name.'),
  dns: z
    .strictObject({ servers: z.array(z.string()).optional(), search: z.array(z.string()).optional() })
    .optional()
    .describe("What the node's own resolv.conf says."),
  routes: z
    .array(z.string().regex(/^[\w.:/ -]+$/, 'a route is written as for ip route add: default via 10.0.0.1'))
    .optional()
    .describe('As ip route add takes them.'),
  nat: z
    .array(z.string().regex(/^[\w.-]{1,15}$/))
    .optional()
    .describe('router: masquerade what leaves by these.'),
  openvswitch: z.boolean().optional().describe('Open vSwitch runs on this host.'),
});

const link = z.strictObject({
  endpoints: z.array(z.string()).length(2).describe('Two of node:interface, or the name of a bridge.'),
  addresses: z
    .array(z.string())
    .max(2)
    .optional()
    .describe('In CIDR notation, in the order of the ends that are no bridges.'),
  macs: z
    .array(z.string().regex(/^[\da-fA-F]{2}(?::[\da-fA-F]{2}){5}$/, 'a MAC address is six pairs of hexadecimal digits'))
    .max(2)
    .optional()
    .describe('MAC addresses, in the same order.'),
  mtu: z.int().min(68).max(65535).optional(),
  delay: z
    .string()
    .regex(/^\d+(?:\.\d+)?(?:us|ms|s)$/, 'a delay is written as 5ms')
    .optional(),
  loss: z
    .string()
    .regex(/^\d+(?:\.\d+)?%$/, 'a loss is written as 1%')
    .optional(),
  rate: z
    .string()
    .regex(/^\d+(?:\.\d+)?[kmg]?bit$/, 'a rate is written as 10mbit')
    .optional(),
});

const size = z.union([
  z.int().positive(),
  z.string().regex(SIZE_PATTERN, 'a size is a number of bytes, or such as 512MiB'),
]);

const labMapping = z.strictObject({
  nodes: z.record(z.string(), node.nullable()).optional(),
  links: z.array(link).optional(),
  network: z.enum(['closed', 'host']).optional().describe('host: the steps may use the network of the machine.'),
  limits: z
    .strictObject({
      memory: size.optional(),
      disk: size.optional(),
      pids: z.int().positive().optional(),
      cpu: z.number().positive().optional(),
    })
    .optional()
    .describe('What the lab may use at most.'),
});

/** What `lab` may be in the front matter: a shorthand, or nodes and the links between them. */
export const labSchema: z.ZodType<LabInput> = z.union([z.enum(['none', 'sandbox', 'docker']), labMapping]);
