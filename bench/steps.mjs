// N trivial steps in each tool, in turn, in one go: `node bench/steps.mjs [ROUNDS] [N…]`. Tools that are not here are left out. One
// that takes long is run less often, once at least: see `patienceMs`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [rounds = 5, ...asked] = process.argv.slice(2).map(Number);
const sizes = asked.length > 0 ? asked : [10, 100, 1000, 5000];
const folder = mkdtempSync(join(tmpdir(), 'steps-'));
// As it is installed: it starts Node.js without what this does not need.
const netlab = ['dist/netlab.cjs', 'run', '--no-config'];

// As Debian installs it (python3-cram).
const cram = existsSync('/usr/bin/cram3') ? ['/usr/bin/cram3'] : ['cram'];

/** @param {number} count @param {(index: number) => string} step */
const steps = (count, step) => Array.from({ length: count }, (_, index) => step(index)).join('');
/** @param {number} count */
const blocks = (count) => steps(count, (index) => `\`\`\`console\n$ echo ${index}\n${index}\n\`\`\`\n\n`);
/** @param {number} count */
const onHost = (count) => `---\nlab: none\n---\n\n${blocks(count)}`;

/**
 * What each tool is given, and how it is called. bats and clitest are told nothing that they would not need.
 * @type {readonly { name: string, ext: string, text: (count: number) => string, argv: (path: string) => string[], most?: number }[]}
 */
const tools = [
  { name: 'netlab, in a sandbox', ext: 'md', text: blocks, argv: (path) => [...netlab, path] },
  { name: 'netlab, `lab: none`', ext: 'md', text: onHost, argv: (path) => [...netlab, '--allow-host', path] },
  {
    name: 'netlab, one transcript',
    ext: 'md',
    text: (count) => `\`\`\`console\n${steps(count, (index) => `$ echo ${index}\n${index}\n`)}\`\`\`\n`,
    argv: (path) => [...netlab, path],
  },
  {
    name: 'cram',
    ext: 't',
    text: (count) => steps(count, (index) => `  $ echo ${index}\n  ${index}\n`),
    argv: (path) => [...cram, '--shell=/bin/bash', path],
  },
  {
    name: 'bats',
    ext: 'bats',
    text: (count) => steps(count, (index) => `@test "${index}" { [ "$(echo ${index})" = ${index} ]; }\n`),
    argv: (path) => ['bats', path],
    most: 1000,
  },
  {
    name: 'clitest',
    ext: 'txt',
    text: (count) => steps(count, (index) => `$ echo ${index}\n${index}\n`),
    argv: (path) => ['clitest', path],
    most: 1000,
  },
  {
    name: 'one `bash -c` per step',
    ext: 'each.sh',
    text: (count) => steps(count, (index) => `[ "$(bash -c 'echo ${index}')" = ${index} ] || exit 1\n`),
    argv: (path) => ['bash', path],
  },
  {
    name: 'raw bash',
    ext: 'sh',
    text: (count) => `set -e\n${steps(count, (index) => `echo ${index}\n`)}`,
    argv: (path) => ['bash', path],
  },
];
const nothing = [process.execPath, '-e', '0'];
/** How long one tool may take for all rounds of one size, in ms; then it takes part in no further round. */
const patienceMs = 10_000;
/** Goals of netlab, in a sandbox: ms a step, times cram's 1,000 steps, times `node -e 0` for one step. */
const goals = { slope: 0.2, cram: 2.5, start: 1.6 };

// What netlab remembers of these documents is not for the next run of somebody else's.
const env = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache'), XDG_STATE_HOME: join(folder, 'state') };

/** Wall time in ms, or `undefined` when the tool is not here or did not pass. @param {readonly string[]} argv */
function time([file = '', ...args]) {
  const started = performance.now();
  const { status } = spawnSync(file, args, { stdio: 'ignore', env });
  return status === 0 ? performance.now() - started : undefined;
}

/** @param {readonly number[]} times */
const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
/** @param {number | undefined} value */
const shown = (value, digits = 0) => (value === undefined ? '' : value.toFixed(digits));

/**
 * Medians of commands that take their turn in each round, so that what else the machine does meets all. The first round does
 * not count, unless the command is so slow that it is the only one. `undefined`: it is not here, or did not pass.
 * @param {readonly (readonly string[])[]} commands
 * @param {number} most
 */
function inTurn(commands, most) {
  const rows = commands.map(() => ({
    spent: 0,
    first: /** @type {number | undefined} */ (undefined),
    times: [0].slice(1),
  }));
  for (let round = 0; round <= most; round++) {
    for (const [index, argv] of commands.entries()) {
      const row = rows[index];
      if (!row || row.spent > patienceMs || (round > 0 && row.first === undefined)) continue;
      const wall = time(argv);
      if (round === 0) row.first = wall;
      else if (wall !== undefined) row.times.push(wall);
      row.spent += wall ?? 0;
    }
  }
  return rows.map(({ first, times }) => (times.length > 0 ? median(times) : first));
}

/** @type {Map<string, Map<number, number>>} */
const table = new Map(tools.map(({ name }) => [name, new Map()]));
let start;
try {
  for (const count of sizes) {
    const here = tools.filter(({ most = Number.POSITIVE_INFINITY }) => count <= most);
    const commands = here.map(({ ext, text, argv }, index) => {
      const path = join(folder, `${count}-${index}.${ext}`);
      writeFileSync(path, text(count));
      return argv(path);
    });
    for (const [index, wall] of inTurn(commands, rounds).entries()) {
      if (wall !== undefined) table.get(here[index]?.name ?? '')?.set(count, wall);
    }
  }
  const path = join(folder, 'one.md');
  writeFileSync(path, blocks(1));
  start = inTurn([[...netlab, path], nothing], 3 * rounds);
} finally {
  rmSync(folder, { recursive: true });
}

/** From the smallest to the largest that was measured. @param {Map<number, number>} times */
function slope(times) {
  const known = [...times].sort(([a], [b]) => a - b);
  const [[few, quick] = [0, 0], [many, long] = [0, 0]] = [known[0], known.at(-1)];
  return known.length < 2 ? undefined : (long - quick) / (many - few);
}

console.log(`Medians of ${rounds} in ms:\n`);
console.log(`| tool | ${sizes.map((size) => size.toLocaleString('en')).join(' | ')} | ms a step |`);
console.log(`| --- |${' --- |'.repeat(sizes.length + 1)}`);
for (const [name, times] of table) {
  if (times.size === 0) console.log(`| ${name} | ${sizes.map(() => 'not here').join(' | ')} | |`);
  else
    console.log(`| ${name} | ${sizes.map((size) => shown(times.get(size))).join(' | ')} | ${shown(slope(times), 3)} |`);
}

const own = table.get('netlab, in a sandbox') ?? new Map();
const times = (/** @type {number | undefined} */ a, /** @type {number | undefined} */ b) =>
  a === undefined || b === undefined ? 'not measured' : `${(a / b).toFixed(2)} times`;
console.log(`
netlab, in a sandbox (the goal in brackets):
- slope: ${shown(slope(own), 3) || 'not measured'} ms a step (${goals.slope})
- 1,000 steps, beside cram: ${times(own.get(1000), table.get('cram')?.get(1000))} (${goals.cram})
- one step, beside \`node -e 0\`: ${times(start?.[0], start?.[1])} (${goals.start}): ${shown(start?.[0])} and ${shown(start?.[1])} ms`);
