// Does an exercise as a learner would, and draws what the terminal shows: `node scripts/record-learn.mjs`. Needs dist/.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import headless from '@xterm/headless';
import { drawTerminal } from './terminal-svg.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = 'docs/images/learn.svg';
const [columns, rows] = [80, 24];

/** What is typed, what the screen then shows, and whether that is a picture. */
const pass = [
  { types: '', shows: 'root@node1:~# ', picture: true },
  {
    types: 'ip link add v1 type veth peer name v2\rip link set v1 netns w1\rcheck\r',
    shows: 'w2 has no end',
    picture: true,
  },
  { types: 'hint\r', shows: 'Hint 1 of ', picture: false },
  { types: 'ip link set v2 netns w2\r', shows: 'Done in', picture: true },
  { types: 'clear\r', shows: '# ', picture: false },
  { types: 'next\r', shows: '2/2 Names and addresses', picture: true },
  {
    types: 'ip -n w1 link set v1 name eth0\rip -n w1 addr add 10.0.0.1/24 dev eth0\r',
    shows: '○ w1 reaches',
    picture: false,
  },
  { types: 'ip -n w1 link set eth0 up\r', shows: '✓ w1 has', picture: true },
  {
    types: 'ip -n w2 link set v2 name eth0\rip -n w2 addr add 10.0.0.2/24 dev eth0\r',
    shows: '○ w1 reaches',
    picture: false,
  },
  { types: 'ip -n w2 link set eth0 up\r', shows: 'All done', picture: true },
];

const state = mkdtempSync(join(tmpdir(), 'netlab-record-'));
const screen = new headless.Terminal({ rows, cols: columns, allowProposedApi: true });
const start = `stty rows ${rows} cols ${columns}; exec node dist/netlab.cjs learn exercises/namespaces.md`;
const child = spawn('script', ['-q', '-e', '-f', '-E', 'always', '-c', start, '/dev/null'], {
  cwd: root,
  env: {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    XDG_STATE_HOME: state,
  },
  stdio: ['pipe', 'pipe', 'inherit'],
});
child.stdout.on('data', (chunk) => screen.write(chunk));

const pictures = [];
for (const { types, shows, picture } of pass) {
  child.stdin.write(types);
  const deadline = Date.now() + 20_000;
  while (!text().includes(shows)) {
    if (Date.now() > deadline) throw new Error(`"${shows}" did not come:\n${text()}`);
    await sleep(20);
  }
  // The prompt that follows belongs to the picture.
  await sleep(700);
  if (picture) pictures.push(Array.from({ length: rows }, (_, row) => runsOf(row)));
}
child.stdin.write('quit\r');
await new Promise((done) => child.once('exit', done));
rmSync(state, { recursive: true });
writeFileSync(join(root, file), drawTerminal(pictures, { title: 'netlab learn exercises/namespaces.md', columns }));
process.stdout.write(`${file}: ${pictures.length} pictures\n`);

function text() {
  const { active } = screen.buffer;
  return Array.from({ length: rows }, (_, row) => active.getLine(active.baseY + row)?.translateToString() ?? '').join(
    '\n',
  );
}

/**
 * A row of the screen as runs of one style each; blanks at its end are left out.
 * @param {number} row
 */
function runsOf(row) {
  const line = screen.buffer.active.getLine(screen.buffer.active.baseY + row);
  /** @type {{ text: string, column: number, style: Record<string, string> }[]} */
  const runs = [];
  for (let column = 0; column < (line?.translateToString(true).length ?? 0); column += 1) {
    const cell = line?.getCell(column);
    const style = styleOf(cell);
    const last = runs.at(-1);
    const chars = cell?.getChars() || ' ';
    if (last && JSON.stringify(last.style) === JSON.stringify(style)) last.text += chars;
    else runs.push({ text: chars, column, style });
  }
  return runs;
}

/** @param {import('@xterm/headless').IBufferCell | undefined} cell */
function styleOf(cell) {
  const colours = ['#d7dae0', '#ff7b72', '#7ee787', '#e3b341', '#79c0ff', '#d2a8ff', '#76e3ea', '#d7dae0'];
  const fill = cell?.isFgPalette() ? colours[cell.getFgColor() % 8] : cell?.isDim() ? '#8b919c' : undefined;
  return { ...(fill && { fill }), ...(cell?.isBold() && { 'font-weight': 'bold' }) };
}
