import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRecords } from '../../src/cli/records.ts';
import type { RunbookResult, RunStatus } from '../../src/events.ts';
import { runbook } from '../report/run-events.ts';
import { folderOf } from './folder.ts';

const folder = folderOf({ '.git/HEAD': '', 'docs/a.md': '', 'docs/b.md': '', 'c.md': '', 'state/x': '' });
const env = { XDG_STATE_HOME: join(folder, 'state') };
const records = (where = 'docs') => openRecords(join(folder, where), env);

function result(name: string, status: RunStatus, duration: number): RunbookResult {
  return runbook([], { path: join(folder, name), status, duration_ms: duration });
}

function stateFile(): string {
  const [name = ''] = readdirSync(join(folder, 'state/netlab'));
  return join(folder, 'state/netlab', name);
}

describe('what is remembered of a project', () => {
  it('is what failed last, and how long a pass took', () => {
    expect(records().failed.size + records().durations.size).toBe(0);
    records().add([result('docs/a.md', 'passed', 40), result('docs/b.md', 'failed', 5), result('c.md', 'errored', 1)]);
    records('.').add([result('docs/a.md', 'failed', 3), result('c.md', 'interrupted', 2)]);
    records().add([result('docs/b.md', 'passed', 60), result('docs/a.md', 'skipped', 0)]);
    const { failed, durations } = records();
    expect([...failed].sort()).toEqual([join(folder, 'c.md'), join(folder, 'docs/a.md')]);
    expect(durations).toEqual(
      new Map([
        [join(folder, 'docs/a.md'), 40],
        [join(folder, 'docs/b.md'), 60],
      ]),
    );
    expect(readdirSync(join(folder, 'state/netlab'))).toHaveLength(1);
  });

  it('is no time of a part of a run, by which the other parts are still to be made', () => {
    records().add([result('docs/b.md', 'passed', 90)], { times: false });
    expect(records().durations.get(join(folder, 'docs/b.md'))).toBe(60);
  });

  it('does not keep what is no longer there', () => {
    rmSync(join(folder, 'c.md'));
    records().add([]);
    expect(readFileSync(stateFile(), 'utf8')).not.toContain('c.md');
  });

  it.each(['', '{', '[]', '{"version":2}', '{"version":1,"project":"x","runbooks":{"a":{"status":7}}}', '\0\0'])(
    'is nothing when the file is damaged: %j',
    (damaged) => {
      writeFileSync(stateFile(), damaged);
      expect(records().failed.size).toBe(0);
      records().add([result('docs/b.md', 'failed', 1)]);
      expect(records().failed).toEqual(new Set([join(folder, 'docs/b.md')]));
    },
  );

  it('says nothing when it cannot be kept', () => {
    const file = join(folder, 'state/x');
    const blocked = openRecords(folder, { XDG_STATE_HOME: file });
    blocked.add([result('docs/b.md', 'failed', 1)]);
    expect(openRecords(folder, { XDG_STATE_HOME: file }).failed.size).toBe(0);
  });
});
