import { describe, expect, it } from 'vitest';
import { isChecked } from '../../src/runbook/plan.ts';
import { brief, problemsOf, read, stepsOf, transcript } from './reading.ts';

const silent = transcript('$ a', '$ b');
const fence = (info: string, ...lines: readonly string[]): string =>
  ['```'.concat(info), ...lines, '```', ''].join('\n');

describe('a document that says nothing to netlab', () => {
  it('has only statuses checked where a block shows no output', () => {
    const { steps, note } = read(`${silent}\n${transcript('$ c', '$ d', 'out')}`);
    expect(steps.map((step) => [step.command, isChecked(step)])).toEqual([
      ['a', false],
      ['b', false],
      ['c', true],
      ['d', true],
    ]);
    expect(note).toBe('not written for netlab: of 2 of 4 steps only the status is checked');
  });

  it.each([
    ['an attribute', fence('sh {name=x}', 'x')],
    ['a misspelt attribute', fence('sh {nmae=x}', 'x'), ['unknown-attribute 6:8']],
    ['a hidden comment', '<!-- netlab timeout=5s -->\n\n'.concat(fence('sh', 'x'))],
    ['an output block', fence('sh', 'x') + fence('text output', 'y')],
    ['an expectation', fence('sh', 'x') + fence('yaml expect', 'exit: 0')],
    ['a pattern', transcript('$ x', 'at {{number}} ms')],
    ['a gap', transcript('$ x', 'at [..] ms')],
  ])('does not include one with %s', (_, more, problems: readonly string[] = []) => {
    expect(problemsOf(`${silent}\n${more}`)).toEqual(problems);
    if (problems.length > 0) return;
    const { steps, note } = read(`${silent}\n${more}`);
    expect([steps.slice(0, 2).every(isChecked), note]).toEqual([true, undefined]);
  });

  it('does not include one with a key of netlab in its front matter', () => {
    expect(read(`---\ntitle: x\nlab: sandbox\n---\n\n${silent}`).note).toBeUndefined();
    expect(read(`---\ntitle: x\n---\n\n${silent}`).note).toBeDefined();
  });

  it('has programs, and transcripts without a prompt, left alone', () => {
    const { steps, warnings } = read(
      `${fence('js', 'x')}${fence('ts', 'x')}${fence('console', 'x', 'y')}${fence('sh', 'x')}`,
    );
    expect(steps.map(({ kind }) => kind)).toEqual(['script']);
    expect(warnings.map(brief)).toEqual(['left-alone 1:1', 'left-alone 4:1', 'left-alone 8:1']);
    expect(problemsOf(`${fence('console', 'x')}${fence('sh {name=x}', 'x')}`)).toEqual(['no-prompt 2:1']);
    expect(stepsOf(`${fence('js', 'x')}${fence('sh {name=x}', 'x')}`)).toHaveLength(2);
  });

  it('has a script of nothing but comments left alone', () => {
    const comments = fence('sh', '# npm install foo', '', '  # or', '# yarn add foo');
    const { steps, warnings } = read(`${comments}${fence('sh', '# as root', 'x')}`);
    expect(steps.map(({ command }) => command)).toEqual(['# as root\nx']);
    expect(warnings.map(brief)).toEqual(['left-alone 1:1']);
    const own = read(`${comments}${fence('sh {name=x}', 'x')}`);
    expect([own.steps.length, own.warnings.map(brief)]).toEqual([1, ['empty-block 1:1']]);
  });

  it('has prompts of other kinds in scripts, and listings of other programs left alone', () => {
    const { steps, warnings } = read(
      fence('sh', '> a', 'out', '> b') + fence('bash', '% c') + fence('sh', '#!/usr/bin/env bats', 'd'),
    );
    expect(steps.map(({ command, expected }) => [command, expected?.lines])).toEqual([
      ['a', ['out']],
      ['b', undefined],
      ['c', undefined],
    ]);
    expect(warnings.map(brief)).toEqual(['left-alone 9:1']);
    expect(stepsOf(fence('sh {name=x}', '> a')).map(({ kind }) => kind)).toEqual(['script']);
    expect(stepsOf(fence('sh', '#!/bin/bash -e', 'd'))).toHaveLength(1);
  });

  it('may have front matter of another tool', () => {
    const { title, tags, warnings } = read('---\ntitle: Mine\nsidebar_position: 3\ntags: docker dns\n---\n\n# Other\n');
    expect([title, tags, warnings.map(brief)]).toEqual(['Mine', [], ['foreign-front-matter 1:1']]);
    expect(problemsOf('---\ntitle: Mine\nrequries: [x]\n---\n')).toEqual(['unknown-key 3:1']);
    expect(problemsOf('---\nlab: sandbox\nsidebar_position: 3\n---\n')).toEqual(['unknown-key 3:1']);
  });

  it('has comments between its commands', () => {
    const block = ['# first', '$ a', 'out', '', '# then', '', '$ b', '# c', '$ d'];
    const shown = (source: string) =>
      stepsOf(source).map(({ command, expected }) => [command, ...(expected?.lines ?? [])]);
    expect(shown(transcript(...block))).toEqual([['a', 'out'], ['b', '# c'], ['d']]);
    expect(shown(transcript('# a', 'out'))).toEqual([['a', 'out']]);
    expect(shown(transcript('# a', '# b'))).toEqual([['a'], ['b']]);
  });

  it('may have the line ends of Windows', () => {
    const { steps } = read(
      `${transcript('$ a \\', '> b', 'out', '$ c')}${fence('sh', 'd', 'e')}`.replaceAll('\n', '\r\n'),
    );
    expect(steps.map(({ command, expected }) => [command, ...(expected?.lines ?? [])])).toEqual([
      ['a \\\nb', 'out'],
      ['c'],
      ['d\ne'],
    ]);
  });
});

describe('a script that is fenced like a terminal', () => {
  it.each(['sh', 'bash', 'shell'])('%s is a transcript', (language) => {
    const steps = stepsOf(fence(`${language} {name=n}`, '# why', '$ a', 'out', '# and', '$ b', '[1]'));
    expect(steps.map(({ kind, command, expected, exit }) => [kind, command, expected?.lines, exit])).toEqual([
      ['command', 'a', ['out'], 0],
      ['command', 'b', undefined, 1],
    ]);
  });

  it.each(['$HOME/bin/x', 'a\n$ b', '# $ a\nb', '$'])('%j is a script', (text) => {
    expect(stepsOf(fence('sh', text)).map(({ kind }) => kind)).toEqual(['script']);
  });
});
