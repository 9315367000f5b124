// From a save to its verdict in `netlab run --watch`, beside a whole run of the same document and the time of the steps that
// had to be run again: `node bench/watch.mjs [ROUNDS] [PAUSE]`. Prints medians and ratios.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const rounds = Number(process.argv[2] ?? 5);
/** How long the author thinks between two saves, in milliseconds: spare labs are brought up meanwhile. */
const thinkMs = Number(process.argv[3] ?? 5000);
const source = readFileSync('runbooks/docker-dns.md', 'utf8');
const netlab = ['dist/netlab.cjs', 'run', '--no-config'];

/** What is saved: the document, changed in one place each time. */
const edits = {
  'the last step': (n) => source.replace('# docker ps --all --quiet', `# docker ps --all --quiet --filter label=n${n}`),
  'what the last step prints': (n) => source.replace(/(# docker ps --all --quiet\n)/, `$1${n % 2 ? 'wrong\n' : ''}`),
  'the first step': (n) => source.replace('# docker run --name w1', `# docker run --label n=${n} --name w1`),
  'the prose': (n) => source.replace('## Summary', `A sentence more: ${n}.\n\n## Summary`),
  "the front matter's lab": (n) => source.replace('records:', `records:\n        n${n}.test: { A: [203.0.113.1] }`),
};

const folder = mkdtempSync(join(tmpdir(), 'netlab-bench-watch-'));
const path = join(folder, 'written.md');
const report = join(folder, 'report.json');

/** @param {readonly number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
/** @param {number} ms */
const seconds = (ms) => (ms / 1000).toFixed(2);

/** A whole run in a process of its own. */
function whole() {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, [...netlab, path], { stdio: 'ignore' });
  if (status !== 0) throw new Error(`exit status ${status}`);
  return performance.now() - started;
}

/** @param {(n: number) => string} edit */
async function measure(edit) {
  writeFileSync(path, source);
  const child = spawn(process.execPath, [...netlab, '--watch', '-r', 'pretty', '-r', `json=${report}`, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  /** @param {number} number */
  const verdict = async (number) => {
    while (said.split('Watching.').length <= number) await sleep(5);
    return performance.now();
  };
  const saves = [];
  await verdict(1);
  for (let n = 1; n <= rounds; n++) {
    await sleep(thinkMs);
    const saved = performance.now();
    writeFileSync(path, edit(n));
    const wall = (await verdict(n + 1)) - saved;
    const [{ steps }] = JSON.parse(readFileSync(report, 'utf8')).runbooks;
    const again = steps.filter((step) => step.carried === undefined && step.status !== 'skipped');
    saves.push({ wall, again: again.length, steps: again.reduce((sum, step) => sum + step.duration_ms, 0) });
  }
  child.kill('SIGTERM');
  await new Promise((resolve) => child.once('close', resolve));
  return saves;
}

try {
  writeFileSync(path, source);
  whole();
  const wholes = Array.from({ length: rounds }, whole);
  const wholeMs = median(wholes);
  console.log(`A whole run: ${seconds(wholeMs)} s. Seconds, medians of ${rounds} saves, ${thinkMs / 1000} s apart:\n`);
  console.log('| changed | save to verdict | of a whole run | steps run again | their time | over it |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const [name, edit] of Object.entries(edits)) {
    const saves = await measure(edit);
    const wall = median(saves.map((save) => save.wall));
    const steps = median(saves.map((save) => save.steps));
    const over = median(saves.map((save) => save.wall - save.steps));
    const again = median(saves.map((save) => save.again));
    console.log(
      `| ${name} | ${seconds(wall)} | ${(wall / wholeMs).toFixed(2)} | ${again} | ${seconds(steps)} | ${seconds(over)} |`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
