import { isMapping } from '../comparison.ts';
import { nslookup } from '../parsers/nslookup.ts';
import { CheckProblem } from '../problem.ts';
import { inEnglish, inNetworks, lastLine, quote } from './script.ts';
import type { Resource, State } from './types.ts';

/** How long an answer is waited for, in milliseconds. */
const defaultMs = 2000;

const types = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SRV', 'TXT'];

/** A name that can be resolved: as programs of the node do, or by asking one server. */
export const dns: Resource = {
  key: 'dns',
  summary: 'a name that can be resolved; with `server`, also `CNAME:www.example.com` and the like',
  fields: ['resolvable', 'addrs', 'status'],
  options: { server: 'text', timeout: 'ms', netns: inNetworks.netns },
  wrongName: (name) =>
    /^([A-Z]+:)?[\w.-]+$/.test(name) && typeOf(name)
      ? undefined
      : `a name, or one of ${types.join(', ')} before a colon`,
  request({ name, options }) {
    const ms = Number(options['timeout'] ?? defaultMs);
    const seconds = ms / 1000;
    const host = quote(hostOf(name));
    if (options['server'] === undefined) {
      if (name.includes(':'))
        throw new CheckProblem('a type of record needs the server to ask: write server: 10.0.0.53');
      return { script: `${inEnglish}timeout ${seconds} getent ahosts ${host}; echo "status $?"`, timeoutMs: ms + 3000 };
    }
    const server = quote(String(options['server']));
    const type = name.includes(':') ? `-type=${typeOf(name)?.toLowerCase()} ` : '';
    const lines = [
      'nslookup=$(command -v nslookup) || nslookup="$(command -v busybox) nslookup" || {',
      '  echo "needs nslookup or busybox to ask a server" >&2; exit 127; }',
      `timeout ${seconds} $nslookup ${type}${host} ${server} 2>&1; echo "status $?"`,
    ];
    return { script: `${inEnglish}${lines.join('\n')}`, timeoutMs: ms + 3000 };
  },
  read({ stdout, stderr, exit }, { options }) {
    const [, text = '', status] = /^([\s\S]*\n)?status (\d+)\n$/.exec(stdout) ?? [];
    if (exit !== 0 || status === undefined || status === '127') {
      throw new CheckProblem(`cannot be probed: ${lastLine(stderr) ?? `status ${exit}`}`);
    }
    if (status === '124') {
      return unanswered(`no answer within ${options['timeout'] ?? defaultMs} ms`);
    }
    return options['server'] === undefined ? fromSystem(text, status) : fromServer(text);
  },
};

/** getent(1): 2 is "not found"; anything else but 0 is a fault of the question. */
function fromSystem(text: string, status: string): State {
  if (status !== '0' && status !== '2') throw new CheckProblem(`cannot be probed: getent ended with status ${status}`);
  const addrs = [...new Set(text.match(/^\S+/gm))];
  return stateOf(addrs, status === '0' ? 'NOERROR' : null, 'the node’s resolver does not know it');
}

function fromServer(text: string): State {
  if (/timed out|no servers could be reached|[Cc]onnection refused/.test(text)) {
    return unanswered('the server did not answer');
  }
  const reply = nslookup.parse(text);
  const { answers, status } = isMapping(reply) ? reply : {};
  const records = asList(answers);
  // An alias is the answer only where there is nothing else.
  const others = records.filter(({ type }) => type !== 'CNAME');
  return stateOf(
    (others.length > 0 ? others : records).map(({ data }) => String(data)),
    String(status ?? 'NOERROR'),
    `the answer is ${status}`,
  );
}

/** Where nobody answered, nobody knows whether there is such a name: neither yes nor no would be true. */
function unanswered(note: string): State {
  return { fields: { resolvable: null, addrs: null, status: 'TIMEOUT' }, note };
}

function stateOf(addrs: readonly string[], status: string | null, why: string): State {
  const resolvable = addrs.length > 0;
  return { fields: { resolvable, addrs, status }, note: resolvable ? undefined : why };
}

function asList(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isMapping) : [];
}

function hostOf(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function typeOf(name: string): string | undefined {
  const [type] = name.includes(':') ? name.split(':') : ['A'];
  return types.find((each) => each === type);
}
