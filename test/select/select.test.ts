import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { type Selection, select } from '../../src/run/select.ts';
import { parse } from '../../src/runbook/parse.ts';

function runbook(path: string, tags: string, command: string) {
  const text = `---\ntags: [${tags}]\n---\n# The ${path} of it\n\n\`\`\`console {name=only-${path}}\n$ ${command}\n\`\`\`\n`;
  return parse(text, `${path}.md`, { expectationKeys: [] });
}

const all = [runbook('a', 'dns, slow', 'dig x'), runbook('b', 'dns', 'nslookup x'), runbook('c', '', 'true')];

async function left(selection: Selection): Promise<string> {
  return (await select(all, selection)).runbooks.map(({ path }) => path[0]).join('');
}

describe('a selection', () => {
  it.each([
    [{}, 'abc'],
    [{ tags: ['dns'] }, 'ab'],
    [{ tags: ['dns', '!slow'] }, 'b'],
    [{ tags: ['!slow'] }, 'bc'],
    [{ tags: ['slow', 'nowhere'] }, 'a'],
    [{ grep: 'THE b' }, 'b'],
    [{ grep: '^only-[ac]$' }, 'ac'],
    [{ grep: '^c\\.md$' }, 'c'],
    [{ grep: 'only', tags: ['dns'], steps: ['only-b'] }, 'b'],
    [{ shard: { index: 2, of: 2 } }, 'b'],
    [{ tags: ['dns'], shard: { index: 2, of: 2 } }, 'b'],
  ] as const)('%j leaves %s', async (selection, expected) => {
    expect(await left(selection)).toBe(expected);
  });

  it.each([
    [{ tags: ['nowhere'] }, 'nothing to run: no runbook has the tags nowhere'],
    [{ tags: ['dns', '!'] }, 'tags: "!" names no tag'],
    [{ tags: [''] }, 'tags: "" names no tag'],
    [{ grep: 'nowhere' }, 'nothing to run: no runbook matches "nowhere"'],
    [{ grep: '(' }, 'grep: Invalid regular expression'],
    [{ steps: ['only-b', 'nowhere'] }, 'no step is called "nowhere"'],
    [{ tags: ['dns'], steps: ['only-c'] }, 'no step is called "only-c"'],
    [{ shard: { index: 4, of: 4 } }, 'nothing to run: no runbook of 3 is left for shard 4/4'],
  ] as const)('%j is refused', async (selection, message) => {
    await expect(left(selection)).rejects.toThrow(UsageError);
    await expect(left(selection)).rejects.toThrow(message);
  });

  it.each([
    [{ tags: ['nowhere'], steps: ['only-b'] }, 'nothing to run: no runbook has the tags nowhere', 0],
    [{ grep: 'nowhere', shard: { index: 1, of: 2 } }, 'nothing to run: no runbook matches "nowhere"', 0],
    [{ shard: { index: 4, of: 4 } }, 'nothing to run: no runbook of 3 is left for shard 4/4', 3],
    [{ grep: '^c\\.md' }, undefined, 1],
  ] as const)('%j may leave nothing where that is allowed', async (selection, nothing, total) => {
    const selected = await select(all, { ...selection, passWithNoRunbooks: true });
    expect([selected.nothing, selected.total, selected.runbooks.length > 0]).toEqual([nothing, total, !nothing]);
    await expect(select(all, { steps: ['nowhere'], passWithNoRunbooks: true })).rejects.toThrow('no step is called');
  });

  it('knows how many there were before they were split', async () => {
    expect((await select(all, { tags: ['dns'], shard: { index: 1, of: 2 } })).total).toBe(2);
  });
});
