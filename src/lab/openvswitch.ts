import type { Service } from './dns.ts';

const socket = '/run/openvswitch/db.sock';
const database = '/etc/openvswitch/conf.db';

/**
 * Open vSwitch on a node, in the node's own /run: its database, then the switch, which waits for it. Without a kernel
 * module for it a bridge needs `datapath_type=netdev`.
 */
export const openvswitchServices: readonly Service[] = [
  {
    name: 'ovsdb',
    command: shell(
      'mkdir -p /run/openvswitch /etc/openvswitch',
      `rm -f ${database}`,
      `ovsdb-tool create ${database} /usr/share/openvswitch/vswitch.ovsschema`,
      `exec ovsdb-server ${database} --remote=punix:${socket} --no-chdir --pidfile`,
    ),
  },
  {
    name: 'ovs-vswitchd',
    command: shell(
      `until [ -S ${socket} ]; do sleep 0.02; done`,
      'ovs-vsctl --no-wait init',
      `exec ovs-vswitchd unix:${socket} --no-chdir --pidfile`,
    ),
  },
];

/** Waits for the database, which commands do not: without it they fail. For the switch itself they wait. */
export const switchReady: string = `until [ -S ${socket} ] && ovs-vsctl --timeout=5 show >/dev/null; do sleep 0.02; done`;

/** The switch of an `ovs-bridge` node, named as the node, once its ports are there. */
export function switchCommands(name: string, ports: readonly string[]): string {
  const add = ports.map((port) => `-- add-port ${name} ${port}`).join(' ');
  return `until ovs-vsctl --timeout=5 add-br ${name} -- set bridge ${name} datapath_type=netdev ${add}; do sleep 0.02; done`;
}

function shell(...commands: readonly string[]): string {
  return `sh -c '${commands.join(' && ')}'`;
}
