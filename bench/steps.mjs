// N trivial steps in each tool, in turn, in one go: `node bench/steps.mjs [ROUNDS] [N…]`. Tools that are not here are left out.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [rounds = 5, ...asked] = process.argv.slice(2).map(Number);
const sizes = asked.length > 0 ? asked : [10, 100, 1000, 5000];
const folder = mkdtempSync(join(tmpdir(), 'steps-'));
const netlab = [process.execPath, 'dist/netlab.js', 'run', '--no-config'];

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
    argv: (path) => ['/usr/bin/python3', '-m', 'cram', '--shell=/bin/bash', path],
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

/** Wall time in ms, or `undefined` when the tool is not here or did not pass. @param {readonly string[]} argv */
function time([file = '', ...args]) {
  const started = performance.now();
  const { status } = spawnSync(file, args, { stdio: 'ignore' });
  return status === 0 ? performance.now() - started : undefined;
}

/** @param {readonly (number | undefined)[]} times */
const median = (times) => {
  const known = times.filter((time) => time !== undefined).sort((a, b) => a - b);
  return known[Math.floor(known.length / 2)];
};
/** @param {number | undefined} value */
const shown = (value, digits = 0) => (value === undefined ? '' : value.toFixed(digits));

/** @type {Map<string, (number | undefined)[]>} */
const table = new Map(tools.map(({ name }) => [name, []]));
/** @type {number[]} */
const starts = [];
try {
  for (const count of sizes) {
    const here = tools.filter(({ most = Number.POSITIVE_INFINITY }) => count <= most);
    for (const { ext, text, name } of here)
      writeFileSync(join(folder, `${count}-${tools.findIndex((tool) => tool.name === name)}.${ext}`), text(count));
    /** @type {Map<string, (number | undefined)[]>} */
    const times = new Map();
    // The first round does not count. All tools take their turn in each, so that what else the machine does meets all.
    for (let round = 0; round <= rounds; round++) {
      for (const { name, ext, argv } of here) {
        const wall = time(argv(join(folder, `${count}-${tools.findIndex((tool) => tool.name === name)}.${ext}`)));
        if (round > 0) times.set(name, [...(times.get(name) ?? []), wall]);
      }
      const start = time(nothing);
      if (round > 0 && start !== undefined) starts.push(start);
    }
    for (const { name } of tools) table.get(name)?.push(median(times.get(name) ?? []));
  }
} finally {
  rmSync(folder, { recursive: true });
}

console.log(`Medians of ${rounds} in ms, \`node -e 0\` ${shown(median(starts))} ms:\n`);
console.log(`| tool | ${sizes.join(' | ')} | ms a step |\n| --- |${' --- |'.repeat(sizes.length + 1)}`);
for (const [name, times] of table) {
  const [first, last] = [times[0], times.filter((time) => time !== undefined).at(-1)];
  const known = times.filter((time) => time !== undefined).length;
  const slope = known < 2 ? undefined : ((last ?? 0) - (first ?? 0)) / ((sizes[known - 1] ?? 0) - (sizes[0] ?? 0));
  if (first !== undefined)
    console.log(`| ${name} | ${times.map((time) => shown(time)).join(' | ')} | ${shown(slope, 3)} |`);
}
