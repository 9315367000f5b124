import { describe, expect, it } from 'vitest';
import { type EditedLine, editOutputs } from '../../src/runbook/edit.ts';
import type { Step } from '../../src/runbook/types.ts';
import { stepsOf, transcript } from './reading.ts';

/** Lines as they are to be, each with what it is where it would be read as something else. */
const lines = (...texts: readonly string[]): EditedLine[] => texts.map((text) => ({ text, armoured: `${text} (eq)` }));
const kept = (index: number): EditedLine => ({ text: 'kept', armoured: 'kept (eq)', kept: index });

/** The document with other lines for its first step. */
function edited(source: string, to: readonly EditedLine[], exit?: number, cautious?: boolean): string {
  const [step] = stepsOf(source);
  return editOutputs(source, [{ step: step as Step, lines: to, exit }], cautious);
}

describe('new output', () => {
  it.each([
    ['takes the place of the old', transcript('$ x', 'a', 'b'), lines('c'), transcript('$ x', 'c')],
    ['stands below the command', transcript('$ x'), lines('a', 'b'), transcript('$ x', 'a', 'b')],
    ['goes between two commands', transcript('$ x', '$ y'), lines('a'), transcript('$ x', 'a', '$ y')],
    ['may be none', transcript('$ x', 'a', '', 'b', '$ y'), [], transcript('$ x', '$ y')],
    ['keeps its empty lines', transcript('$ x', 'a'), lines('b', '', 'c'), transcript('$ x', 'b', '', 'c')],
    [
      'leaves the empty lines below it',
      transcript('$ x', 'a', '', '$ y'),
      lines('b'),
      transcript('$ x', 'b', '', '$ y'),
    ],
    ['keeps lines to the byte', transcript('$ x', 'a  ', 'b'), [kept(0), ...lines('c')], transcript('$ x', 'a  ', 'c')],
    ['keeps later lines', transcript('$ x', 'a', 'b\t', 'c'), [kept(1)], transcript('$ x', 'b\t')],
    ['leaves the status', transcript('$ x', 'a', '[1]'), lines('b'), transcript('$ x', 'b', '[1]')],
    ['leaves the status above', transcript('$ x', '? 1', 'a'), lines('b'), transcript('$ x', '? 1', 'b')],
  ])('%s', (_, source, to, result) => {
    expect(edited(source, to)).toBe(result);
  });

  it.each([
    [
      'with the line ends of Windows',
      transcript('$ x', 'a').replaceAll('\n', '\r\n'),
      '```console\r\n$ x\r\nb\r\n```\r\n',
    ],
    ['with those of old Macs', transcript('$ x', 'a').replaceAll('\n', '\r'), '```console\r$ x\rb\r```\r'],
    ['in a quote', '> ```console\n> $ x\n> a\n> ```\n', '> ```console\n> $ x\n> b\n> ```\n'],
    ['in a list', '- ```console\n  $ x\n  a\n  ```\n', '- ```console\n  $ x\n  b\n  ```\n'],
    ['in an output block', '```sh\nx\n```\n\n```text output\na\n```\n', '```sh\nx\n```\n\n```text output\nb\n```\n'],
    ['in a hidden comment', '<!-- netlab console\n$ x\na\n-->\n', '<!-- netlab console\n$ x\nb\n-->\n'],
    ['in one that ends on its line', '<!-- netlab console\n$ x\na-->\n', '<!-- netlab console\n$ x\nb-->\n'],
    ['in one that ends on the command’s', '<!-- netlab console\n$ x-->\n', '<!-- netlab console\n$ x\nb-->\n'],
  ])('%s', (_, source, result) => {
    expect(edited(source, lines('b'))).toBe(result);
  });

  it('has no blanks of its own where a quote’s mark has one', () => {
    expect(edited('> ```console\n> $ x\n> a\n> ```\n', lines('b', '', 'c'))).toBe(
      '> ```console\n> $ x\n> b\n>\n> c\n> ```\n',
    );
  });

  it('of several steps is written from the last to the first', () => {
    const source = transcript('$ x', 'a', '$ y', 'b', '$ z');
    const edits = stepsOf(source).map((step, index) => ({
      step,
      lines: lines(`new ${index}`, 'more'),
      exit: undefined,
    }));
    expect(editOutputs(source, edits)).toBe(
      transcript('$ x', 'new 0', 'more', '$ y', 'new 1', 'more', '$ z', 'new 2', 'more'),
    );
    expect(editOutputs(source, edits.toReversed())).toBe(editOutputs(source, edits));
    expect(editOutputs(source, [])).toBe(source);
  });
});

describe('a new status', () => {
  it.each([
    ['stands below the output', ['$ x', 'a'], 2, ['$ x', 'b', '[2]']],
    ['takes the place of the old', ['$ x', 'a', '[1]'], 127, ['$ x', 'b', '[127]']],
    ['is written as the old', ['$ x', 'a', '? 13'], 2, ['$ x', 'b', '? 2']],
    ['stands above where the old did', ['$ x', '? 13', 'a'], 2, ['$ x', '? 2', 'b']],
    ['of 0 is none', ['$ x', 'a', '[1]'], 0, ['$ x', 'b']],
    ['of 0 is none above', ['$ x', '? 1', 'a'], 0, ['$ x', 'b']],
    ['comes after an empty line, if the old did', ['$ x', 'a', '', '[1]'], 3, ['$ x', 'b', '', '[3]']],
  ])('%s', (_, before, exit, after) => {
    expect(edited(transcript(...before), lines('b'), exit)).toBe(transcript(...after));
  });
});

describe('a new line that would be read as something else', () => {
  it.each([
    ['[1]', 'is the status, as the last'],
    ['? 1', 'is the status, as the first'],
    ['>', 'goes on with the command'],
    ['> a', 'goes on with the command'],
    ['```', 'ends the block'],
    ['  ~~~~  ', 'ends the block'],
    ['a --> b', 'ends a comment'],
    ['$ a', 'is another command'],
    ['root@host:~# a', 'is another command'],
  ])('%j: %s', (text) => {
    expect(edited(transcript('$ x'), lines(text))).toBe(transcript('$ x', `${text} (eq)`));
  });

  it.each(['>a', '[256]', '``', '``` a', 'a ```', '~~', '--', '# a', 'a $ b', '[1] a', 'a [1]'])(
    'is not %j',
    (text) => {
      expect(edited(transcript('$ x'), lines(text))).toBe(transcript('$ x', text));
    },
  );

  it('is so in its place only', () => {
    expect(edited(transcript('$ x'), lines('a', '> b', '? 1', '[1]', 'c', ''))).toBe(
      transcript('$ x', 'a', '> b', '? 1', '[1]', 'c', ''),
    );
    expect(edited(transcript('$ x'), lines('a', '[1]', ' '))).toBe(transcript('$ x', 'a', '[1] (eq)', ' '));
    expect(edited(transcript('# x'), lines('$ a'))).toBe(transcript('# x', '$ a'));
  });

  it('is any, where the first try was read as something else', () => {
    expect(edited(transcript('$ x', 'old'), [kept(0), ...lines('a')], undefined, true)).toBe(
      transcript('$ x', 'old', 'a (eq)'),
    );
  });

  it('is no prompt below a script', () => {
    const script = (line: string): string => `\`\`\`sh\nx\n\`\`\`\n\n\`\`\`text output\n${line}\n\`\`\`\n`;
    for (const line of ['$ b', '[1]', '> b']) expect(edited(script('a'), lines(line))).toBe(script(line));
    expect(edited(script('a'), lines('```'))).toBe(script('``` (eq)'));
  });
});
