import { LabError } from '../errors.ts';
import type { DnsRecord, NodeSpec } from '../runbook/types.ts';

/** What PID 1 of a node starts and watches. */
export interface Service {
  readonly name: string;
  /** One shell command line without newlines. */
  readonly command: string;
}

const dnsmasq =
  'dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --user=root --log-queries --no-round-robin';
const timeToLive = 3600;

/**
 * A `dns` node, as the Internet has it: a server that owns the records, and in front of it the resolver that people ask.
 * Answers from the resolver's cache are non-authoritative. Whoever asks for another name is told that there is none.
 */
export function dnsServices(node: NodeSpec): Service[] {
  const records = Object.entries(node.records).flatMap(([name, record]) => recordOptions(name, record));
  const server = [
    '--port=5353 --listen-address=127.0.0.1 --bind-interfaces',
    `--local=/#/ --local-ttl=${timeToLive} --host-record=${probeName},127.0.0.1`,
  ];
  return [
    { name: 'records', command: [dnsmasq, ...server, ...records].join(' ') },
    { name: 'resolver', command: `${dnsmasq} --server=127.0.0.1#5353 --neg-ttl=${timeToLive}` },
  ];
}

/** Names come from the document: quoted, they are words of the command line whatever they hold. */
function recordOptions(name: string, { A = [], AAAA = [], CNAME }: DnsRecord): string[] {
  const options = [
    ...(CNAME === undefined ? [] : [`--cname=${name},${CNAME}`]),
    ...[...A, ...AAAA].map((address) => `--host-record=${name},${address}`),
  ];
  return options.map((option) => `'${option.replaceAll("'", "'\\''")}'`);
}

/** A name of the engine's own: whatever the document's records are, this one has an answer. */
const probeName = 'ready.netlab.invalid';

const script = [
  `n=0; until getent hosts ${probeName} || [ $n = 400 ]; do n=$((n + 1)); sleep 0.02; done`,
  'for name; do getent hosts "$name"; getent ahostsv4 "$name"; getent ahostsv6 "$name"; done',
  `getent hosts ${probeName}`,
].join('; ');

/**
 * Waits for the resolver and has it ask for every name once: what it merely passes on keeps the server's authority bit.
 * `enter` turns a command into one on the node.
 */
export async function warmResolver(
  node: NodeSpec,
  enter: (argv: readonly string[]) => string[],
  signal: AbortSignal,
): Promise<void> {
  const [file = 'sh', ...args] = enter(['timeout', '15', 'sh', '-c', script, 'sh', ...Object.keys(node.records)]);
  const { execa } = await import('execa');
  const asking = execa(file, args, { reject: false, stdio: 'ignore', detached: true });
  // Never killed, but left to go with the lab: what nsenter has started would fall to the machine's first process, and where
  // that one reaps nothing, as in many a container, the lab's namespaces would never end.
  const { failed } = await Promise.race([asking, stopped(signal)]);
  if (failed) throw new LabError(`the resolver on ${node.name} does not answer`);
}

/** Never resolves. Rejects when the signal says so. */
function stopped(signal: AbortSignal): Promise<never> {
  signal.throwIfAborted();
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}
