import { readFileSync } from 'node:fs';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';

const run = (path: string) =>
  execa('node', ['dist/netlab.js', 'run', '--reporter', 'json', path], { reject: false, stdin: 'ignore' });

describe('documents in the style of other tools', () => {
  it.each([
    ['cram', 5],
    ['scrut', 2],
    ['trycmd', 2],
    ['mdx', 1],
    ['runme', 2],
  ])('%s: is run and checked, all %i steps', async (tool, steps) => {
    const { exitCode, stdout } = await run(`test/compatible/${tool}.md`);
    expect(JSON.parse(stdout).counts).toMatchObject({ passed: steps, failed: 0, skipped: 0, errored: 0 });
    expect(exitCode).toBe(0);
    expect(readFileSync('docs/compatibility.md', 'utf8')).toContain(`| ${tool} |`);
  });
});
