import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/cli/load-config.ts';
import { folderOf } from './folder.ts';

const folder = folderOf({
  'ts/netlab.config.ts': `import { defineConfig, type NetlabConfig } from 'netlab'
    import { tags } from './tags.json'
    const retry: number = 2
    export default defineConfig({ files: ['docs/*.md', '!old.md'], reporters: ['pretty', 'junit=out/x.xml'], retry, tags } satisfies NetlabConfig)`,
  'ts/tags.json': '{ "tags": ["fast"] }',
  'ts/deep/er/x.md': '',
  'js/netlab.config.js': 'module.exports = { jobs: 3 }',
  'json/netlab.config.json': '{ "bail": 1 }',
  'unknown/netlab.config.json': '{ "retires": 2 }',
  'wrong/netlab.config.json': '{ "jobs": 0 }',
  'broken/netlab.config.json': '{\n  "jobs": 1,\n  bad }',
  'empty/netlab.config.json': '{ "files": [""] }',
  'list/netlab.config.json': '[]',
  'throws/netlab.config.ts': 'throw new Error("on purpose")',
  'null/netlab.config.js': 'throw null',
  'object/netlab.config.js': 'throw { code: 7, toString: 1 }',
  'none/netlab.config.ts': 'export const jobs = 3',
});
afterEach(() => vi.restoreAllMocks());

function at(path: string): void {
  vi.spyOn(process, 'cwd').mockReturnValue(join(folder, path));
}

describe('the configuration', () => {
  it('is found upwards, in TypeScript, with its paths as the working folder sees them', async () => {
    at('ts/deep/er');
    expect(await loadConfig(undefined)).toEqual({
      files: ['../../docs/*.md', '!../../old.md'],
      reporters: ['pretty', 'junit=../../out/x.xml'],
      retry: 2,
      tags: ['fast'],
    });
  });

  it('is also JavaScript or JSON, a file that is named, or nothing', async () => {
    at('js');
    expect(await loadConfig(undefined)).toEqual({ jobs: 3 });
    expect(await loadConfig(join(folder, 'json/netlab.config.json'))).toEqual({ bail: 1 });
    expect(await loadConfig(false)).toEqual({});
  });

  it.each([
    ['unknown', 'netlab.config.json: unknown key "retires"', 'Did you mean "retry"?'],
    ['wrong', 'netlab.config.json: jobs takes a whole number from 1 to 999', 'docs/config.md'],
    ['empty', 'netlab.config.json: files[0]: files takes a list of paths, none of them empty', 'docs/config.md'],
    ['list', 'netlab.config.json: it has no keys with values', 'docs/config.md'],
    ['broken', 'netlab.config.json:3:3: cannot be read: Expected double-quoted property name in JSON', ''],
    ['throws', 'netlab.config.ts: cannot be read: on purpose', ''],
    ['null', 'netlab.config.js: cannot be read: null', ''],
    ['object', 'netlab.config.js: cannot be read: { code: 7, toString: 1 }', ''],
    ['none', 'netlab.config.ts: cannot be read: it has no default export', ''],
  ])('of %s is refused in one line', async (name, message, hint) => {
    at(name);
    const refused = (await loadConfig(undefined).catch((error: unknown) => error)) as Error & { hint?: string };
    expect(refused.name).toBe('UsageError');
    expect(refused.message).toContain(message);
    expect(refused.message).not.toContain('\n');
    expect(refused.hint ?? '').toContain(hint);
  });

  it('that is named must be there', async () => {
    at('js');
    await expect(loadConfig('nowhere.json')).rejects.toThrow('nowhere.json: there is no such file');
  });
});
