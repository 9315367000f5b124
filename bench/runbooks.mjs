// All runbooks of the notes one after the other, and two at a time, in turn: `node bench/runbooks.mjs [ROUNDS]`.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const rounds = Number(process.argv[2] ?? 3);
const runbooks = readdirSync('runbooks')
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .map((name) => `runbooks/${name}`);

/** @param {string} jobs @returns {{ wall: number, each: Map<string, number> }} */
function run(jobs) {
  const args = ['run', '--no-config', '--reporter', 'json', '--jobs', jobs, ...runbooks];
  const started = performance.now();
  const { stdout, status } = spawnSync('dist/netlab.cjs', args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const wall = performance.now() - started;
  if (status !== 0) throw new Error(`exit status ${status}`);
  const report = JSON.parse(stdout);
  return { wall, each: new Map(report.runbooks.map(({ path, duration_ms: ms }) => [path, ms])) };
}

/** @param {readonly number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
/** @param {number} ms */
const seconds = (ms) => (ms / 1000).toFixed(1);

const pairs = Array.from({ length: rounds }, () => ({ serial: run('1'), two: run('2') }));
console.log(`| runbook | seconds, alone |\n| --- | --- |`);
for (const path of runbooks) {
  console.log(`| ${path} | ${seconds(median(pairs.map(({ serial }) => serial.each.get(path) ?? 0)))} |`);
}
const serial = median(pairs.map((pair) => pair.serial.wall));
const two = median(pairs.map((pair) => pair.two.wall));
const ratio = median(pairs.map((pair) => pair.two.wall / pair.serial.wall));
console.log(`\n${runbooks.length} runbooks, medians of ${rounds}: one after the other ${seconds(serial)} s`);
console.log(`two at a time ${seconds(two)} s, ratio ${ratio.toFixed(2)}`);
