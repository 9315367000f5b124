import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Mapping } from '../../src/check/comparison.ts';
import { CheckProblem } from '../../src/check/problem.ts';
import { findResource } from '../../src/check/resources/index.ts';
import { insideNetwork, quote } from '../../src/check/resources/script.ts';
import type { State } from '../../src/check/resources/types.ts';
import type { ProbeRequest } from '../../src/check/types.ts';

function request(key: string, name: string, options: Mapping = {}, expected: Mapping = {}): ProbeRequest {
  const resource = findResource(key);
  if (!resource) throw new Error(`no resource ${key}`);
  const asked = resource.request({ name, options, expected });
  return typeof asked === 'string' ? { script: asked, timeoutMs: 0 } : asked;
}

/** The script's last line, without what makes programs speak English. */
function lastLine(key: string, name: string, options: Mapping = {}): string | undefined {
  return request(key, name, options).script.split('\n').at(-1);
}

describe('what is asked of a node', () => {
  test.each<[string, string, Mapping, string]>([
    ['reach', '10.0.0.2', {}, "exec ping -c 1 -i 0.2 -W 1 '10.0.0.2'"],
    ['reach', 'h', { timeout: 300, count: 0 }, "exec ping -c 1 -i 0.2 -W 0.3 'h'"],
    [
      'reach',
      'h',
      { count: 3, size: 1472, 'local-address': '10.0.0.1' },
      "exec ping -c 3 -i 0.2 -W 1 -M do -s 1472 -I '10.0.0.1' 'h'",
    ],
    ['routes', 'default', {}, 'ip -j route show'],
    ['routes', '2001:db8::/32', {}, 'ip -j -6 route show'],
    ['routes', '10.0.0.0/8', { table: 100 }, "ip -j route show table '100'"],
    ['kernel-param', 'net.ipv4.ip_forward', {}, "cat '/proc/sys/net/ipv4/ip_forward'"],
    ['kernel-param', 'net/ipv4/ip_forward', {}, "cat '/proc/sys/net/ipv4/ip_forward'"],
    ['kernel-param', 'net.ipv4.conf.eth0/100.forwarding', {}, "cat '/proc/sys/net/ipv4/conf/eth0.100/forwarding'"],
    ['kernel-param', 'net/ipv4/conf/eth0.100/forwarding', {}, "cat '/proc/sys/net/ipv4/conf/eth0.100/forwarding'"],
    ['addr', 'tcp://[fe80::1]:80', {}, 'echo "status $?"'],
    ['dns', 'h', {}, 'timeout 2 getent ahosts \'h\'; echo "status $?"'],
    ['dns', 'h', { timeout: 500 }, 'timeout 0.5 getent ahosts \'h\'; echo "status $?"'],
    ['dns', 'h', { server: '10.0.0.2' }, "timeout 2 $nslookup 'h' '10.0.0.2' 2>&1; echo \"status $?\""],
    ['dns', 'MX:h', { server: 's' }, "timeout 2 $nslookup -type=mx 'h' 's' 2>&1; echo \"status $?\""],
  ])('%s %s %j: %s', (key, name, options, script) => {
    expect(lastLine(key, name, options)).toBe(script);
  });

  test.each<[Mapping, string]>([
    [{}, ''],
    [{ 'no-follow-redirects': true }, ''],
    [{ 'no-follow-redirects': false, 'allow-insecure': false }, " '-L'"],
    [{ 'allow-insecure': true }, " '-L' '-k'"],
    [{ method: 'HEAD' }, " '-L' '-I'"],
    [{ method: 'PUT', 'request-body': 'a b' }, " '-L' '-X' 'PUT' '--data-binary' 'a b'"],
    [{ 'request-headers': ['A: 1', 'B: 2'] }, " '-L' '-H' 'A: 1' '-H' 'B: 2'"],
    [{ username: 'me' }, " '-L' '-u' 'me:'"],
    [{ username: 'me', password: "it's" }, " '-L' '-u' 'me:it'\\''s'"],
  ])('http %j', (options, words) => {
    const wishes = Object.keys(options).length === 0 ? " '-L'" : words;
    expect(lastLine('http', 'http://h/', options)).toBe(
      `'curl' '-q' '-sS' '-i' '--noproxy' '*' '-m' '5'${wishes} '-w' '\\nnetlab %{http_code} %{size_header}' '--' 'http://h/'; echo " $?"`,
    );
  });

  test('where an address is, and not the brackets around it', () => {
    expect(request('addr', 'tcp://[fe80::1]:80', { timeout: 250 }).script).toContain(
      "timeout -k 1 0.25 bash -c 'exec 3<>'\\''/dev/tcp/fe80::1/80'\\'''\n",
    );
  });

  test.each<[string, string, Mapping, number]>([
    ['addr', 'tcp://h:80', {}, 5500],
    ['addr', 'tcp://h:80', { timeout: 2000 }, 7000],
    ['command', 'x', {}, 10_000],
    ['command', 'x', { timeout: 50 }, 50],
    ['dns', 'h', {}, 5000],
    ['dns', 'h', { server: 's', timeout: 100 }, 3100],
    ['http', 'http://h/', {}, 8000],
    ['http', 'http://h/', { timeout: 100 }, 3100],
    ['reach', 'h', {}, 6200],
    ['reach', 'h', { count: 10, timeout: 500 }, 7500],
  ])('%s %s %j has %i ms', (key, name, options, timeoutMs) => {
    expect(request(key, name, options).timeoutMs).toBe(timeoutMs);
  });

  test('a kind of record is asked of a server only', () => {
    expect(() => request('dns', 'MX:h')).toThrow(CheckProblem);
    expect(() => request('dns', 'MX:h')).toThrow(/needs the server to ask/);
    expect(() => request('addr', 'h:80')).toThrow('h:80 is no address');
  });

  test('in the network of the node, of a namespace or of a container', () => {
    expect(insideNetwork('ip addr', {})).toBe('ip addr');
    expect(insideNetwork('ip addr', { netns: 'w1' })).toBe(
      "exec ip netns exec 'w1' bash --norc --noprofile -c 'ip addr'",
    );
    const inside = insideNetwork('ip addr', { container: 'web' });
    expect(inside).toContain("-f '{{.State.Pid}}' 'web') || exit\n");
    expect(inside).toMatch(/exec nsenter -t "\$pid" -n bash --norc --noprofile -c 'ip addr'$/);
  });

  test('a word stays one word', () => {
    expect(execFileSync('bash', ['-c', `printf %s ${quote("it's $HOME\n`x` \\")}`], { encoding: 'utf8' })).toBe(
      "it's $HOME\n`x` \\",
    );
  });
});

describe('questions that any Linux can answer', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'netlab-resources-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Asks this machine as a node is asked. */
  function ask(key: string, name: string, options: Mapping = {}, expected: Mapping = {}): State {
    const { script } = request(key, name, options, expected);
    const env = { ...process.env, NETLAB_PROBER: String(process.pid) };
    let [stdout, stderr, exit] = ['', '', 0];
    try {
      stdout = execFileSync('bash', ['-c', script], {
        encoding: 'utf8',
        env,
        cwd: folder,
        stdio: 'pipe',
        maxBuffer: 2 ** 22,
      });
    } catch (error) {
      ({ stdout, stderr, status: exit } = error as { stdout: string; stderr: string; status: number });
    }
    const answer = { stdout, stderr, exit, problem: undefined };
    const state = findResource(key)?.read(answer, { name, options, expected });
    if (!state) throw new Error('no such resource');
    return state;
  }

  test('what a file is', () => {
    const path = join(folder, "it's one");
    writeFileSync(path, 'contents 3\nhé\n', { mode: 0o604 });
    const whole = { contents: [], md5: '', sha256: '', sha512: '' };
    expect(ask('file', path, {}, whole).fields).toMatchObject({
      exists: true,
      mode: '0604',
      size: 15,
      filetype: 'file',
      'linked-to': null,
      contents: 'contents 3\nhé\n',
      md5: expect.stringMatching(/^[\da-f]{32}$/),
      sha256: expect.stringMatching(/^[\da-f]{64}$/),
      sha512: expect.stringMatching(/^[\da-f]{128}$/),
      uid: process.getuid?.(),
    });
    expect(ask('file', path).fields).toMatchObject({ contents: null, md5: null, sha256: null, sha512: null });
    expect(ask('file', path, {}, { md5: '' }).fields).toMatchObject({ md5: expect.any(String), sha256: null });
    expect(ask('file', "it's one").fields).toMatchObject({ exists: true, size: 15 });
    expect(ask('file', 'none')).toEqual({ fields: { exists: false }, note: 'no file none' });
    expect(ask('file', join(path, 'x')).fields).toEqual({ exists: false });
  });

  test('what kinds of files there are', () => {
    mkdirSync(join(folder, 'd'));
    symlinkSync('nowhere', join(folder, 'l'));
    writeFileSync(join(folder, 'empty'), '');
    expect(ask('file', 'd').fields).toMatchObject({ filetype: 'directory', 'linked-to': null });
    expect(ask('file', 'l').fields).toMatchObject({ filetype: 'symlink', 'linked-to': 'nowhere' });
    expect(ask('file', 'empty', {}, { contents: '' }).fields).toMatchObject({ filetype: 'file', contents: '' });
    expect(ask('file', '/dev/null').fields).toMatchObject({ filetype: 'character-device' });
    expect(() => ask('file', 'l', {}, { contents: '' })).toThrow(CheckProblem);
    expect(() => ask('file', 'd', {}, { sha256: '' })).toThrow(CheckProblem);
  });

  test('a file of just so many bytes, and of one more', () => {
    writeFileSync(join(folder, 'most'), 'é'.repeat(512 * 1024));
    expect(ask('file', 'most', {}, { contents: '' }).fields['contents']).toHaveLength(512 * 1024);
    writeFileSync(join(folder, 'more'), `${'é'.repeat(512 * 1024)}x`);
    expect(() => ask('file', 'more', {}, { contents: '' })).toThrow('longer than 1048576 bytes');
    expect(ask('file', 'more').fields).toMatchObject({ exists: true, size: 1024 * 1024 + 1 });
  });

  test('what a command says, and whether it could be run', () => {
    expect(ask('command', 'echo a; echo b >&2; exit 3')).toEqual({
      fields: { 'exit-status': 3, stdout: 'a\n', stderr: 'b\n' },
      note: 'it said: b',
    });
    expect(ask('command', 'a name', { exec: 'echo "$0"; true' }).note).toBeUndefined();
    expect(() => ask('command', 'nosuch-program')).toThrow('cannot be run: bash: line 1: nosuch-program');
    expect(() => ask('command', '/dev/null')).toThrow(/cannot be run: .*Permission denied/);
    expect(() => ask('command', 'nosuch-program', {}, { 'exit-status': 126 })).toThrow(CheckProblem);
    expect(ask('command', 'nosuch-program', {}, { 'exit-status': 127 }).fields['exit-status']).toBe(127);
  });

  test('what the kernel has', () => {
    expect(ask('kernel-param', 'kernel.ostype')).toEqual({ fields: { value: 'Linux' } });
    expect(ask('kernel-param', 'kernel.no_such').note).toBe('this kernel has no kernel.no_such here');
    expect(ask('mount', '/').fields).toMatchObject({ exists: true });
    expect(ask('mount', '/proc').fields).toMatchObject({ filesystem: 'proc', opts: expect.arrayContaining(['rw']) });
    expect(ask('mount', '/nowhere').fields).toEqual({ exists: false });
    expect(ask('port', 'tcp:0').fields).toEqual({ listening: false, ip: [] });
  });

  test('which processes there are, but for those that ask', () => {
    expect(ask('process', 'bash', {}).fields).toHaveProperty('running');
    expect(ask('process', 'no-such').fields).toEqual({ running: false });
  });
});
