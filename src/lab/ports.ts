import type { Endpoint, LabSpec } from '../runbook/types.ts';

/** A switch's ports have names of the engine's where the document gives none. */
export function portName(endpoint: Endpoint, index: number, side: number): string {
  return endpoint.interface ?? `port${index}.${side}`;
}

/** The ports of an `ovs-bridge` node, by the names that the engine gave them. */
export function portsOf(lab: LabSpec, name: string): string[] {
  return lab.links.flatMap((link, index) =>
    link.endpoints.flatMap((endpoint, side) => (endpoint.node === name ? [portName(endpoint, index, side)] : [])),
  );
}
