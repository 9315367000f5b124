import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ParseError } from '../../src/errors.ts';
import { run } from '../../src/run.ts';

/** Documents that say what did not happen. Each has passed once, or nearly; none may again. */

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'false-pass-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const open = "# PS1='/ # ' busybox sh";

function block(info: string, ...lines: readonly string[]): string {
  return ['```'.concat(info), ...lines, '```', ''].join('\n');
}

async function statuses(text: string, keepGoing = false): Promise<readonly string[]> {
  const path = join(folder, 'document.md');
  writeFileSync(path, `# A document\n\n${text}`);
  const { runbooks } = await run({ paths: [path], keepGoing });
  return [runbooks[0]?.status ?? 'none', ...(runbooks[0]?.steps.map(({ status }) => status) ?? [])];
}

describe('a false statement does not pass', () => {
  it.each([
    ['the status that a nested shell has', block('console', open, '/ # false', '[1]', '/ # echo $?', '0', '/ # exit')],
    [
      'output after something like a prompt',
      block('console', open, "/ # echo a; printf '/ # '; sleep 1; echo; echo BAD", 'a', '/ # exit'),
    ],
    ['a shell that did not open', block('console', '# true', '/ # hostname', 'node1', '/ # exit')],
    ['a background step that is not there', block('sh {background}', '/nowhere/server')],
    ['a background step that dies', block('sh {background}', 'sleep 0.3; exit 3') + block('console', '$ sleep 0.6')],
    ['a program that fails late', block('js {name=late}', 'async function main() { await $`false`; }', 'main()')],
    ['a program that does not wait', block('js {name=unawaited}', '$`exit 1`')],
    ['an exit status in the middle', block('console', '$ false', '$ true')],
    ['output that is only longer', block('console', '$ printf "a\\nb\\n"', 'a')],
    ['a number that is part of another', block('console', '$ echo 10 received', '{{digit:int}} eceived')],
    ['a capture that differs', block('console', '$ echo 10.0.0.1', '{{ip:ipv4}}', '$ echo 10.0.0.2', '{{ip}}')],
    ['an empty expectation block of text', block('sh', 'echo something') + block('text output')],
  ])('%s', async (_, text) => {
    expect((await statuses(text))[0]).toBe('failed');
  });

  it.each([
    ['a command that no shell read', block('console', "# printf '/ # '; sleep 0.5", '/ # rm /important', '...')],
    ['a folder that is not there', block('sh {cwd=/nowhere exit=1}', 'grep nothing /etc/passwd')],
    [
      'a denial of what was not printed',
      block('sh', 'true') + block('yaml expect', 'resolv_conf: { nameservers: { none: [1.1.1.1] } }'),
    ],
    [
      'a denial of what cannot be read',
      block('sh', 'echo ping: bad address') + block('yaml expect', 'ping: { packets_received: "!5" }'),
    ],
  ])('%s is errored', async (_, text) => {
    expect((await statuses(text))[0]).toBe('errored');
  });

  it('errors, not runs, the steps of a nested shell that is not open', async () => {
    const text = block('console', '# false', '/ # hostname', 'node1', '/ # exit');
    expect(await statuses(text, true)).toEqual(['errored', 'failed', 'errored', 'errored']);
  });

  it('refuses expected output of a step in the background', async () => {
    const text = block('sh {background ready=/up/}', 'echo up; sleep 60') + block('text output', 'down');
    await expect(statuses(text)).rejects.toThrow(ParseError);
  });

  it('fails a run under --strict for a step that checks nothing', async () => {
    const path = join(folder, 'strict.md');
    writeFileSync(path, `# Strict\n\n${block('sh', 'true')}${block('console', '$ echo a', 'a')}`);
    expect((await run({ paths: [path], strict: true })).status).toBe('failed');
    expect((await run({ paths: [path] })).status).toBe('passed');
  });

  it('runs teardown after a failure in a nested shell', async () => {
    const text = block('console', open, '/ # echo a', 'b', '/ # exit') + block('sh {teardown}', 'echo down');
    expect(await statuses(text)).toEqual(['failed', 'passed', 'failed', 'skipped', 'passed']);
  });
});
