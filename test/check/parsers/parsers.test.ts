import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseText } from '../../../src/check/parse.ts';
import { loadParser, parserKinds } from '../../../src/check/parsers/index.ts';
import { UnreadableError, UsageError } from '../../../src/errors.ts';

// dig tells when it asked by the clock of its time zone.
process.env['TZ'] = 'UTC';

const fixtures = new URL('../fixtures/', import.meta.url);
const files = parserKinds.flatMap((kind) => {
  const names = readdirSync(new URL(`${kind}/`, fixtures)).filter((name) => name.endsWith('.txt'));
  return names.map((name) => ({ kind, name, url: new URL(`${kind}/${name}`, fixtures) }));
});
const unreadable = files.filter(({ name }) => name.startsWith('unreadable'));
const readable = files.filter(({ name }) => !name.startsWith('unreadable'));

test('every parser has texts that it reads and texts that it refuses', () => {
  for (const kind of parserKinds) {
    expect(
      readable.some((file) => file.kind === kind),
      kind,
    ).toBe(true);
    expect(
      unreadable.some((file) => file.kind === kind),
      kind,
    ).toBe(true);
  }
});

describe.each(readable)('$kind of $name', ({ kind, url }) => {
  test('is the structure beside it', async () => {
    const parser = await loadParser(kind);
    const structure = parser?.parse(readFileSync(url, 'utf8'));
    const expected = new URL(url.href.replace(/txt$/, 'json'));
    // A new fixture writes its structure once, to be read and committed by a person.
    if (!existsSync(expected) && process.env['RECORD'])
      writeFileSync(expected, `${JSON.stringify(structure, null, 2)}\n`);
    expect(structure).toEqual(JSON.parse(readFileSync(expected, 'utf8')));
  });
});

test.each(unreadable)('$kind refuses $name', async ({ kind, url }) => {
  const parser = await loadParser(kind);
  expect(() => parser?.parse(readFileSync(url, 'utf8'))).toThrow(UnreadableError);
});

test.each([
  ['ping', 'unreadable-sendto.txt', 2, 'ping: sendto: Network is unreachable'],
  ['ping', 'unreadable-bad-address.txt', 1, "ping: bad address 'nosuch'"],
  ['nslookup', 'unreadable-line.txt', 4, 'something else'],
  ['resolv_conf', 'unreadable-nameserver.txt', 1, 'nameserver'],
  ['ifconfig', 'unreadable-device.txt', 1, 'nope: error fetching interface information: Device not found'],
])('%s says where it stopped in %s', async (kind, name, line, text) => {
  const parser = await loadParser(kind);
  const read = () => parser?.parse(readFileSync(new URL(`${kind}/${name}`, fixtures), 'utf8'));
  expect(read).toThrow(expect.objectContaining({ line, text }));
});

test.each(readable)('$kind reads $name with the line ends of Windows', async ({ kind, url }) => {
  const text = readFileSync(url, 'utf8');
  expect(await parseText(kind, text.replaceAll('\n', '\r\n'))).toEqual(await parseText(kind, text));
});

test('there is no parser of another kind', async () => {
  expect(await loadParser('constructor')).toBeUndefined();
});

test('a text is parsed as a terminal shows it', async () => {
  expect(await parseText('hostname', '\u001b[1mweb\u001b[0m\r\n')).toBe('web');
  await expect(parseText('pong', '')).rejects.toThrow(UsageError);
});
