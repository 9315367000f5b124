import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeOutValues } from '../../src/cli/optional-values.ts';
import { openRecords } from '../../src/cli/records.ts';
import { type RunChoices, runSettings } from '../../src/cli/run-settings.ts';
import type { NetlabConfig } from '../../src/config.ts';
import { folderOf, runnable } from './folder.ts';

const folder = folderOf({ 'a.md': runnable, 'b.md': runnable });
const records = openRecords(folder, { XDG_STATE_HOME: join(folder, 'state') });
const settings = (choices: RunChoices, config: NetlabConfig = {}, paths: readonly string[] = [folder]) =>
  runSettings(paths, choices, config, records);

describe('the settings of a run', () => {
  it('are those of the command line, else of the configuration, else the defaults', async () => {
    const config = { jobs: 3, retry: 2, bail: 4, tags: ['slow'], keepGoing: true, network: 'host', grep: 'x' } as const;
    expect(await settings({}, config)).toMatchObject(config);
    const choices = { jobs: '1', retry: '0', bail: '0', tags: ['a,!b', 'c'], grep: 'y', network: 'closed' } as const;
    expect(await settings(choices, config)).toMatchObject({
      jobs: 1,
      retry: 0,
      bail: 0,
      tags: ['a', '!b', 'c'],
      grep: 'y',
      network: 'closed',
      keepGoing: true,
    });
    expect(await settings({})).toMatchObject({ retry: 0, bail: 0, keepGoing: false, strict: false, allowHost: false });
    expect((await settings({}, { files: [join(folder, 'b.md')] }, [])).paths).toEqual([join(folder, 'b.md')]);
  });

  it.each([
    [{ jobs: '0' }, '--jobs 0: it cannot be that'],
    [{ retry: '-1' }, '--retry -1: it cannot be that'],
    [{ bail: 'x' }, '--bail x: it cannot be that'],
    [{ shard: '3/2' }, '--shard 3/2: '],
    [{ shard: '0/2' }, '--shard 0/2: '],
    [{ shard: '1' }, '--shard 1: '],
    [{ lastFailed: true }, 'nothing is remembered of 2 runbooks'],
  ])('refuse %j', async (choices, message) => {
    await expect(settings(choices)).rejects.toThrow(message);
  });

  it('refuse a run of nothing', async () => {
    await expect(settings({}, {}, [])).rejects.toThrow('there is nothing to run');
  });
});

it.each([
  [
    ['run', '--bail', 'docs/'],
    ['run', '--bail=1', 'docs/'],
  ],
  [
    ['run', '--bail', '3', 'docs/'],
    ['run', '--bail', '3', 'docs/'],
  ],
  [
    ['run', '--changed', 'src'],
    ['run', '--changed=HEAD', 'src'],
  ],
  [
    ['run', '--changed', 'main', 'src'],
    ['run', '--changed', 'main', 'src'],
  ],
  [
    ['run', '--changed', '**/*.md'],
    ['run', '--changed=HEAD', '**/*.md'],
  ],
  [
    ['run', '--changed', '--bail'],
    ['run', '--changed=HEAD', '--bail=1'],
  ],
  [
    ['run', '--changed=src'],
    ['run', '--changed=src'],
  ],
  [
    ['run', '--', '--bail'],
    ['run', '--', '--bail'],
  ],
])('the command line %j means %j', (args, meant) => {
  expect(writeOutValues(args)).toEqual(meant);
});
