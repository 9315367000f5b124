import { symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { selectFiles } from '../../src/cli/select-files.ts';
import { UsageError } from '../../src/errors.ts';
import { folderOf, runnable } from './folder.ts';

const folder = folderOf({
  'b.md': runnable,
  'a.markdown': runnable,
  'c.mdx': runnable,
  'prose.md': '# Nothing to run\n',
  'script.txt': runnable,
  'docs/one.md': runnable,
  'docs/two.md': runnable.replace('sh', 'console').replace('true', '$ true'),
  'docs/deep/three.md': '<!-- netlab\ntrue\n-->\n',
  'docs/[x].md': runnable,
  'docs/.gitignore': '/two.md\n',
  'tests/cram.t': 'Prose\n\n  $ true\n',
  'tests/perl.t': 'use Test::More;\n',
  'build/out.md': runnable,
  'kept/out.md': runnable,
  '.gitignore': 'build/\nout.md\n',
  'kept/.gitignore': '!out.md\n',
  '.git/HEAD': '',
  '.hidden/x.md': runnable,
  'node_modules/m/README.md': runnable,
});
symlinkSync('nowhere', join(folder, 'broken.md'));
symlinkSync('.', join(folder, 'docs/loop'));
symlinkSync('itself.md', join(folder, 'docs/itself.md'));

async function select(...paths: readonly string[]): Promise<string> {
  const named = paths.map((path) => path.replace(/^(!?)/, `$1${folder}/`));
  return (await selectFiles(named)).map((path) => path.slice(folder.length + 1)).join(' ');
}

describe('files, folders and patterns', () => {
  it.each([
    [['b.md', 'prose.md', 'b.md'], 'b.md prose.md'],
    [['script.txt'], 'script.txt'],
    [[''], 'a.markdown b.md c.mdx docs/[x].md docs/deep/three.md docs/one.md kept/out.md'],
    [['docs'], 'docs/[x].md docs/deep/three.md docs/one.md'],
    [['docs/two.md'], 'docs/two.md'],
    [['docs/[x].md'], 'docs/[x].md'],
    [['*.md'], 'b.md'],
    [['tests/*.t', 'tests/perl.t'], 'tests/cram.t tests/perl.t'],
    [['b.md', 'tests/*.t'], 'b.md tests/cram.t'],
    [['**/*.md'], 'b.md docs/[x].md docs/deep/three.md docs/one.md kept/out.md'],
    [['docs/**'], 'docs/[x].md docs/deep/three.md docs/one.md'],
    [['{a,b,c}.*'], 'a.markdown b.md c.mdx'],
    [['docs', '!docs/deep'], 'docs/[x].md docs/one.md'],
    [['**/*.md', '!**/o*.md', 'c.mdx'], 'b.md docs/[x].md docs/deep/three.md c.mdx'],
    [['build/out.md'], 'build/out.md'],
  ])('%j is %s', async (paths, expected) => {
    expect(await select(...paths)).toBe(expected);
  });

  const linked = folderOf({ 'a.md': runnable, 'sub/b.md': runnable });
  it('are one where several paths lead to it, under the first of them', async () => {
    symlinkSync('a.md', join(linked, 'z.md'));
    const [a, b] = [join(linked, 'a.md'), join(linked, 'sub/b.md')];
    expect(await selectFiles([relative('', a), a, join(linked, 'z.md'), `${linked}/./sub/../a.md`])).toEqual([
      relative('', a),
    ]);
    expect(await selectFiles([`${linked}//sub/b.md`, linked])).toEqual([`${linked}//sub/b.md`, a]);
    expect(await selectFiles([linked, b, `!${a}`])).toEqual([b, join(linked, 'z.md')]);
  });

  it.each([
    [['nowhere.md'], 'there is no such file or folder'],
    [['no*.md'], 'no runbook matches this pattern'],
    [['nowhere/*.md'], 'no runbook matches this pattern'],
    [['build'], 'no runbook in'],
    [['b.md', '!b.md'], 'no runbook in'],
    [['docs/itself.md'], 'there is no such file or folder'],
    [['n'.repeat(300)], 'there is no such file or folder'],
  ])('%j is refused', async (paths, message) => {
    await expect(select(...paths)).rejects.toThrow(UsageError);
    await expect(select(...paths)).rejects.toThrow(message);
  });

  it('with an exclamation mark alone is refused', async () => {
    await expect(selectFiles([folder, '!'])).rejects.toThrow(UsageError);
  });
});
