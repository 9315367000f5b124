// `node bench/hostile.mjs [name…]`: what documents of 1 MiB that nobody would write cost `netlab check`, as /usr/bin/time has it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MIB = 1024 * 1024;
const F = '```';

/** As often as fits into 1 MiB. @param {string} text */
const fill = (text, before = '', after = '') => {
  const room = MIB - before.length - after.length;
  return before + text.repeat(Math.ceil(room / text.length)).slice(0, room) + after;
};
/** As many lines as are read. @param {(index: number) => string} line */
const lines = (line, count = 59_900) =>
  Array.from({ length: count }, (_, index) => `${line(index)}\n`)
    .join('')
    .slice(0, MIB - 300);
/** @param {readonly string[]} cycle */
const cycle = (...cycle) => lines((index) => cycle[index % cycle.length] ?? '');
/** @param {string} body */
const block = (info, body) => `${F}${info}\n${body}\n${F}\n`;

/** @type {Record<string, string | Buffer>} */
const shapes = {
  'one endless line': fill('a'),
  'endless words': fill('a b '),
  'quotes nested deep': fill('>'),
  'lists nested deep': fill('- '),
  'lists in quotes': fill('- > '),
  'lists nested by indentation': lines((index) => `${' '.repeat(2 * index)}- a`, 1000).slice(0, MIB),
  'list items': cycle('- *a'),
  'many lists': cycle('- a', '', 'x', ''),
  'quoted lines': lines((index) => (index % 990 ? '> *a' : '# x')),
  'a million fences': fill(`${F}\n`),
  'fences, all the lines': cycle(F),
  scripts: cycle(`${F}sh`, 'x', F),
  'one fence of a million marks': fill('`'),
  emphasis: fill('*a **b _c '),
  brackets: fill('['),
  images: fill('!['),
  links: fill('[a](b) '),
  escapes: fill('\\*'),
  'character references': fill('&a;'),
  'code spans': fill('a `` b ` c ``` '),
  'a wide table': fill('|a'),
  'a long table': fill('| a | b |\n', '| a | b |\n|---|---|\n').split('\n').slice(0, 59_900).join('\n'),
  HTML: cycle('<a b="c">', ''),
  'open tags': fill('<a '),
  'comments in a line': fill('<!-- netlab x=1 -->'),
  'hidden blocks': cycle('<!-- netlab', 'true', '-->', ''),
  NULs: fill('\0'),
  'invalid UTF-8': Buffer.alloc(MIB, 0xc3),
  'lone CRs': fill('\r'),
  'blank lines': cycle(''),
  'YAML of brackets': fill('[', '---\na: ', '\n---\n'),
  'YAML bomb': '---\na: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n---\n',
  'YAML of anchors': fill('&a ', '---\na: ', '\n---\n').slice(0, 60_000).concat('\n---\n'),
  'YAML nested by indentation': `---\n${lines((index) => `${' '.repeat(index)}a:`, 350)}---\n`,
  'YAML of 4,000 keys': `---\nenv:\n${lines((index) => `  E${index}: 1`, 4000)}---\n`,
  'YAML in 64 KiB of dashes': `---\na:\n  ${'- '.repeat(30_000)}\n---\n`,
  'unknown expectations': `${block('sh', 'x')}${block(
    'yaml expect',
    lines((index) => `k${index}: 1`, 6000),
  )}`,
  attributes: block(`sh {${'a=b '.repeat(260_000)}}`, 'x'),
  'quotes in attributes': block(`sh {a=${'"'.repeat(1_000_000)}`, 'x'),
  'here-documents without an end': block(
    'console',
    lines((index) => `$ cat <<A${index}`),
  ),
  'another prompt in each line': block(
    'console',
    lines((index) => `h${index}# a`),
  ),
  'continuation lines': block('console', `$ a\n${lines(() => '> a')}`),
  captures: block(
    'console',
    lines((index) => (index % 2 ? `{{a${index}:ip}}` : `$ echo $a${index - 1}`)),
  ),
  'nested repetition in a pattern': block('console', `$ a\n${'(a*)*'.repeat(200_000)} (re)`),
  'wildcards in a line': block('console', `$ a\n${'[..]'.repeat(250_000)}`),
  'quotes of two indentations': cycle('> a', '>  b'),
  'items of two kinds': cycle('- a', '* b', '', ''),
  'items of two depths': lines((index) => (index % 900 ? `${' '.repeat((index % 2) * 2)}- a` : '# x')),
  'items 24 deep': lines((index) => `${' '.repeat(2 * (index % 24))}- a`),
  'items 24 deep, then lines of theirs':
    `${lines((index) => `${' '.repeat(2 * index)}- a`, 24)}${lines(() => `${' '.repeat(48)}a`)}`.slice(0, MIB),
  'quotes 48 deep': lines(() => `${'>'.repeat(48)}a`),
  'quotes 48 deep that go on without marks': `${'>'.repeat(48)}a\n${lines(() => 'a')}`,
  'quotes in items 24 deep': lines(() => `${'- > '.repeat(16)}a`),
  definitions: cycle('[a]: b'),
  'definitions with titles that never end': cycle('[a]: b', '"c', ''),
  'labels that never end': `${cycle('[a')}`,
  'comments in items': cycle('- <!--', '  a'),
  'comments in quotes': cycle('> <!--', '', '<!--'),
  'one paragraph': cycle('a'),
  'headings without an end': cycle('a', '  ---x'),
  'blank items': cycle('-', ''),
  'numbered items': lines((index) => `${index}. a`),
  'fences never closed in items': cycle('- ```'),
  'indented code': cycle('     a', ''),
  'processing instructions': cycle('<?', 'a'),
  headings: cycle('# a'),
  'underlined headings': cycle('a', '---', 'b', '==='),
  'fences in items': lines((index) => ['- ```sh', '  x', '  ```', '', '# a'][index % 5] ?? ''),
  'fences in quotes': cycle('> ```sh', '> x', '> ```', ''),
  'fences of growing length': lines((index) => '`'.repeat(3 + index), 1400),
  'nothing but blanks': fill(' '),
  'lines of tabs': cycle('\t\t\t\t\t\t\t\t- a'),
  'pairs of surrogates': fill('\u{1F600}`'),
  'commands by the ten thousand': block('console', cycle('$ a', 'b')),
  'expectations by the thousand': cycle(`${F}sh`, 'x', F, `${F}yaml expect`, 'lines: 1', F),
  'attributes in a comment before each block': cycle('<!-- netlab timeout=5s -->', `${F}sh`, 'x', F),
  'patterns by the ten thousand': block(
    'console',
    `$ a\n${cycle('(a+)+$ (re)', '*a*b* (glob*)', '{{ip}}[..]{{mac}}', '...')}`,
  ),
  'blanks in a heading': fill(' ', '# a', 'b\n'),
  'braces of an exercise that never end': fill('exercise ', '# {'),
  'blanks in a placeholder': block('console', `$ a\n{{a:${' '.repeat(1_000_000)}x`),
  'blanks in a task': fill(' ', '# T {exercise}\n\na', 'b\n'),
  'tags that never end': fill('<details ', '# T {exercise}\n\n'),
  'summaries that never end': fill('<summary>', '# T {exercise}\n\n<details>', '</details>\n'),
  'brackets in a summary': fill('<', '# T {exercise}\n\n<details><summary>', '</summary></details>\n'),
  'comments that never end': fill('<!--', '# T {exercise}\n\n<details>'),
  'arithmetic that never ends': block('console', `$ ${'(('.repeat(500_000)}\n{{a:ip}}`),
  tasks: lines((index) => [`# T${index} {exercise}`, '', '<details>', '', '</details>', ''][index % 6] ?? ''),
  'expectations of the first step': `${block('sh {name=first}', 'true')}${lines(
    (index) => [`${F}sh`, 'x', F, `${F}yaml expect {of=first}`, 'lines: 1', F][index % 6] ?? '',
    59_892,
  )}`,
  'a session for each block': lines((index) => [`${F}console {session=s${index}}`, '$ a', F][index % 3] ?? '', 59_898),
  'networks of one node': `---\nlab:\n  nodes: { a: , br: { kind: bridge } }\n  links:\n${lines(
    (index) => `  - { endpoints: [a:e${index}, br], addresses: [10.${index >> 8}.${index & 255}.1/24] }`,
    950,
  )}---\n`,
  'settings of rules in each block': lines(
    (index) => [`${F}sh {lint.lone-session=off}`, 'x', F][index % 3] ?? '',
    43_200,
  ),
  'a pattern of alternatives': block('console', `$ a\n(${'a|'.repeat(500_000)}b) (re)`),
  'YAML of 4,500 unknown keys': `---\ntitle: x\n${lines((index) => `titl${index}: x`, 4500)}---\n`,
  'items 16 deep, short': lines((index) => `${' '.repeat(2 * (index % 16))}- - - - - - - a`, 399),
  'quotes and items by turns, short': lines((index) => `${index % 2 ? '> - > - > - > ' : '- > - > - > - '}a`, 399),
  'lines of eight quotes, short': `>>>>>>> a\n${lines(() => 'a'.repeat(160), 397)}`,
  'labels that never end, short': lines(() => '[a'.repeat(80), 399),
  'HTML in items, short': lines(() => '- - - - - - - <!-- a', 399),
  'suffixes after suffixes': block('console', `$ a\n${' (re)'.repeat(200_000)}`),
};

const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
const wanted = process.argv.slice(2);
try {
  console.log('| document | status | processor | memory |\n| --- | --- | --- | --- |');
  for (const [name, text] of Object.entries(shapes)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const [path, times] = [join(folder, 'doc.md'), join(folder, 'times')];
    writeFileSync(path, text);
    const command = ['dist/netlab.cjs', 'check', path];
    const { status } = spawnSync('/usr/bin/time', ['-f', '%U %S %M', '-o', times, 'timeout', '60', ...command]);
    const [user = 0, system = 0, kib = 0] = (readFileSync(times, 'utf8').trim().split('\n').at(-1) ?? '')
      .split(' ')
      .map(Number);
    console.log(`| ${name} | ${status} | ${(user + system).toFixed(1)} s | ${Math.round(kib / 1024)} MB |`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
