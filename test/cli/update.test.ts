import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DocumentUpdate, RunResult } from '../../src/events.ts';
import { leftSince, type MachineState, machineState } from '../lab/leaks.ts';

let folder: string;
let before: MachineState;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'update-test-'));
  before = await machineState();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  expect(await leftSince(before, 1000)).toEqual([]);
});

const cli = (...args: readonly string[]) =>
  execa('node', ['dist/netlab.cjs', 'run', ...args], { reject: false, stdin: 'ignore' });

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const fence = '```';
const transcript = (...lines: readonly string[]) => `# Title\n\n${fence}console\n${lines.join('\n')}\n${fence}\n`;

/** Updates a document; what the JSON report says of it, and the document afterwards. */
async function update(path: string) {
  const { stdout, exitCode } = await cli('--update', '-r', 'json', path);
  const run = JSON.parse(stdout) as RunResult;
  const told = run.runbooks[0]?.update as DocumentUpdate;
  return { exitCode, run, told, text: readFileSync(path, 'utf8') };
}

describe('netlab run --update', () => {
  it.concurrent('changes no byte of what passes', async () => {
    const copies = join(folder, 'runbooks');
    cpSync('runbooks', copies, { recursive: true });
    const names = readdirSync(copies).filter((name) => /^[a-z].*\.md$/.test(name));
    const { stdout, exitCode } = await cli('--update', ...names.map((name) => join(copies, name)));
    for (const name of names) expect(readFileSync(join(copies, name))).toEqual(readFileSync(join('runbooks', name)));
    expect(stdout).toContain('PASSED');
    expect(exitCode).toBe(0);
  }, 120_000);

  it.concurrent.each(['docker-dns.md', 'netns.md'])(
    'fills %s without any output',
    async (name) => {
      const blank = readFileSync(join('runbooks', name), 'utf8')
        .replace(/^```console[^`]*/gm, (block) =>
          block
            .split('\n')
            .filter((line, index) => index === 0 || /^(?:\/ )?[#$] |^$/.test(line))
            .join('\n'),
        )
        .replace('eventually=5s', 'eventually=1s')
        // The output that gave this its value is gone.
        .replaceAll(', mac_addr: "{{mac_of_v11}}"', '');
      const path = write(name, blank.replaceAll('mac_addr: "{{mac_of_v11}}", ', ''));
      const first = await update(path);
      expect(first.told).toMatchObject({ written: true, reason: null });
      // Commands that fail are now documented so, which somebody has to look at.
      expect(first.told.statuses.map(({ after }) => after)).toContain(1);
      expect(first.exitCode).toBe(1);
      const { stdout, exitCode } = await cli(path);
      expect(stdout).toContain('PASSED');
      expect(exitCode).toBe(0);
      const second = await update(path);
      expect(second).toMatchObject({ exitCode: 0, told: undefined, text: first.text });
    },
    120_000,
  );

  it('goes on after a mismatch, names what comes again, and shows the differences', async () => {
    const path = write(
      'names.md',
      transcript(
        '# ip link add left type veth peer name right',
        '# ip -o link show left',
        'old',
        '# cat /sys/class/net/left/address',
        '# cat /proc/sys/kernel/random/uuid',
        'old',
        '# echo still here',
        'still here',
      ),
    );
    const { stdout, exitCode } = await cli('--update', path);
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(
      /link\/ether \{\{mac1:mac\}\} brd[\s\S]*address\n\{\{mac1\}\}\n[\s\S]*uuid\n\{\{uuid\}\}\n[\s\S]*\nstill here\n/,
    );
    expect(stdout).toMatch(/^-old$/m);
    expect(stdout).toMatch(/^\+\{\{mac1\}\}$/m);
    expect(stdout).toContain('updated: 3 steps');
    expect(exitCode).toBe(0);
    expect((await cli(path)).exitCode).toBe(0);
  });

  it.each([
    ['a time-out', ['$ echo new', 'old', '$ sleep 60'], /line 6 timed out/, 1],
    [
      'a check that cannot be made',
      ['$ echo new', 'old', fence, '', `${fence}yaml expect`, 'ping: { packets_received: 1 }'],
      /could not be judged/,
      2,
    ],
    ['a shell that does not open', ['# echo new', 'old', '# true', '/ # ls'], /line 6: prompt/, 2],
  ])('leaves a document alone after %s', async (_, lines, reason, exit) => {
    const before = transcript(...lines).replace('```console', '```console {timeout=1s}');
    const path = write('left.md', before);
    const { told, exitCode, text } = await update(path);
    expect(told).toMatchObject({ written: false, changed: [], diff: '' });
    expect(told.reason).toMatch(reason);
    expect(text).toBe(before);
    expect(exitCode).toBe(exit);
  });

  it('leaves a document alone that is edited meanwhile', async () => {
    const path = write('edited.md', transcript('$ sleep 2; echo new', 'old'));
    const running = update(path);
    await sleep(1500);
    const edited = `${readFileSync(path, 'utf8')}\nA word more.\n`;
    writeFileSync(path, edited);
    const { told, text, exitCode } = await running;
    expect(exitCode).toBe(2);
    expect(told).toMatchObject({ written: false, reason: 'it has changed since it was read' });
    expect(text).toBe(edited);
  });

  it('leaves a document alone when it is interrupted, or only a part is run that needs another', async () => {
    const lines = ['$ echo 41', '{{n:int}}', '$ echo n 41', 'old {{n}}'];
    const slow = write('slow.md', transcript(...lines, '$ sleep 60'));
    const running = execa('node', ['dist/netlab.cjs', 'run', '--update', slow], { reject: false, stdin: 'ignore' });
    await sleep(2500);
    running.kill('SIGINT');
    expect((await running).exitCode).toBe(130);
    expect(readFileSync(slow, 'utf8')).toBe(transcript(...lines, '$ sleep 60'));
    const part = write('part.md', transcript(...lines));
    const { exitCode, stdout } = await cli('--update', '--step', 'echo n 41', part);
    expect(stdout).toContain('{{n}} is neither captured before');
    expect(exitCode).toBe(2);
    expect(readFileSync(part, 'utf8')).toBe(transcript(...lines));
    expect((await update(part)).text).toBe(transcript(...lines.with(3, 'n {{n}}')));
  });

  it('leaves a document alone whose step met a limit of the lab, as a run calls that an error', async () => {
    const text = `---\nlab: { nodes: { n: { kind: host } }, limits: { memory: 48m } }\n---\n${transcript('$ tail /dev/zero 2>/dev/null; echo "status $?"', 'status 0')}`;
    const path = write('limited.md', text);
    const { exitCode, told, text: after } = await update(path);
    expect([exitCode, told.written, after]).toEqual([1, false, text]);
    expect(told.reason).toMatch(/^line 7: .*memory/);
    write('limited.md', text.replace('status 0', '...\nstatus 137'));
    expect((await cli(path)).exitCode).toBe(2);
  });

  it('leaves a document alone that is not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from(transcript('$ echo new', 'old')), Buffer.from([0xe9, 0x0a])]);
    const path = join(folder, 'latin1.md');
    writeFileSync(path, bytes);
    expect((await update(path)).told).toMatchObject({ written: false, reason: 'it is not all UTF-8' });
    expect(readFileSync(path)).toEqual(bytes);
  });

  it('keeps a link to the document, its mode and its owner, and leaves no other file', async () => {
    mkdirSync(join(folder, 'real'));
    const real = write('real/doc.md', transcript('$ echo new', 'old'));
    chmodSync(real, 0o640);
    const link = join(folder, 'link.md');
    symlinkSync(real, link);
    const { uid, gid } = statSync(real);
    expect((await update(link)).exitCode).toBe(0);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(statSync(real)).toMatchObject({ mode: 0o100640, uid, gid });
    expect(readFileSync(real, 'utf8')).toBe(transcript('$ echo new', 'new'));
    expect(readdirSync(join(folder, 'real'))).toEqual(['doc.md']);
  });

  it('leaves what is skipped, and what only an expectation says', async () => {
    const text = `${transcript('$ echo new', 'old')}\n${fence}yaml expect\nlines: 2\n${fence}\n\n${fence}console {skip}\n$ echo a\nb\n${fence}\n`;
    const path = write('skipped.md', text);
    const after = await update(path);
    expect(after.text).toBe(text.replace('old', 'new'));
    expect(after.exitCode).toBe(1);
    expect(after.run.runbooks[0]?.steps.map(({ status }) => status)).toEqual(['failed', 'skipped']);
  });
});
