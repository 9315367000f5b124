import { CheckProblem } from '../problem.ts';
import { inEnglish, inNetworks, lastLine, quote } from './script.ts';
import type { Asked, Resource } from './types.ts';

/** How long an answer is waited for, in milliseconds: goss's own. */
const defaultMs = 5000;

/** curl(1)'s statuses of a world in which nothing answers, as opposed to a question that is wrong. */
const noAnswer = ['6', '7', '28', '35', '47', '51', '52', '56', '60'];

/** What curl prints after the answer. */
const trailer = '\\nnetlab %{http_code} %{size_header}';

/** What a server answers to a request. */
export const http: Resource = {
  key: 'http',
  summary: 'the answer to a request: `http://10.0.0.2/`',
  fields: ['status', 'headers', 'body'],
  texts: ['headers', 'body'],
  options: {
    timeout: 'ms',
    method: 'text',
    'request-headers': 'texts',
    'request-body': 'text',
    'no-follow-redirects': 'flag',
    'allow-insecure': 'flag',
    username: 'text',
    password: 'text',
    ...inNetworks,
  },
  wrongName: (name) => (/^https?:\/\/[^\s/]+/.test(name) ? undefined : 'an address such as http://10.0.0.2/'),
  request(asked) {
    const ms = Number(asked.options['timeout'] ?? defaultMs);
    const curl = ['curl', '-q', '-sS', '-i', '--noproxy', '*', '-m', String(ms / 1000), ...wishes(asked)];
    const script = `${inEnglish}${[...curl, '-w', trailer, '--', asked.name].map(quote).join(' ')}; echo " $?"`;
    return { script, timeoutMs: ms + 3000 };
  },
  read({ stdout, stderr, exit }) {
    const [, text = '', code, size, status] = /^([\s\S]*)\nnetlab (\d+) (\d+) (\d+)\n$/.exec(stdout) ?? [];
    const said = lastLine(stderr) ?? `status ${status ?? exit}`;
    if (status !== undefined && noAnswer.includes(status)) {
      return { fields: { status: null, headers: null, body: null }, note: said };
    }
    if (status !== '0') throw new CheckProblem(`cannot be probed: ${said}`);
    const bytes = Buffer.from(text);
    // Of answers that led on to others, curl prints every head; the last one is that of the body.
    const heads = bytes.subarray(0, Number(size)).toString().trimEnd().replaceAll('\r', '').split('\n\n');
    const headers = (heads.at(-1) ?? '').split('\n').slice(1).join('\n');
    return { fields: { status: Number(code), headers, body: bytes.subarray(Number(size)).toString() } };
  },
};

/** What is not as curl would do it by itself. */
function wishes({ options }: Asked): string[] {
  const { method, username, password } = options;
  const headers = options['request-headers'];
  return [
    ...(options['no-follow-redirects'] === true ? [] : ['-L']),
    ...(options['allow-insecure'] === true ? ['-k'] : []),
    ...(method === undefined ? [] : method === 'HEAD' ? ['-I'] : ['-X', String(method)]),
    ...(Array.isArray(headers) ? headers.flatMap((header) => ['-H', String(header)]) : []),
    ...(options['request-body'] === undefined ? [] : ['--data-binary', String(options['request-body'])]),
    ...(username === undefined ? [] : ['-u', `${username}:${password ?? ''}`]),
  ];
}
