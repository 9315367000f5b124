/** Random numbers from 0 up to 1 that a seed decides (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What documents are made of, whole and in pieces. */
const PIECES: readonly string[] = [
  ...[
    '```',
    '~~~',
    '````',
    '```console\n',
    '```sh {name=a}\n',
    '```text output\n',
    '```yaml expect\n',
    '\n```\n',
    '    ',
  ],
  ...['\n', '\n\n', '\r\n', '\r', '\t', '> ', '- ', '10. ', '# ', '$ ', '/ # ', 'a@b:~$ ', 'h:~# ', '> b\n', '<<EOF\n'],
  ...[
    'EOF\n',
    '\\\n',
    '...\n',
    '[1]\n',
    '[..]',
    '{{x:ip}}',
    '{{x}}',
    '{{',
    '(a (re)\n',
    '* (glob)\n',
    '\\x (esc)\n',
    ' (?)\n',
  ],
  ...[
    '---\n',
    'title: x\n',
    'lab: docker\n',
    'lab: { nodes: { a: {}, b: { kind: dns } } }\n',
    'lint: { a: off }\n',
    'env:\n',
  ],
  ...[
    'exit: 0\n',
    'ping: { packets_received: 1 }\n',
    'stdout: "/a/"\n',
    '&a ',
    '*a ',
    '!!int ',
    '? ',
    ': ',
    '[',
    ']',
    '{',
    '}',
  ],
  ...[
    '<!-- netlab',
    ' setup -->',
    ' lint.a=off -->',
    '\ntrue\n-->',
    '<div>',
    '<script>',
    '-->',
    ']]>',
    'skip',
    'if=docker',
  ],
  ...[
    'node=a',
    'session=b',
    'timeout=5s',
    'ready=/a/',
    'background',
    'prompt="> "',
    'of=a',
    '{',
    '}',
    '=',
    '"',
    "'",
    '/',
    ',',
  ],
  ...[
    '\0',
    '\uFEFF',
    '\uD800',
    'é',
    '\u202E',
    '\u001b[31m',
    '*',
    '_',
    '`',
    '\\',
    '&amp;',
    '<a>',
    '[a](b)',
    '![c]',
    '|-|\n',
  ],
  ...[
    'echo one\n',
    'one\n',
    'exit\n',
    'PATH',
    '__proto__',
    'constructor',
    'toString',
    '0',
    '-1',
    '999999999999',
    '1e400',
  ],
];

/** A document that nobody would write, from one of three makers. `own` are documents of the project. */
export function hostileDocument(next: () => number, own: readonly string[]): string {
  const kind = next();
  if (kind < 0.5) return mutated(next, own);
  return kind < 0.85 ? assembled(next) : bytes(next);
}

function mutated(next: () => number, own: readonly string[]): string {
  let text = pick(next, own);
  const times = 1 + int(next, 6);
  for (let time = 0; time < times; time += 1) text = mutateOnce(next, text, own);
  return text;
}

function mutateOnce(next: () => number, text: string, own: readonly string[]): string {
  const at = int(next, text.length + 1);
  const end = Math.min(text.length, at + int(next, next() < 0.3 ? 2000 : 20));
  const middle = text.slice(at, end);
  const other = pick(next, own);
  const from = int(next, other.length + 1);
  const changes = [
    '',
    pick(next, PIECES),
    middle + middle,
    [...middle].reverse().join(''),
    middle + pick(next, PIECES).repeat(1 + int(next, 50)),
    other.slice(from, from + int(next, 400)),
    middle.replaceAll('\n', '\r'),
    String.fromCharCode(int(next, 0x10000)) + middle,
  ];
  return text.slice(0, at) + pick(next, changes) + text.slice(end);
}

function assembled(next: () => number): string {
  return Array.from({ length: 1 + int(next, 80) }, () => {
    const piece = pick(next, PIECES);
    return next() < 0.05 ? piece.repeat(1 + int(next, 300)) : piece;
  }).join('');
}

/** Any bytes, read as the engine reads files. */
function bytes(next: () => number): string {
  return Buffer.from(Array.from({ length: int(next, 600) }, () => int(next, 256))).toString('utf8');
}

function int(next: () => number, below: number): number {
  return Math.floor(next() * below);
}

function pick<Item>(next: () => number, items: readonly Item[]): Item {
  return items[int(next, items.length)] as Item;
}
