import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';

/** A certificate that signs itself, for localhost and a hundred years, and its key. */
const pem = join(import.meta.dirname, 'fixtures/localhost.pem');
const netlab = resolve('dist/netlab.cjs');
const server = createServer({ cert: readFileSync(pem), key: readFileSync(pem) }, (_, response) =>
  response.end('heard'),
);
let folder: string;
let url: string;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `https://localhost:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => void server.close());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  writeFileSync(join(folder, 'good.md'), '# Good\n\n~~~console\n$ echo a\na\n~~~\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** How it is told that somebody was reached, and the environment that Node.js was started with. */
const told = (): string => `async () => {
  const answer = await fetch('${url}').then((response) => response.text(), (error) => error.cause.code);
  const startedWith = require('node:fs').readFileSync('/proc/self/environ', 'latin1').split('\\0');
  require('node:fs').writeFileSync('told.json', JSON.stringify({
    answer,
    slow: startedWith.some((one) => one.startsWith('NODE_EXTRA_CA_CERTS=')),
    known: process.env.NODE_EXTRA_CA_CERTS ?? null,
    left: process.env.NETLAB_EXTRA_CA_CERTS ?? null,
  }));
}`;

const reporter = (): void =>
  writeFileSync(
    join(folder, 'mine.mjs'),
    "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\n" +
      `export const createReporter = () => ({ event() {}, end: ${told()} });\n`,
  );

async function run(argv: readonly string[], certificates: string | undefined, more = {}) {
  const env = { NODE_EXTRA_CA_CERTS: certificates, NETLAB_EXTRA_CA_CERTS: undefined, NODE_OPTIONS: undefined, ...more };
  const [file = '', ...args] = argv;
  const { exitCode, stderr } = await execa(file, args, { cwd: folder, env, reject: false, timeout: 25_000 });
  return { exitCode, stderr, ...JSON.parse(readFileSync(join(folder, 'told.json'), 'utf8')) };
}

const withReporter = ['run', '--no-config', 'good.md', '-r', './mine.mjs'];

it('Node.js starts without the certificates that a reporter of one’s own trusts all the same', async () => {
  reporter();
  const heard = { exitCode: 0, stderr: '', answer: 'heard', slow: false, known: pem, left: null };
  expect(await run([netlab, ...withReporter], pem)).toEqual(heard);
});

it('is one program for sh and for node', async () => {
  reporter();
  expect(await run(['node', netlab, ...withReporter], pem)).toMatchObject({ answer: 'heard', slow: true, known: pem });
  expect(await run(['sh', netlab, ...withReporter], pem)).toMatchObject({ answer: 'heard', slow: false, known: pem });
});

it('trusts nobody else', async () => {
  reporter();
  const refused = { exitCode: 0, stderr: '', answer: 'DEPTH_ZERO_SELF_SIGNED_CERT', known: null, left: null };
  expect(await run([netlab, ...withReporter], undefined)).toMatchObject(refused);
});

it('a configuration trusts them, too', async () => {
  writeFileSync(join(folder, 'netlab.config.ts'), `export default (${told()})() && {};`);
  expect(await run([netlab, 'run', 'good.md'], pem)).toMatchObject({ exitCode: 0, answer: 'heard', slow: false });
});

it('certificates that are not there are ignored, with a warning where somebody may need them', async () => {
  reporter();
  const missing = join(folder, 'missing.pem');
  const { exitCode, stderr, answer } = await run([netlab, ...withReporter], missing);
  expect([exitCode, answer]).toEqual([0, 'DEPTH_ZERO_SELF_SIGNED_CERT']);
  expect(stderr).toContain(`Warning: Ignoring extra certs from \`${missing}\``);
  const { stderr: silent } = await execa(netlab, ['run', '--no-config', 'good.md'], {
    cwd: folder,
    env: { NODE_EXTRA_CA_CERTS: missing },
  });
  expect(silent).toBe('');
});

it('what NODE_OPTIONS asks of Node.js has the certificates as always', async () => {
  reporter();
  const heard = { exitCode: 0, answer: 'heard', slow: true, known: pem };
  expect(await run([netlab, ...withReporter], pem, { NODE_OPTIONS: '--use-openssl-ca' })).toMatchObject(heard);
});

it('leaves contexts as they are asked for: with a CA of their own, with nothing, or wrong', async () => {
  writeFileSync(
    join(folder, 'mine.mjs'),
    `import { readFileSync, writeFileSync } from 'node:fs';
    import tls from 'node:tls';
    const pem = readFileSync(${JSON.stringify(pem)}, 'utf8');
    class Own { get cert() { return pem; } get key() { return pem; } }
    const answer = (options) => new Promise((resolve) => {
      const socket = tls.connect({ port: ${new URL(url).port}, host: 'localhost', ...options }, () => resolve('heard'));
      socket.on('secureConnect', () => socket.destroy()).on('error', ({ code }) => resolve(code));
    });
    const refusal = (options) => { try { tls.createSecureContext(options); } catch ({ code }) { return code; } };
    export const createReporter = () => ({ event() {}, async end() {
      writeFileSync('told.json', JSON.stringify({
        other: await answer({ ca: [tls.rootCertificates[0]] }),
        own: await answer({ ca: pem }),
        none: await answer({}),
        nothing: refusal(null) ?? 'made',
        wrong: refusal('x'),
        inherited: tls.createSecureContext(new Own()).context.getCertificate() !== undefined,
      }));
    } });`,
  );
  expect(await run([netlab, ...withReporter], pem)).toEqual({
    ...{ exitCode: 0, stderr: '', other: 'DEPTH_ZERO_SELF_SIGNED_CERT', own: 'heard', none: 'heard' },
    ...{ nothing: 'made', wrong: 'ERR_INVALID_ARG_TYPE', inherited: true },
  });
});

it('hands its arguments on to the byte, from a folder of any name', async () => {
  const odd = join(folder, 'a \'b\' "$c"\n-d');
  mkdirSync(odd);
  symlinkSync(netlab, join(odd, '-netlab'));
  const { stderr, exitCode } = await execa(join(odd, '-netlab'), ['run', 'no $(such) *\n"file"  '], {
    cwd: folder,
    reject: false,
    env: { NODE_EXTRA_CA_CERTS: "$(touch harm) * '" },
  });
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('no $(such) *')]);
  expect(readdirSync(folder).sort()).toEqual(['a \'b\' "$c"\n-d', 'good.md']);
});
