import { describe, expect, it } from 'vitest';
import { matchesAnything } from '../../src/check/index.ts';
import { judge, lint } from '../../src/runbook/lint.ts';
import { parse } from '../../src/runbook/parse.ts';
import { processorTime } from '../processor-time.ts';
import { expectationKeys, transcript } from './reading.ts';

const vocabulary = { matchesAnything, capabilities: ['ping', 'docker', 'ipv6'] };

/** The findings of one rule, as `line:column message | hint`. */
function told(rule: string, source: string): string[] {
  const runbook = parse(source, 'doc.md', { expectationKeys });
  return judge(lint(runbook, vocabulary), runbook, new Map())
    .filter((each) => each.rule === rule)
    .map(({ position: { line, column }, message, hint }) => `${line}:${column} ${message} | ${hint}`);
}

/** The places of its findings alone. */
const places = (rule: string, source: string): string[] =>
  told(rule, source).map((each) => each.split(' ', 1)[0] ?? '');

const consoleWith = (info: string, ...lines: string[]): string =>
  transcript(...lines).replace('console', `console ${info}`);
const sh = (info: string, ...body: string[]): string => [`\`\`\`sh ${info}`, ...body, '```', ''].join('\n');
const expecting = (text: string): string => `\`\`\`yaml expect\n${text}\n\`\`\`\n`;
const inQuote = (source: string): string => source.replaceAll(/^(?=.)/gm, '> ');
const nodes = '---\nlab: { nodes: { a: {}, b: {} } }\n---\n';

describe('ambiguous-name', () => {
  const rule = 'ambiguous-name';

  it('tells a name that a command of another block has', () => {
    expect(told(rule, consoleWith('{name=x}', '$ a', '$ b') + sh('{name=x-2}', 'c'))).toEqual([
      '6:1 two steps are called "x-2" | The other one is at line 3: the commands of a block named x are x, x-2, x-3.',
    ]);
  });

  it.each([
    ['7', ['2:3']],
    ['12', ['2:3']],
    ['x7', []],
    ['7x', []],
  ])('tells a name that is a number: %s', (name, found) => {
    expect(places(rule, consoleWith(`{name=${name}}`, '$ a'))).toEqual(found);
  });
});

describe('captures', () => {
  const value = (text: string): string => transcript('$ a') + expecting(text);

  it.each([
    ['a space within the braces', transcript('$ a', '{{ x : ip }}', '$ b', '...'), ['3:1']],
    ['several on several lines', transcript('$ a', '{{x:ip}}', 'b {{y:int}} {{z:ip}}', '$ b'), ['3:1', '4:3', '4:13']],
    ['lines of a quote', inQuote(transcript('$ a', 'x', 'at {{x:ip}}', '$ b')), ['4:6']],
    ['lines of an output block', `${sh('', 'a')}\`\`\`text output\nx\n\n{{x:ip}}\n\`\`\`\n`, ['7:1']],
    ['an expectation', value('stdout: "{{x:ip}}"'), ['5:1']],
    ['an expectation that is a mapping', value('ping: { source_ip: "{{x:ip}}" }'), ['5:1']],
    ['an expectation that expects it', value('stdout: "{{x:ip}}"\nstderr: "{{x}}"'), []],
    ['a step that expects it itself', transcript('$ a', '{{x:ip}}', '{{x}}'), []],
    ['a step that only runs before', transcript('$ echo $x', '...', '$ a', '{{x:ip}}'), ['5:1']],
    ['the step that captures it and cannot read it', transcript('$ a $x', '{{x:ip}}'), ['3:1']],
    ['a later one that expects it with spaces', transcript('$ a', '{{x:ip}}', '$ b', '{{ x }}'), []],
    ['a longer name', transcript('$ a', '{{x:ip}}', '$ b', '{{xy}}', '...').replace('{{xy}}', '{{.x}}'), ['3:1']],
  ])('are told where they are never used: %s', (_, source, found) => {
    expect(places('unused-capture', source)).toEqual(found);
  });

  it.each([
    ['echo $x'],
    ['echo ${x}'],
    ['echo ${#x}'],
    ['echo ${!x}'],
    ['echo $((1 + x))'],
    ['printenv x'],
    ['printenv  x'],
    ['export x'],
    ['test -v x'],
  ])('are used by %s', (command) => {
    expect(told('unused-capture', transcript('$ a', '{{x:int}}', `$ ${command}`, '...'))).toEqual([]);
    expect(places('unused-capture', transcript('$ a', '{{x9:int}}', `$ ${command}`, '...'))).toEqual(['3:1']);
    expect(
      told('unused-capture', transcript('$ a', '{{x9:int}}', `$ ${command.replace(/x$|x(?=[})])/, 'x9')}`)),
    ).toEqual([]);
  });

  it.each([
    'process.env.x',
    'process.env?.x',
    "process.env['x']",
    'process.env[ "x" ]',
    'process.env[`x`]',
    'const {x} = process.env',
    'const { y, x: z }= process.env',
    'const { x }  =  process.env',
  ])('are used by a program: %s', (code) => {
    const program = `\`\`\`js\n${code}\n\`\`\`\n\`\`\`output\n\`\`\`\n`;
    expect(told('unused-capture', transcript('$ a', '{{x:int}}') + program)).toEqual([]);
  });

  it.each([
    ['stdin="$x"', []],
    ['cwd="$x"', []],
    ['env.Y="$x"', []],
    ['env.Y=x', ['3:1']],
  ])('are used by an attribute: %s', (attribute, found) => {
    const source = transcript('$ a', '{{x:path}}') + consoleWith(`{${attribute}}`, '$ b');
    expect(places('unused-capture', source)).toEqual(found);
  });

  it.each([
    ['x=7', []],
    ['x+=7', []],
    ['true;x=7', []],
    ['(x=7)', []],
    ['true &&x=7', []],
    ['true|x=7', []],
    ['for x in 1; do :; done', []],
    ['for  x in 1; do :; done', []],
    ['read x', []],
    ['read -r x', []],
    ['read -r  -u3 x', []],
    ['yx=7', ['3:3']],
    ['xy=7', ['3:3']],
    ['spread x', ['3:3']],
    ['y-x=7', ['3:3']],
  ])('that a shell sets itself are not unset: %s', (command, found) => {
    const source = transcript(`$ ${command}`, '$ echo $x', '...', '$ a', '{{x:int}}', '$ b', '{{x}}');
    expect(places('unset-capture', source)).toEqual(found);
  });

  it.each([
    [
      'used before',
      transcript('$ echo $x', '7', '$ a', '{{x:int}}', '$ b', '{{x}}'),
      '2:3 $x is used before it is captured | It is captured at line 4, by a step that runs later.',
    ],
    [
      'used where it is captured',
      transcript('$ echo $x', '{{x:int}}', '$ b', '{{x}}'),
      '2:3 $x is used before it is captured | It is captured at line 2, by a step that runs later.',
    ],
    [
      'captured by a step that is skipped',
      consoleWith('{skip}', '$ a', '{{x:int}}') + transcript('$ b', '{{x}}'),
      '6:3 "x" is never set: the step that captures it is skipped, or its output is not compared | Capture it in a step that runs and whose output is compared.',
    ],
    [
      'captured in output that is not compared',
      consoleWith('{match=ignore}', '$ a', '{{x:int}}') + transcript('$ b $x'),
      '6:3 "x" is never set: the step that captures it is skipped, or its output is not compared | Capture it in a step that runs and whose output is compared.',
    ],
  ])('are told where they cannot be set: %s', (_, source, found) => {
    expect(told('unset-capture', source)).toEqual([found]);
  });

  it.each([
    ['one of two comes before', transcript('$ a', '{{x:int}}', '$ b $x', '...', '$ c', '{{x:int}}', '$ d', '{{x}}')],
    ['one of two runs', consoleWith('{skip}', '$ a', '{{x:int}}') + transcript('$ a', '{{x:int}}', '$ b $x')],
    [
      'an expectation of output that is not compared',
      consoleWith('{match=ignore}', '$ a') + expecting('stdout: "{{x:int}}"') + transcript('$ b $x'),
    ],
    ['the front matter has it', `---\nenv: { x: a }\n---\n${transcript('$ b $x', '$ a', '{{x:int}}')}`],
    ['the step has it', consoleWith('{env.x=1}', '$ b $x') + transcript('$ a', '{{x:int}}')],
    ['nobody captures it', transcript('$ b $y', '$ a', '{{x:int}}')],
    ['setup runs first', transcript('$ b $x') + consoleWith('{setup}', '$ a', '{{x:int}}')],
  ])('may be set: %s', (_, source) => {
    expect(told('unset-capture', source)).toEqual([]);
  });

  it.each(['PATH', 'TERM', 'UID', '_', 'LD_LIBRARY_PATH', 'POSIXLY_CORRECT', 'BASHOPTS', 'DOCKER_HOST'])(
    'may not be called %s',
    (name) => {
      expect(told('shadowing-capture', transcript('$ a', `{{${name}:word}}`))).toEqual([
        `3:1 the capture "${name}" takes the place of the shell's own $${name} | Later commands have it as $${name}: give it a name of its own, such as ${name.toLowerCase()}_seen.`,
      ]);
    },
  );
});

describe('empty-runbook', () => {
  const rule = 'empty-runbook';

  it.each([
    ['# x\n', ['1:1 this document has no step | Add a console, sh, js or ts block that is run.']],
    [sh('setup', 'x'), ['1:1 this document has no step | Add a console, sh, js or ts block that is run.']],
    [
      consoleWith('{skip}', '$ a'),
      ['1:1 every step is marked as skipped | Add a console, sh, js or ts block that is run.'],
    ],
    [consoleWith('{skip}', '$ a') + transcript('$ a'), []],
    ['# T {exercise}\n\n```sh solution\ntrue\n```\n\n```sh check\ntrue\n```\n', []],
  ])('%j', (source, found) => {
    expect(told(rule, source)).toEqual(found);
  });
});

describe('fence-in-block', () => {
  const rule = 'fence-in-block';
  const hint = 'Close the block before it; text with fences in it stands in a fence of four backticks.';

  it('tells the line of the command or of the output', () => {
    const script = ['````sh', 'x', '```console', '$ y', '````', ''].join('\n');
    expect(told(rule, script)).toEqual([`3:1 this fence is text of the block that it stands in | ${hint}`]);
    const output = ['````console', '$ x', 'a', 'b', '```js', '````', ''].join('\n');
    expect(told(rule, output)).toEqual([`5:1 this fence is text of the block that it stands in | ${hint}`]);
  });

  it.each([
    ['~~~ sh', ['3:1']],
    ['  > ```sh', ['3:1']],
    ['```  text output', ['3:1']],
    ['~~ sh', []],
    ['~ sh', []],
    ['x ```sh', []],
    ['```shx', []],
    ['```python', []],
    ['```', []],
  ])('%j', (line, found) => {
    expect(places(rule, ['````sh', 'x', line, '````', ''].join('\n'))).toEqual(found);
  });
});

describe('foreign-prompt', () => {
  const rule = 'foreign-prompt';

  it('tells both nodes', () => {
    expect(told(rule, nodes + transcript('b# x'))).toEqual([
      '5:4 the prompt names b, and the step runs on a | Give the block {node=b}, or correct the prompt.',
    ]);
  });

  it.each([
    ['a# x', []],
    ['b:~# x', ['5:6']],
    ['[root@b ~]# x', ['5:13']],
    ['root@b:/tmp$ x', ['5:14']],
    ['c# x', []],
    ['$ x', []],
  ])('%j', (line, found) => {
    expect(places(rule, nodes + transcript(line))).toEqual(found);
  });

  it.each([
    ['a shell that docker opens', transcript('a# docker exec -it c sh', 'b# x', 'b# exit', '[..]'), []],
    ['a shell that nothing takes elsewhere', transcript('a# bash', 'b# x'), ['6:4']],
    ['what comes after it', transcript('a# ssh b', 'b# x', 'b# exit', 'a# y') + transcript('b# z'), ['11:4']],
    ['a second shell in it', transcript('a# ssh b', 'b# sh', '/ # x'), []],
    ['a shell that was opened before', transcript('a# ssh b', 'b# x') + transcript('b# y'), []],
  ])('knows %s', (_, source, found) => {
    expect(places(rule, nodes + source)).toEqual(found);
  });

  it('says nothing of a lab with one node, and of no lab', () => {
    expect(told(rule, `---\nlab: { nodes: { a: {} } }\n---\n${transcript('b# x')}`)).toEqual([]);
    expect(told(rule, `---\nlab: none\n---\n${transcript('b# x')}`)).toEqual([]);
  });

  it('goes by the node of the block', () => {
    expect(places(rule, nodes + consoleWith('{node=b}', 'b# x') + consoleWith('{node=b}', 'a# x'))).toEqual(['8:4']);
  });
});

describe('lone-session', () => {
  const rule = 'lone-session';

  it.each([
    ['one letter off', sh('{session=left}', 'x').repeat(2) + sh('{session=lfet}', 'x'), ['8:1']],
    ['in the background', sh('{session=left}', 'x').repeat(2) + sh('{session=lfet background}', 'x'), []],
    ['quite another', sh('{session=left}', 'x').repeat(2) + sh('{session=other}', 'x'), []],
  ])('%s', (_, source, found) => {
    expect(places(rule, source)).toEqual(found);
  });

  it.each([
    [50, 50],
    [51, 0],
  ])('knows numbered names by their number: %i sessions', (count, found) => {
    const sessions = Array.from({ length: count }, (_, index) => sh(`{session=worker-${index}}`, 'x'));
    expect(told(rule, sessions.join(''))).toHaveLength(found);
  });
});

describe('matches-anything', () => {
  const rule = 'matches-anything';

  it.each([
    ['"..." alone, which "unchecked-step" tells', transcript('$ a', ' ...  '), []],
    ['nothing at all', transcript('$ a'), []],
    ['output that is not compared', consoleWith('{match=ignore}', '$ a', '...', '[..]'), []],
    ['one line of wildcards', transcript('$ a', '[..]'), ['3:1']],
    ['two times "..."', transcript('$ a', '...', '...'), ['3:1']],
  ])('%s', (_, source, found) => {
    expect(places(rule, source)).toEqual(found);
  });

  it('tells an expectation', () => {
    expect(told(rule, transcript('$ a') + expecting('ping: []'))).toEqual([
      '5:1 "ping" holds whatever comes | Name a field and its value, such as "ping: { packets_received: 2 }".',
    ]);
  });

  it.each([
    ['/.*/', true],
    ['/^.*$/', true],
    ['/(.*)/', true],
    ['/.+/', true],
    ['/.*?/i', true],
    ['//', true],
    ['/^/', true],
    ['/[\\s\\S]*/', true],
    ['/.*a/', false],
    ['/a.*/', false],
    ['a/.*/', false],
    ['/.*/ and more', false],
    ['~', false],
  ])('of the value %s: %s', (value, isAny) => {
    const source = transcript('$ a') + expecting(`stdout: ${value === '~' ? value : JSON.stringify(value)}`);
    expect(places(rule, source)).toEqual(isAny ? ['5:1'] : []);
  });
});

describe('negated-interface', () => {
  const rule = 'negated-interface';
  const rules = (text: string): string => transcript('$ iptables -L', '...') + expecting(text);

  it('tells each where it stands', () => {
    const source = rules('iptables:\n  - rules: [{ in: "!docker0" }, { out: "!docker0" }]');
    expect(told(rule, source)).toEqual([
      '7:20 "in: !docker0" holds for every interface but docker0 | Write "== !docker0" for what iptables prints, or "!= docker0" for any other.',
      '7:41 "out: !docker0" holds for every interface but docker0 | Write "== !docker0" for what iptables prints, or "!= docker0" for any other.',
    ]);
  });

  it('tells one that is written otherwise at the expectation', () => {
    expect(places(rule, rules('iptables: [{ in: "\\x21eth0" }, { in: "!eth1" }]'))).toEqual(['6:1', '6:39']);
  });

  it.each([
    ['another field', 'iptables: [{ target: "!DROP" }]'],
    ['another parser', 'ifconfig: [{ in: "!eth0" }]'],
    ['a comparison', 'iptables: [{ in: "!= eth0" }]'],
    ['a name', 'iptables: [{ in: eth0 }]'],
    ['a number', 'iptables: [{ in: 0, out: ~ }]'],
    ['no mapping', 'iptables: "!eth0"'],
  ])('says nothing of %s', (_, text) => {
    expect(told(rule, rules(text))).toEqual([]);
  });
});

describe('output-as-command', () => {
  const rule = 'output-as-command';
  const hint = 'Begin the block with another prompt, such as "$ " or "node1# ": then "# " begins output.';

  it('tells what would be run, cut short', () => {
    const line = `# Generated by ${'a'.repeat(80)}`;
    expect(told(rule, transcript('# cat x', line))).toEqual([
      `3:3 "${line.slice(0, 62)}" is run as a command, and reads like output | ${hint}`,
    ]);
  });

  it.each([
    ['# Generated by', ['3:3']],
    ['# Note: this', ['3:3']],
    ['# Note:  this', ['3:3']],
    ['# Note_this', []],
    ['# generated by', []],
    ['# ls A bc', []],
    ['# R script.R', []],
    ['# Rscript script.R', []],
    ['# IPv6 hosts', ['3:3']],
    ['# FOO=bar baz', []],
    ['# Xvfb :1', []],
    ['# the following lines', ['3:3']],
    ['# this: is so', ['3:3']],
    ['# note:  that', ['3:3']],
    ['# then x', []],
    ['# ls the x', []],
    ['# these', []],
    ['# default 80', []],
  ])('%j', (line, found) => {
    expect(places(rule, transcript('# cat x', line))).toEqual(found);
  });

  it('says nothing of the first line of a block, of other prompts and of scripts', () => {
    expect(told(rule, transcript('# Generated by') + transcript('# Generated by'))).toEqual([]);
    expect(told(rule, transcript('a# x', 'a# Generated by'))).toEqual([]);
    expect(told(rule, transcript('a$ x', 'a$ Generated by'))).toEqual([]);
    expect(told(rule, sh('', 'Generated by') + sh('', 'Generated by'))).toEqual([]);
  });
});

describe('prompt-in-output', () => {
  const rule = 'prompt-in-output';

  it('tells what looks typed, cut short, and how to name its prompt', () => {
    const line = `mysql> show ${'a'.repeat(80)};`;
    expect(told(rule, inQuote(transcript('$ a', 'b', line)))).toEqual([
      `4:3 "${line.slice(0, 60)}" looks typed, and is compared as output | If it is typed, name its prompt: {prompt="mysql>"}. If it is printed, turn this rule off.`,
    ]);
  });

  it.each([
    ['Switch(config)# ping x', true],
    ['Switch(config-if)# ping x', true],
    ['Switch% mine', true],
    ['>>> ping x', true],
    ['>>> 1 + 1', false],
    ['Switch(a b)# ping x', false],
    ['a Switch# ping x', false],
    ['mysql> select 1;', true],
    ['mysql> select 1; -- x', false],
    ['a mysql> select 1;', false],
    ['b> -', false],
    ['b> \\q', false],
    ['b> (other)', false],
    ['b> mines', false],
    ['b> mine', true],
    ['b> mine/x', false],
    ['b> ./mine', false],
  ])('%j', (line, found) => {
    const source = transcript('$ mine a', line, '$ (b)', '...', '$ (other)', '...');
    expect(places(rule, source)).toEqual(found ? ['3:1'] : []);
  });

  it('says nothing of the output of scripts', () => {
    expect(told(rule, `${sh('', 'x')}\`\`\`text output\nmysql> ping x;\n\`\`\`\n`)).toEqual([]);
  });
});

describe('capabilities', () => {
  it('that there are not can never hold', () => {
    expect(
      told('unreachable-if', sh('{if=pnig}', 'x') + sh('{if=ping}', 'x') + sh('{if=ping skip=later}', 'x')),
    ).toEqual([
      '2:1 no capability is called "pnig": this step can never run | Did you mean "ping"?',
      '8:1 this step is skipped, whatever its "if" says | Keep one of "skip" and "if".',
    ]);
  });

  it('that no machine can have are told where they are required', () => {
    expect(told('unknown-capability', `---\ntitle: pnig\nrequires: [ping, pnig]\n---\n${transcript('$ a')}`)).toEqual([
      '3:18 no capability is called "pnig" | Did you mean "ping"?',
    ]);
    expect(places('unknown-capability', `---\nrequires: ["pn\\x69g"]\n---\n${transcript('$ a')}`)).toEqual(['1:1']);
  });
});

describe('unchecked-step', () => {
  it('tells its name, cut short, and says nothing of what goes on in the background', () => {
    const hint = 'Add expected output or a "yaml expect" block, or mark it as setup.';
    expect(told('unchecked-step', sh('{background}', 'x') + sh('', 'a'.repeat(200)))).toEqual([
      `5:1 nothing but the status of "${'a'.repeat(120)}" is checked | ${hint}`,
    ]);
  });
});

describe('a document that says nothing to netlab', () => {
  const js = '```js\nx()\n```\n';
  const hint = 'Add expected output or a "yaml expect" block, or mark it as setup.';

  it('is told once what is so in nearly every block, with the lines', () => {
    const source = `${js}${sh('', 'a')}${js}${sh('', 'b')}${js}${sh('', 'c')}`;
    expect(told('unchecked-step', source)).toEqual([
      `5:1 nothing but the status of "a" is checked; the same at lines 11, 17 | ${hint}`,
    ]);
    expect(told('left-alone', source)).toEqual([
      expect.stringMatching(/^1:1 this js block is not run: it may be an example; the same at lines 7, 13 \| /),
    ]);
    expect(told('left-alone', js + sh('', 'a') + js)[0]).toContain('; the same at line 7 |');
    expect(told('left-alone', js + sh('', 'a'))[0]).not.toContain('the same');
  });

  it.each([
    [21, / 58, 61 \|/],
    [22, / 58, 61, and 1 more \|/],
  ])('is told of %i blocks with at most twenty further lines', (count, end) => {
    expect(told('left-alone', js.repeat(count))[0]).toMatch(end);
  });

  it('takes little time, however many blocks there are', async () => {
    const source = transcript(...Array.from({ length: 20_000 }, () => '$ cat <<A'));
    const runbook = parse(source, 'doc.md', { expectationKeys });
    const found = lint(runbook, vocabulary);
    expect(await processorTime(() => judge(found, runbook, new Map()))).toBeLessThan(1);
  });

  it('is told each of anything else, and one of netlab’s own each of these, too', () => {
    const fences = ['````sh', '```sh', '```sh', '````', ''].join('\n');
    expect(places('fence-in-block', fences)).toEqual(['2:1', '3:1']);
    expect(places('unchecked-step', sh('{name=x}', 'a') + sh('', 'b'))).toEqual(['2:1', '5:1']);
  });
});
