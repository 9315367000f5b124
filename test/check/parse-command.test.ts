import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseCommand } from '../../src/cli/parse.ts';
import { UsageError } from '../../src/errors.ts';

let folder = '';
let out = '';
let err = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netlab-parse-'));
  out = '';
  err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('one document for each file, whatever becomes of the others', async () => {
  const good = file('good.txt', '10.0.0.1 a b\n');
  const bad = file('bad.txt', '10.0.0.1 a\ncat: no such file\n');
  const missing = join(folder, 'missing.txt');
  expect(await parseCommand('hosts', [good, bad, missing, good])).toBe(2);
  const one = [{ ip: '10.0.0.1', hostname: ['a', 'b'] }];
  expect(out).toBe(`${JSON.stringify(one, null, 2)}\n`.repeat(2));
  expect(err).toContain(`${bad}:2:1: not the output of hosts: stopped at line 2: "cat: no such file"`);
  expect(err).toContain(`cannot read ${missing}`);
});

test('standard input without a file', async () => {
  const stdin = Readable.from(['web', '1\n']);
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(stdin as unknown as typeof process.stdin);
  expect(await parseCommand('hostname', [])).toBe(0);
  expect(out).toBe('"web1"\n');
});

test('standard input that cannot be read', async () => {
  const stdin = Readable.from(['\n\n']);
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(stdin as unknown as typeof process.stdin);
  expect(await parseCommand('dig', [])).toBe(2);
  expect(err).toContain('standard input:1:1: not the output of dig');
});

test('an unknown kind names those there are', async () => {
  const error = await parseCommand('ip_adr', []).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect((error as UsageError).hint).toMatch(/^did you mean ip_addr\? There are arp, dig, /);
});
