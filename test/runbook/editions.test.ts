import { describe, expect, it } from 'vitest';
import { compareEditions } from '../../src/runbook/editions.ts';
import { parse } from '../../src/runbook/parse.ts';
import { expectationKeys, transcript } from './reading.ts';

function drift(original: string, edition: string): string[] {
  const [first, second] = [parse(original, 'en.md', { expectationKeys }), parse(edition, 'zh.md', { expectationKeys })];
  return compareEditions(first, second).map(({ rule, message, hint, position: { file, line, column } }) => {
    expect([rule, file, column, hint]).toEqual(['edition-drift', 'zh.md', 1, 'Make it as in en.md.']);
    return `${line} ${message.replace('differs from en.md: ', '')}`;
  });
}

const sh = (info: string, body = 'x'): string => `\`\`\`sh ${info}\n${body}\n\`\`\`\n`;
const expectBlock = (text: string): string => `\`\`\`yaml expect\n${text}\n\`\`\`\n`;
const task = (heading: string, check: string, more = ''): string =>
  `${heading}\n\n${more}\`\`\`sh {check description="${heading}"}\n${check}\n\`\`\`\n\n\`\`\`sh solution\ntrue\n\`\`\`\n\n`;

describe('editions', () => {
  it('are the same whatever their prose, front matter in words, and places', () => {
    expect(
      drift(`# One\n\n${transcript('$ a', 'b')}`, `---\ntitle: Two\nlang: zh\n---\n\n${transcript('$ a', 'b')}`),
    ).toEqual([]);
    expect(drift(sh('{skip="not yet"}'), sh('{skip="noch nicht"}'))).toEqual([]);
  });

  it.each([
    ['a command', transcript('$ a', 'b'), transcript('$ c', 'b'), ['2 its command (line 2 there)']],
    ['output', transcript('$ a', 'b'), transcript('$ a', 'c'), ['2 its expected output (line 2 there)']],
    ['output that is missing', transcript('$ a', 'b'), transcript('$ a'), ['2 its expected output (line 2 there)']],
    ['a name', sh('{name=a}'), sh('{name=b}'), ['2 its "name" (line 2 there)']],
    ['a limit', sh('{timeout=1s}'), sh('{timeout=2s}'), ['2 its "timeoutMs" (line 2 there)']],
    ['an environment', sh('{env.A=1}'), sh('{env.A=2}'), ['2 its "env" (line 2 there)']],
    ['a prompt', transcript('$ a', 'b'), transcript('# a', 'b'), ['2 its "prompt" (line 2 there)']],
    [
      'an expectation',
      sh('') + expectBlock('exit: 0'),
      sh('') + expectBlock('lines: 0'),
      ['2 its expectations (line 2 there)'],
    ],
    [
      'an expected value',
      sh('') + expectBlock('lines: 1'),
      sh('') + expectBlock('lines: 2'),
      ['2 its expectations (line 2 there)'],
    ],
    [
      'steps that are missing',
      sh('', 'a') + sh('', 'b') + sh('', 'c'),
      sh('', 'a'),
      ['4 2 steps are missing, from line 5 there on'],
    ],
    ['steps too many', sh('', 'a'), `\n${sh('', 'a')}${sh('', 'b')}`, ['6 this step and those after it are not there']],
    [
      'several at once',
      transcript('$ a', 'x', '$ b', 'y'),
      transcript('$ a', '1', '$ b', '2'),
      ['2 its expected output (line 2 there)', '4 its expected output (line 4 there)'],
    ],
    ['the lab', sh('{name=a}'), `---\nlab: docker\n---\n${sh('{name=a}')}`, ['1 the lab']],
    [
      'the lab’s network',
      `---\nlab: { nodes: { a: }, network: host }\n---\n`,
      `---\nlab: { nodes: { a: } }\n---\n`,
      ['1 the lab'],
    ],
  ])('differ in %s', (_, original, edition, found) => {
    expect(drift(original, edition)).toEqual(found);
  });

  it('of a lab are the same at other places of the document', () => {
    expect(drift('---\nlab: { nodes: { a: } }\n---\n', '---\ntitle: x\nlab:\n  nodes:\n    a:\n---\n')).toEqual([]);
  });

  describe('of an exercise', () => {
    it('are the same whatever they tell the learner', () => {
      expect(
        drift(task('# T {exercise name=t}', 'echo "not yet"'), task('# U {exercise name=t}', 'echo "noch nicht"')),
      ).toEqual([]);
    });

    it.each([
      [
        'a check',
        task('# T {exercise name=t}', 'test -e /a'),
        task('# T {exercise name=t}', 'test -e /b'),
        ['4 its command (line 4 there)'],
      ],
      [
        'a name',
        task('# T {exercise name=t}', 'true'),
        task('# T {exercise name=u}', 'true'),
        ['1 its tasks: their names, requirements and numbers of hints'],
      ],
      [
        'hints',
        task('# T {exercise name=t}', 'true', '<details><summary>Hint</summary>\n\nx\n\n</details>\n\n'),
        task('# T {exercise name=t}', 'true', '\n\n\n\n'),
        ['1 its tasks: their names, requirements and numbers of hints'],
      ],
      [
        'requirements',
        task('# S {exercise name=s}', 'true') + task('# T {exercise name=t requires=s}', 'true'),
        task('# S {exercise name=s}', 'true') + task('# T {exercise name=t}', 'true'),
        ['1 its tasks: their names, requirements and numbers of hints'],
      ],
    ])('differ in %s', (_, original, edition, found) => {
      expect(drift(original, edition)).toEqual(found);
    });
  });
});
