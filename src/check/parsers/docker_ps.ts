import { readDockerTable } from './docker_table.ts';
import type { Parser } from './types.ts';

const fields = {
  'CONTAINER ID': 'ID',
  IMAGE: 'Image',
  COMMAND: 'Command',
  CREATED: 'RunningFor',
  'CREATED AT': 'CreatedAt',
  STATUS: 'Status',
  STATE: 'State',
  PORTS: 'Ports',
  NAMES: 'Names',
  SIZE: 'Size',
  LABELS: 'Labels',
  MOUNTS: 'Mounts',
  NETWORKS: 'Networks',
  'LOCAL VOLUMES': 'LocalVolumes',
};

/** `docker ps`: a table (header alone: an empty list) or `--format json`. The names are those of `--format json`. */
export const dockerPs: Parser = {
  kind: 'docker_ps',
  parse(text: string): readonly Record<string, unknown>[] {
    const required = ['ID', 'Names', 'Image'];
    return readDockerTable('docker_ps', text, {
      fields,
      identity: /CONTAINER ID/.test(text) ? 'CONTAINER ID' : 'NAMES',
      required,
    });
  },
};
