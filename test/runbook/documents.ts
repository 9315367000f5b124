import fc from 'fast-check';

type Texts = fc.Arbitrary<string>;

const word = fc.constantFrom('ls', 'echo', 'a-b', '/etc/hosts', '-x', '"q w"', "'r'", '$HOME', 'é', '`', '\\n');
const command = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => `run ${words.join(' ')}`);
const output = fc
  .array(
    fc.constantFrom('one', '  two', '...', '[..] x', '{{ip}}', '0 (re)', '| a |', '* b', '# no', '<b>', '', '>x', '``'),
    { maxLength: 4 },
  )
  .map((lines) => [...lines, 'end']);

/** A command with its output: in one line, with a backslash, with `> `, with a here-document written in both ways. */
const exchange = (prompt: string): fc.Arbitrary<string[]> =>
  fc
    .tuple(fc.nat(4), command, fc.option(output, { nil: [] }), fc.constantFrom('', '', '[1]', '? 2'))
    .map(([form, typed, printed, status]) => {
      const lines = [
        [typed],
        [`${typed} \\`, 'more'],
        [`${typed} \\`, '> more', '> '],
        [`${typed} <<EOF`, 'body', '', 'EOF'],
        [`${typed} <<-'END'`, '> body', '> \tEND'],
      ][form] as string[];
      return [`${prompt}${lines[0]}`, ...lines.slice(1), ...printed, ...(status === '' ? [] : [status])];
    });

const transcriptLines = fc.constantFrom('$ ', '# ', 'me@host:~$ ', 'host:/etc# ', 'node1# ').chain((prompt) =>
  fc
    .tuple(
      fc.array(exchange(prompt), { minLength: 1, maxLength: 3 }),
      fc.option(fc.tuple(exchange('/ # '), fc.boolean()), { nil: undefined }),
    )
    .map(([outer, inner]) => {
      const nested =
        inner === undefined ? [] : [`${prompt}sh`, ...inner[0], ...(inner[1] ? ['/ # exit', `${prompt}true`] : [])];
      return [...outer.flat(), ...nested];
    }),
);

type Attributes = Readonly<Record<string, string | true>>;
const attributes: fc.Arbitrary<Attributes> = fc.record(
  {
    node: fc.constantFrom('node1', 'node2'),
    session: fc.constantFrom('main', 'two words', 'x'),
    timeout: fc.constantFrom('5s', '1m30s', '250ms'),
    eventually: fc.constantFrom('5s', '1s'),
    match: fc.constantFrom('contains', 'unordered', 'ignore'),
    skip: fc.constantFrom(true as const, 'not "here"', 'a \\ b'),
    if: fc.constantFrom('docker', 'ipv6'),
    setup: fc.constant(true as const),
    tty: fc.constant(true as const),
    continue: fc.constant(true as const),
    cwd: fc.constantFrom('/tmp', '/a b'),
    interrupt: fc.constantFrom('2s', '/a\\/b c/'),
    'env.COLOUR': fc.constantFrom('blue', 'light blue', '{x}'),
  },
  { requiredKeys: [] },
);

/** The spellings that are read: ours, scrut's, runme's, and words without braces. */
const spellings: readonly ((attributes: Attributes) => string)[] = [
  (given) => `{${each(given, (key, value) => `${key}=${value}`).join(' ')}}`,
  (given) => `{${each(given, (key, value) => `${key}: ${value}`).join(', ')}}`,
  (given) =>
    `{${each(
      given,
      (key, value) => `"${key}":${value}`,
      (key) => `"${key}":true`,
    ).join(',')}}`,
  (given) => each(given, (key, value) => `${key}=${value}`).join(' '),
];

function each(given: Attributes, pair: (key: string, value: string) => string, flag = (key: string) => key): string[] {
  return Object.entries(given).map(([key, value]) => {
    if (value === true) return flag(key);
    const isPlain = /^[\w.]+$/.test(value) || value.startsWith('/a\\');
    return pair(key, isPlain ? value : `"${value.replace(/["\\]/g, '\\$&')}"`);
  });
}

const info = fc.tuple(attributes, fc.constantFrom(...spellings)).map(([given, spell]) => spell(given));

const fenced = (language: string, lines: readonly string[], marks: string): string =>
  [`${marks}${language}`, ...lines, marks].join('\n');
const marks = fc.constantFrom('```', '````', '~~~');
const block = (language: Texts, lines: fc.Arbitrary<string[]>): Texts =>
  fc.tuple(language, info, lines, marks).map(([name, said, body, mark]) => fenced(`${name} ${said}`, body, mark));

const scriptLines = fc.array(
  fc.constantFrom('true', 'echo "a"', '', '  if x; then', 'cat <<EOF', '# comment', 'a `b`'),
  { maxLength: 4 },
);
const script = block(
  fc.constantFrom('sh', 'bash', 'js', 'ts'),
  scriptLines.map((lines) => ['first', ...lines]),
);
const expected = fc.tuple(output, marks).map(([lines, mark]) => fenced('text output', lines, mark));
const expectation = fc
  .constantFrom(
    'exit: 0',
    'lines: ">= 2"',
    'stdout: "/a/"\nexit: 1',
    'ping: { packets_received: 2, responses: [{ ttl: 64 }] }',
  )
  .chain((yaml) => marks.map((mark) => fenced('yaml expect', yaml.split('\n'), mark)));

const step: Texts = fc.oneof(
  block(fc.constantFrom('console', 'terminal', 'shell-session'), transcriptLines),
  fc.tuple(script, fc.option(expected, { nil: '' })).map((parts) => parts.join('\n\n')),
  scriptLines.map((lines) => ['<!-- netlab setup', 'first', ...lines, '-->'].join('\n')),
  script.map((text) => `<!-- netlab stdin="a b" -->\n\n${text}`),
);
const item = fc
  .tuple(step, fc.option(expectation, { nil: '' }))
  .map((parts) => parts.filter((part) => part !== '').join('\n\n'));

const containers: readonly (readonly [string, string])[] = [
  ['', ''],
  ['', ''],
  ['- ', '  '],
  ['> ', '> '],
  ['10. ', '    '],
  ['- > ', '  > '],
  ['> 1. ', '>    '],
];
const placed = fc.tuple(item, fc.constantFrom(...containers)).map(([text, [first, rest]]) =>
  text
    .split('\n')
    .map((line, index) => `${index === 0 ? first : rest}${line}`.trimEnd())
    .join('\n'),
);

const front = fc.constantFrom(
  '---\nlab: { nodes: { node1: {}, node2: { kind: router, routes: [default via 10.0.0.1] } } }\n---\n',
  `---
title: All of it
description: "Quotes: \\" and #"
tags: [a, "b: c"]
requires: [docker]
timeout: 2m
env: { LANG: C.UTF-8, N: 3 }
lint: { unchecked-step: off }
lab:
  nodes:
    node1: { kind: docker, images: ["a:1", { name: "b:2", build: images/b }], dns: { servers: [10.0.0.2] } }
    node2:
    lan: { kind: bridge }
    sw: { kind: ovs-bridge }
    net: { kind: dns, records: { a.example: { CNAME: b.example }, b.example: [] } }
  links:
    - { endpoints: ["node1:eth0", lan], addresses: [10.0.0.1/24], mtu: 1400 }
    - { endpoints: [lan, "node2:eth0"], delay: 5ms, loss: 1% }
    - { endpoints: ["node2:eth1", "net:eth0"], addresses: [10.1.0.1/24, 10.1.0.2/24], macs: ["02:00:00:00:00:01"] }
  limits: { memory: 512MiB, pids: 100, cpu: 1.5 }
---
`.replace('b.example: []', 'b.example: { A: [10.1.0.2], AAAA: "fd00::2" }'),
);

/** Documents that are runbooks, in all spellings of the format. */
export const documents: Texts = fc
  .tuple(front, fc.array(fc.oneof(placed, fc.constant('Some *prose*.'), fc.constant('## A heading')), { maxLength: 5 }))
  .chain(([head, parts]) =>
    fc.constantFrom('\n', '\r\n').map((ending) => `${head}\n${parts.join('\n\n')}\n`.replaceAll('\n', ending)),
  );
