// The main job beside the same by hand, in turn, in one go: `npm run bench`. Prints medians and their ratio.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const runs = Number(process.argv[2] ?? 7);
const netlab = ['dist/netlab.cjs'];

/** Runs a command to its end; resolves to its wall time in ms, its status, and its own peak memory in MB. */
function measure([file, ...args]) {
  return new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.resume();
    child.stderr.resume();
    let peak = 0;
    const timer = setInterval(() => {
      try {
        const [, kB] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
        peak = Math.max(peak, Number(kB ?? 0) / 1000);
      } catch {}
    }, 10);
    child.on('close', (status) => {
      clearInterval(timer);
      resolve({ wall: performance.now() - started, status, peak });
    });
  });
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Two commands in turn, after one round that does not count. */
async function compare(title, a, b, count) {
  const pairs = [];
  for (let n = 0; n <= count; n++) {
    const pair = [await measure(a), await measure(b)];
    if (n > 0) pairs.push(pair);
  }
  const statuses = [...new Set(pairs.flatMap((pair) => pair.map((run) => run.status)))];
  const [first, second] = [0, 1].map((side) => median(pairs.map((pair) => pair[side].wall)));
  const ratio = median(pairs.map(([left, right]) => left.wall / right.wall));
  const peak = Math.max(...pairs.map(([left]) => left.peak));
  console.log(
    `${title}: ${first.toFixed(0)} ms against ${second.toFixed(0)} ms, ratio ${ratio.toFixed(2)}; peak memory ${peak.toFixed(0)} MB; statuses ${statuses}`,
  );
}

await compare(
  'docker-dns.md against by hand',
  [...netlab, 'run', 'runbooks/docker-dns.md'],
  ['bench/by-hand.sh'],
  runs,
);
await compare('two-node swarm against by hand', [...netlab, 'run', 'bench/swarm.md'], ['bench/swarm-by-hand.sh'], runs);
await compare('netlab --version against node -e 0', [...netlab, '--version'], ['node', '-e', '0'], runs * 2);
