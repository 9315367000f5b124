import { CheckProblem } from '../problem.ts';
import { inEnglish, inNetworks, lastLine, quote } from './script.ts';
import type { Resource } from './types.ts';

/** How long a connection is waited for, in milliseconds: goss's own. */
const defaultMs = 500;

/** What a kernel says of an address that cannot be reached, as opposed to a question that cannot be asked. */
const refusals = /Connection refused|No route to host|Network is unreachable|Connection timed out|Connection reset/;

/** An address and port to which a connection can be made. */
export const addr: Resource = {
  key: 'addr',
  summary: 'an address to which a connection can be made: `tcp://10.0.0.2:80`',
  fields: ['reachable'],
  options: { timeout: 'ms', ...inNetworks },
  wrongName: (name) => (target(name) ? undefined : 'an address such as tcp://10.0.0.2:80 (udp has no connections)'),
  request({ name, options }) {
    const { host, port } = target(name) ?? fail(name);
    const ms = Number(options['timeout'] ?? defaultMs);
    // The shell's own client: its status alone would not tell a refusal from a name that is not known.
    const connect = `exec 3<>${quote(`/dev/tcp/${host}/${port}`)}`;
    const lines = [`timeout -k 1 ${ms / 1000} bash -c ${quote(connect)}`, 'echo "status $?"'];
    return { script: `${inEnglish}${lines.join('\n')}`, timeoutMs: ms + 5000 };
  },
  read(answer, { options }) {
    const status = /^status (\d+)$/m.exec(answer.stdout)?.[1];
    const refusal = refusals.exec(answer.stderr)?.[0];
    if (status === '0') return { fields: { reachable: true } };
    if (status === '124')
      return { fields: { reachable: false }, note: `no answer within ${options['timeout'] ?? defaultMs} ms` };
    if (status === '1' && refusal) return { fields: { reachable: false }, note: refusal };
    throw new CheckProblem(`cannot be probed: ${lastLine(answer.stderr) ?? `status ${status}`}`);
  },
};

function target(name: string): { readonly host: string; readonly port: string } | undefined {
  const [, host = '', port] = /^tcp:\/\/(\[[\da-fA-F:.]+\]|[\w.-]+):(\d{1,5})$/.exec(name) ?? [];
  return port === undefined ? undefined : { host: host.replace(/[[\]]/g, ''), port };
}

function fail(name: string): never {
  throw new CheckProblem(`${name} is no address such as tcp://10.0.0.2:80`);
}
