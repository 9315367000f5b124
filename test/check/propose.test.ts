import { describe, expect, test } from 'vitest';
import { writeLine } from '../../src/check/parts.ts';
import { compileLine } from '../../src/check/pattern.ts';
import { propose, sourcesOf } from '../../src/check/propose.ts';
import { proposeLine } from '../../src/check/propose-line.ts';

const now = new Date('2026-11-24T12:00:00Z');

/** Of old lines and what runs printed: the new lines, which of them are old (`k`), new or `...`, what the last run captured. */
describe('expected output that is written anew', () => {
  test.each<[string, string, string[], string, string, string?]>([
    ['contains', 'b', ['a\nb\nc'], 'b', 'k0'],
    ['contains', 'first 1\nlast 1', ['zero\nfirst 2\nmid\nlast 2\nend'], 'first 2\nmid', 'n n'],
    [
      'contains',
      'eth0 mtu 1500 up\n...\neth1 mtu 1500 up',
      ['x\neth0 mtu 9000 up\ny\nz\neth1 mtu 9000 up\nq'],
      'eth0 mtu 9000 up\n...\neth1 mtu 9000 up',
      'n k1 n',
    ],
    ['contains', 'quite another', ['a\nb'], 'a\nb', 'n n'],
    ['contains', 'b c 1\nx (?)\nd e 1', ['a\nb c 2\nd e 2\nz'], 'b c 2\nx (?)\nd e 2', 'n k1 n'],
    ['contains', 'b c 1\nx (*)\nd e 1', ['a\nb c 2\nx\nx\nd e 2\nz'], 'b c 2\nx (*)\nd e 2', 'n k1 n'],
    ['contains', 'a b {{n:int}}\n{{n}} x', ['q\na b 7\n8 x\nr'], 'a b {{n:int}}\n8 x', 'k0 n', 'n=7'],
    ['contains', '', ['a'], 'a', 'n'],
    ['contains', 'a\n\n', ['b\na\nc'], 'a\n\n', 'k0 k1 k2'],
    ['contains', 'a b c\n\n', ['b\na b d\nc'], 'a b d\n\n', 'n k1 k2'],
    ['unordered', 'a\nb\nc', ['c\nx\na'], 'a\nc\nx', 'k0 k2 n'],
    ['unordered', 'a (+)\nb', ['a\na\nx\nb'], 'a (+)\nb\nx', 'k0 k1 n'],
    ['unordered', 'a (*)\nb (?)\nc', ['x'], 'a (*)\nb (?)\nx', 'k0 k1 n'],
    ['unordered', '...\na', ['x\na\ny'], '...\na', 'k0 k1'],
    ['unordered', '...\nb', ['x\na'], '...\na\nx', 'k0 n n'],
    ['unordered', '{{int}}\n{{int}}\nz', ['1\n2\ny'], '{{int}}\n{{int}}\ny', 'k0 k1 n'],
    ['unordered', '{{n:int}} a\n{{n}} b', ['2 b\n1 a\nz'], '{{n:int}} a\n2 b\nz', 'k0 n n', 'n=1'],
    ['unordered', 'b\na', ['b\na', 'a\nb'], 'b\na', 'k0 k1'],
    ['unordered', 'old', ['b 1\na 2', 'a 7\nb 1'], 'a {{int}}\nb 1', 'n n'],
    ['unordered', 'old', ['b\na\nc', 'c\nb\na'], 'a\nb\nc', 'n n n'],
    ['exact', 'a\n{{x}}\nb', ['a\nq\nb'], 'a\nq\nb', 'k0 n k2'],
    ['exact', 'a\n{{x}}\nb {{n:int}}', ['a\nq\nc 7'], 'a\nq\nc {{n:int}}', 'k0 n n', 'n=7'],
    ['exact', '(( (re)\nb {{n:int}} x', ['a\nb 7 y'], 'a\nb {{n:int}} y', 'n n', 'n=7'],
    ['exact', 'a (+)\nb c d', ['a\na\na\nb c e'], 'a (+)\nb c e', 'k0 n'],
    ['exact', 'a (*)\nb c d', ['b c e'], 'a (*)\nb c e', 'k0 n'],
    ['exact', 'a (?)\nb c d', ['b c e'], 'a (?)\nb c e', 'k0 n'],
    ['exact', 'a (?)\nb c d', ['a\nb c e'], 'a (?)\nb c e', 'k0 n'],
    ['exact', 'a\n...\nb c d', ['a\n1\n2\nb c e'], 'a\n...\nb c e', 'k0 k1 n'],
    [
      'exact',
      '...\na b 1\n...\nc d 1\n...',
      ['1\na b 2\n2\n3\nc d 2\n4'],
      '...\na b 2\n...\nc d 2\n...',
      'k0 n k2 n k4',
    ],
    ['exact', '...\na b 1\n...\nc d 1\n...', ['a b 2\nc d 2'], '...\na b 2\n...\nc d 2\n...', 'k0 n k2 n k4'],
    ['exact', '...\nnothing like it\n...', ['x y\nz'], 'x y\nz', 'n n'],
    ['exact', 'begin\n...\nend', ['begin\nx\nfin'], 'begin\n...\nfin', 'k0 k1 n'],
    ['exact', 'a', ['a\nb', 'a\nc d'], 'a\n.* (re)', 'k0 n'],
    ['exact', 'a\n...\nz', ['a\n1\nz q', 'a\n2\n3 w\nz q'], 'a\n...\nz q', 'k0 k1 n'],
    ['exact', 'a\n...', ['a\n1\nz q', 'b\n2\n3 w\nz q'], '{{word}}\n...', 'n k1'],
    ['exact', '{{n:int}} a\n{{n}} b', ['1 a\n1 c', '2 a\n2 c'], '{{n:int}} a\n{{n}} c', 'k0 n', 'n=2'],
    ['exact', '{{n:int}} a\n{{n}} b', ['1 x\n1 c', '2 x\n2 c'], '{{n:int}} x\n{{n}} c', 'n n', 'n=2'],
    ['exact', 'a\n\n\n', ['b'], 'b\n\n\n', 'n k1 k2 k3'],
    ['exact', 'a\n\nb', ['a\n\nc'], 'a\n\nc', 'k0 k1 n'],
    ['exact', '', ['', ''], '', ''],
    ['exact', 'a', ['', ''], '', ''],
    ['exact', '', ['a\n\n\nb\n\n'], 'a\n\n\nb', 'n n n n'],
    ['exact', 'a\nb', ['b\na'], 'b\na', 'n n'],
    ['exact', 'one\ntwo\nthree', ['one\ntwo and a half\nthree'], 'one\ntwo and a half\nthree', 'k0 n k2'],
    ['exact', 'one word\ntwo words', ['zero\none word\ntwo words more'], 'zero\none word\ntwo words more', 'n k0 n'],
    ['exact', 'x (no-eol)', ['y'], 'y', 'n'],
    ['exact', 'x (no-eol)', ['x\n'], 'x', 'n'],
    ['exact', 'a\n...\n...\nb', ['a\nc'], 'a\n...\nc', 'k0 k1 n'],
    ['exact', '...', ['a'], '...', 'k0'],
    ['exact', 'a [..]\n...\n...', ['b 1\nx y', 'b 2\nq w\nz'], 'b [..]\n...', 'n k1'],
  ])('%s %j after %j: %j', (mode, old, runs, lines, kinds, names = '') => {
    const asked = old === '' ? [] : old.split('\n');
    const printed = runs.map((text) => ({
      text: text === '' || old.includes('(no-eol)') ? text : `${text}\n`,
      captures: new Map(),
    }));
    const proposal = propose(asked, mode as 'exact', printed, now);
    expect(sourcesOf(proposal.lines, asked).join('\n')).toBe(lines);
    const told = proposal.lines.map((line) => (line.kind === 'kept' ? `k${line.index}` : line.kind.slice(0, 1)));
    expect(told.join(' ')).toBe(kinds);
    expect([...(proposal.captures.at(-1) ?? [])].map((each) => each.join('=')).join(' ')).toBe(names);
  });
});

describe('a line that is written anew', () => {
  test.each<readonly [old: string | null, texts: readonly string[], line: string]>([
    [null, ['a 12 b'], 'a 12 b'],
    [null, ['Mem: 1 2 3 4', 'Mem: 1 2 3 5'], 'Mem: 1 2 3 {{int}}'],
    [null, ['Mem: 1 2 3 4', 'Mem: 1 5 6 4'], 'Mem: 1 {{int}} {{int}} 4'],
    [null, ['Mem: 1 2 3 4 9', 'Mem: 1 5 6 7 9'], 'Mem: {{int}} {{int}} {{int}} {{int}} {{int}}'],
    [null, ['Mem: 1 2 3 4 8 9', 'Mem: 1 5 6 7 8 9'], 'Mem: 1 {{int}} {{int}} {{int}} 8 9'],
    [null, ['Mem: 1 2 3 4 7 8 9', 'Mem: 1 5 6 7 7 8 9'], 'Mem: 1 {{int}} {{int}} {{int}} 7 8 9'],
    [null, ['x 1.5 2.5 3.5 4.5', 'x 1.5 2.6 3.6 4.6'], 'x {{number}} {{number}} {{number}} {{number}}'],
    [null, ['veth12ab up', 'veth34cd up'], 'veth{{hex}} up'],
    [null, ['veth12a up', 'veth34c up'], '{{word}} up'],
    [null, ['veth12ab up', 'vath34cd up'], '{{word}} up'],
    [null, ['veth12ab up', 'veth34cdz up'], '{{word}} up'],
    [null, ['br-12ab34 up', 'br-55ab34 up'], 'br-{{hex}} up'],
    [null, ['a bad word', 'a bed word'], 'a {{word}} word'],
    [null, ['a b4d word', 'a b5d word'], 'a {{hex}} word'],
    [null, ['a b4d word', 'a b55d word'], 'a {{word}} word'],
    [null, ['a dead x', 'a beef x'], 'a {{word}} x'],
    [null, ['at 10.0.0.1 x', 'at fe80::1 x'], 'at {{ip}} x'],
    [null, ['a  b', 'a b'], 'a [..]b'],
    [null, ['a b', 'a\tb'], 'a[..]b'],
    [null, ['a, b', 'a; b'], 'a{{word}} b'],
    [null, ['a    12 x', 'a     3 x'], 'a [..]{{int}} x'],
    [null, ['a   12   b', 'a   9   b'], 'a [..]{{int}} [..]b'],
    [null, ['12   b', '9   b'], '{{int}} [..]b'],
    [null, ['   12 b', '   9 b'], '[..]{{int}} b'],
    [null, ['02:42:ac:11:00:02   b', '02:42:ac:11:00:03   b'], '{{mac}}   b'],
    [null, ['x is up', 'x is not up'], 'x is [..]up'],
    [null, ['x is up', 'x was up'], 'x {{word}} up'],
    [null, ['x y', 'x'], '\\x78.* (re)'],
    [null, ['one two three', '1 2'], '.* (re)'],
    [null, ['pre-a1-post z', 'pre-b22c-d-post z'], 'pre-{{word}}-post z'],
    [null, ['same', 'same'], 'same'],
    [null, ['id 4d7f3c6e2a10', 'id 4d7f3c6e2a10'], 'id 4d7f3c6e2a10'],
    [null, ['id 4d7f3c6e2a10'], 'id {{id}}'],
    [null, ['mac 02:42:ac:11:00:02'], 'mac {{mac}}'],
    [null, ['u 123e4567-e89b-12d3-a456-426614174000'], 'u {{uuid}}'],
    ['eth0 mtu {{int}}', ['eth1 mtu 1500'], 'eth1 mtu {{int}}'],
    ['{{word}} mtu 9', ['eth1 mtu 10'], '{{word}} mtu 10'],
    ['{{path}} mtu 9', ['/a/b mtu 10'], '{{path}} mtu 10'],
    ['[..] mtu 9', ['some thing mtu 10'], '[..] mtu 10'],
    ['{{any}} mtu 9 x', ['some thing mtu 10 y'], '{{any}} mtu 10 y'],
    ['{{int}} {{int}} x', ['5 6 y'], '{{int}} {{int}} y'],
    ['{{int}} {{int}} x', ['5 z y'], '{{int}} z y'],
    ['a {{int}} (glob)', ['a 5 b'], 'a 5 b'],
    ['a {{int}} x (+)', ['a 5 y'], 'a 5 y'],
    ['a {{int}} x (?)', ['a 5 y'], 'a 5 y'],
    ['a {{int}} x (no-eol)', ['a 5 y'], 'a 5 y'],
    ['x{{ip}} via {{ip}}', ['y10.0.0.1 via 10.0.0.2'], 'y10.0.0.1 via {{ip}}'],
    ['no [..] (re)', ['x'], 'x'],
    ['{{a:int}} b {{a}} c', ['5 b 5 d'], '{{a:int}} b 5 d'],
    ['{{a:int}} b {{a}} c', ['5 b 6 d'], '{{a:int}} b 6 d'],
    ['{{mac}} x', ['02:42:ac:11:00:02 y', '02:42:ac:11:00:03 y'], '{{mac}} y'],
    ['{{m:mac}} x', ['02:42:ac:11:00:02 y', '02:42:ac:11:00:03 y'], '{{m:mac}} y'],
    ['{{int}} x', ['5 y', 'z y'], '{{word}} y'],
    ['up [..] now', ['up 5 min now!', 'up 6 hrs, 2 now!'], 'up [..] now!'],
    ['[..]a[..] q', ['b a c w'], '[..]a[..] w'],
  ])('%j after %j: %s', (old, texts, line) => {
    const captures = texts.map(() => new Map());
    const parts = proposeLine({ texts, captures, now }, old === null ? undefined : compileLine(old, new Set(['a'])));
    expect(writeLine(parts).text).toBe(line);
  });

  test('asks for what is known by its name where every run agrees', () => {
    const captures = [
      new Map([
        ['host', '10.0.0.1'],
        ['n', '5'],
      ]),
      new Map([
        ['host', '10.0.0.2'],
        ['n', '5'],
      ]),
    ];
    const line = (...texts: string[]) => writeLine(proposeLine({ texts, captures, now })).text;
    expect(line('at 10.0.0.1 5', 'at 10.0.0.2 6')).toBe('at {{host}} {{int}}');
    expect(line('at 10.0.0.1 5', 'at 10.0.0.3 5')).toBe('at {{ipv4}} 5');
    expect(line('at 10.0.0.3 5', 'at 10.0.0.2 5')).toBe('at {{ipv4}} 5');
  });

  test('keeps a name that was asked for where it still holds', () => {
    const captures = [new Map([['n', '5']]), new Map([['n', '6']])];
    const line = (...texts: string[]) => {
      return writeLine(proposeLine({ texts, captures, now }, compileLine('is {{n}} old', new Set(['n'])))).text;
    };
    expect(line('is 5 new', 'is 6 new')).toBe('is {{n}} new');
    expect(line('is 5 new', 'is 5 new')).toBe('is 5 new');
    expect(line('is 7 new', 'is 8 new')).toBe('is {{int}} new');
  });
});
