import { describe, expect, it } from 'vitest';
import { at, diagnosticsOf, fixture, problemsOf, read, stepOf, stepsOf, transcript } from './reading.ts';

const sh = '```sh\nx\n```\n';

describe('scripts', () => {
  it.each([
    ['sh', 'script', 'shell'],
    ['bash', 'script', 'shell'],
    ['shell', 'script', 'shell'],
    ['js', 'program', 'js'],
    ['ts', 'program', 'ts'],
  ])('%s is a step', (fence, kind, language) => {
    expect(stepOf(`\`\`\`${fence} {tty=false}\na\n\n  b\n\`\`\`\n`)).toMatchObject({
      kind,
      language,
      command: 'a\n\n  b',
      name: 'a',
    });
  });

  it.each(['mjs', 'javascript', 'typescript', 'zsh', 'python', 'text', 'yaml', ''])('%s is none', (language) => {
    expect(stepsOf(`\`\`\`${language}\na\n\`\`\`\n`)).toEqual([]);
  });

  it('are named by their first line that says something', () => {
    expect(stepOf('```sh\n# why\n\n  ls -l\n```\n').name).toBe('ls -l');
  });

  it.each(['', '# only this', '  # this\n\n#that'])('warn when there is nothing to run in them: %j', (text) => {
    const { steps, warnings } = read(`\`\`\`sh {name=x}\n${text}\n\`\`\`\n`);
    expect([steps, warnings.map(({ rule }) => rule)]).toEqual([[], ['empty-block']]);
  });
});

describe('output blocks', () => {
  it.each(['output', 'text output', 'json output', 'console output', 'text {output}'])('%s', (info) => {
    expect(stepOf(`${sh}\nprose\n\n\`\`\`${info}\na\n\n[1]\n\`\`\`\n`)).toMatchObject({
      expected: { lines: ['a', '', '[1]'], span: { start: { line: 8 }, end: { line: 11 } } },
      exit: 0,
    });
  });

  it('may say how they are compared', () => {
    const source = `${sh}\`\`\`output {match=contains stream=stdout exit=2}\n\`\`\`\n`;
    expect(stepOf(source)).toMatchObject({ match: 'contains', stream: 'stdout', exit: 2, expected: { lines: [] } });
  });

  it.each([
    ['```output\n```\n', 'output-without-step 1:1'],
    [`${sh}\`\`\`output\n\`\`\`\n\`\`\`output\n\`\`\`\n`, 'second-output 6:1'],
    [`${transcript('$ a', 'b')}\`\`\`output\n\`\`\`\n`, 'second-output 5:1'],
    [`${sh}\`\`\`output {timeout=5s}\n\`\`\`\n`, 'misplaced-attribute 4:12'],
  ])('%j', (source, problem) => {
    expect(problemsOf(source)).toEqual([problem]);
  });
});

describe('expect blocks', () => {
  const block = (body: string, info = ''): string => `\`\`\`yaml expect ${info}\n${body}\n\`\`\`\n`;

  it('belong to the step before, and add up', () => {
    const source = `${sh}${block('exit: 0\nping: { packets_received: ">= 2" }')}${block('"lines": 2')}`;
    expect(
      stepOf(source).expectations.map(({ key, value, span }) => [key, value, span.start.line, at(source, span)]),
    ).toEqual([
      ['exit', 0, 5, 'exit'],
      ['ping', { packets_received: '>= 2' }, 6, 'ping'],
      ['lines', 2, 9, '"lines"'],
    ]);
  });

  it('belong to the nearest step of a command or name', () => {
    const source = transcript('# ifconfig -a', '...', '# hostname', 'h', '# ifconfig -a', '...');
    const steps = stepsOf(
      [
        source,
        block('exit: 0', '{of="ifconfig -a"}'),
        sh.replace('sh', 'sh {name=n}'),
        sh,
        block('exit: 0', '{of=n}'),
      ].join(''),
    );
    expect(steps.map((step) => step.expectations.length)).toEqual([0, 0, 1, 1, 0]);
  });

  it.each([
    [block('exit: 0'), 'expect-without-step 1:1'],
    [sh + block(''), 'bad-expect 4:1'],
    [sh + block('{}'), 'bad-expect 4:1'],
    [sh + block('- exit'), 'bad-expect 4:1'],
    [sh + block('exit: 0\npong: 1'), 'unknown-expectation 6:1'],
    [sh + block('exit: 0', '{of=y}'), 'unknown-step 4:17'],
    [sh + block('exit: 0\nexit: 1'), 'bad-yaml 6:1'],
    [sh + block('exit: [0'), 'bad-yaml 5:9'],
    // Keys in keys: the library's time doubles with each.
    [sh + block(`${'{'.repeat(40)}a${'}'.repeat(40)}: 1`), 'bad-yaml 5:1'],
    [sh + block('exit: &a 0\nlines: *a'), 'yaml-alias 5:10'],
    [sh + block('exit: 0', '{timeout=5s}'), 'misplaced-attribute 4:17'],
    [
      `- x\n\n  \`\`\`sh\n  x\n  \`\`\`\n\n  \`\`\`yaml expect\n  exit: 0\n  pong: 1\n  \`\`\`\n`,
      'unknown-expectation 9:3',
    ],
  ])('%j', (source, problem) => {
    expect(problemsOf(source)).toEqual([problem]);
  });

  it('suggest the key that was meant', () => {
    expect(diagnosticsOf(sh + block('resolvconf: {}'))[0]?.hint).toBe('Did you mean "resolv_conf"?');
  });
});

describe('a step in the background', () => {
  it.each([
    ['`sh {background}`, then output', `${sh.replace('sh', 'sh {background}')}\`\`\`output\na\n\`\`\`\n`, '5:1'],
    ['a transcript with output', transcript('$ a', 'b').replace('console', 'console {background}'), '3:1'],
    ['an expectation', `${sh.replace('sh', 'sh {background}')}\`\`\`yaml expect\nexit: 0\n\`\`\`\n`, '5:1'],
  ])('has no output that is compared: %s', (_, source, place) => {
    expect(problemsOf(source)).toEqual([`background-output ${place}`]);
  });
});

describe('hidden comments', () => {
  it('give attributes to the next block, whose own win', () => {
    expect(stepOf('<!-- netlab timeout=5s name="a b" -->\n\nprose\n\n```sh {name=c}\nx\n```\n')).toMatchObject({
      timeoutMs: 5000,
      name: 'c',
    });
    expect(stepsOf(`<!-- netlab {setup} -->\n<!-- netlab tty -->\n${sh}${sh}`)).toMatchObject([
      { phase: 'setup', tty: true },
      { phase: 'main', tty: false },
    ]);
  });

  it('make a plain block an output or expect block', () => {
    expect(stepOf(`${sh}<!-- netlab output match=contains -->\n\`\`\`text\na\n\`\`\`\n`)).toMatchObject({
      match: 'contains',
      expected: { lines: ['a'] },
    });
  });

  it.each([
    ['<!-- netlab\nls\n-->\n', { kind: 'script', command: 'ls', phase: 'main' }],
    ['<!-- netlab setup\nls\n  x\n\ny -->\n', { kind: 'script', command: 'ls\n  x\n\ny ', phase: 'setup' }],
    ['<!-- netlab bash teardown {name=t}\nls\n-->\n', { command: 'ls', phase: 'teardown', name: 't' }],
    ['<!-- netlab console\n$ ls\na\n-->\n', { kind: 'command', command: 'ls', expected: { lines: ['a'] } }],
    ['<!-- netlab js\nawait $`x`\n-->\n', { kind: 'program', language: 'js' }],
    ['<details>\n<!-- netlab\nls\n-->\n</details>\n', { command: 'ls' }],
  ])('with a body: %j', (source, step) => {
    expect(stepOf(source)).toMatchObject(step);
  });

  it('with a body in a list have its indentation as prefix', () => {
    const source = '- a\n\n  <!-- netlab console\n  $ ls\n  x\n    y\n  -->\n';
    const { command, span, expected } = stepOf(source);
    expect([command, at(source, span), expected?.lines, expected?.prefix]).toEqual(['ls', 'ls', ['x', '  y'], '  ']);
    expect(at(source, expected?.span)).toBe('  x\n    y\n');
  });

  it('with a body may be expected output or an expectation', () => {
    const source = `${sh}<!-- netlab text output\na\n-->\n\n<!-- netlab yaml expect\nexit: 0\n-->\n`;
    expect(stepOf(source)).toMatchObject({
      expected: { lines: ['a'] },
      expectations: [{ key: 'exit', span: { start: { line: 9 } } }],
    });
  });

  it.each([
    ['<!-- netlab timeout=5s -->\n', 'attributes-without-block 1:1'],
    ['<!-- netlab timeout=5s -->\n```python\n```\n', 'attributes-without-block 1:1'],
    [`x\n\n<!-- netlab tmeout=5s -->\n${sh}`, 'unknown-attribute 3:13'],
    ['<!-- netlab\nx\n', 'unclosed-comment 1:1'],
    ['- a\n\n  <!-- netlab yaml expect\n  pong: 1\n  -->\n', 'expect-without-step 3:3'],
  ])('%j', (source, problem) => {
    expect(problemsOf(source)).toContain(problem);
  });

  it('of other tools are left alone', () => {
    expect(read('<!-- netlabs x -->\n<!-- other\nnetlab\n-->\n<!-- netlab -->\n').steps).toEqual([]);
  });
});

describe('places', () => {
  const source = fixture('crlf.md');
  const steps = stepsOf(source);

  it('are exact with CRLF, tabs, lists and quotes', () => {
    expect(steps.map((step) => [step.command, at(source, step.span)])).toEqual([
      ['printf "a\\n\\tb\\n"', 'printf "a\\n\\tb\\n"'],
      ['false', 'false'],
      ['one\n\n  two', 'one\r\n>\r\n>   two'],
      ['true', 'true'],
      ['echo hidden', 'echo hidden'],
    ]);
    expect(steps.map(({ expected }) => [expected?.lines, at(source, expected?.span), expected?.prefix])).toEqual([
      [['a', '\tb'], '  a\r\n  \tb\r\n', '  '],
      [undefined, undefined, undefined],
      [['x'], '> x\r\n', '> '],
      [undefined, undefined, undefined],
      [['hidden'], 'hidden\r\n', ''],
    ]);
  });

  it('of output are where it stands or would be inserted', () => {
    expect(steps.map(({ outputPlace }) => [at(source, outputPlace?.span), outputPlace?.span.start.line])).toEqual([
      ['  a\r\n  \tb\r\n', 7],
      ['  [1]\r\n', 11],
      [undefined, undefined],
      ['', 26],
      ['hidden\r\n', 27],
    ]);
  });

  it('are exact where a tab is split by the indentation of a list', () => {
    const tabbed = '-\t```sh\n\tone\n\t\ttwo\n\t```\n';
    const step = stepOf(tabbed);
    expect(step.command.split('\n').map((line) => line.trim())).toEqual(['one', 'two']);
    expect(at(tabbed, step.span)?.trim()).toBe('one\n\t\ttwo');
  });

  it('count a lone CR as a line ending, as Markdown does', () => {
    expect(stepOf('# a\r\r```sh\rx\ry\r```\r')).toMatchObject({
      command: 'x\ny',
      span: { start: { line: 4 }, end: { line: 5 } },
    });
  });
});
