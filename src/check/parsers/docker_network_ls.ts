import { readDockerTable } from './docker_table.ts';
import type { Parser } from './types.ts';

const fields = {
  'NETWORK ID': 'ID',
  NAME: 'Name',
  DRIVER: 'Driver',
  SCOPE: 'Scope',
  IPV6: 'IPv6',
  INTERNAL: 'Internal',
  LABELS: 'Labels',
  'CREATED AT': 'CreatedAt',
};

/** `docker network ls`: a table (header alone: an empty list) or `--format json`. */
export const dockerNetworkLs: Parser = {
  kind: 'docker_network_ls',
  parse(text: string): readonly Record<string, unknown>[] {
    const required = ['ID', 'Name', 'Driver'];
    return readDockerTable('docker_network_ls', text, { fields, identity: 'NAME', required });
  },
};
