// `node bench/much-output.mjs [ROUNDS]`: 1 GB that one step prints, beside the same into `cat >/dev/null`, in turn; and the most
// memory that the engine took.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const rounds = Number(process.argv[2] ?? 3);
const folder = mkdtempSync(join(tmpdir(), 'much-output-'));
const print = "yes 'a line that says nothing' | head -c 1000000000";
const path = join(folder, 'much.md');
writeFileSync(path, `\`\`\`console {timeout=2m}\n$ ${print}\n...\n\`\`\`\n`);
const env = { ...process.env, XDG_CACHE_HOME: folder, XDG_STATE_HOME: folder };

/** The most memory that a process has taken until now, in kB; 0 once it has gone. @param {number | undefined} pid */
function peakOf(pid) {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** @param {string} file @param {readonly string[]} args */
async function run(file, args) {
  const started = performance.now();
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'ignore'], env });
  let [text, peak, over] = ['', 0, false];
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const ended = new Promise((resolve) => child.once('close', resolve)).then((status) => {
    over = true;
    return status;
  });
  while (!over) {
    peak = Math.max(peak, peakOf(child.pid));
    await Promise.race([sleep(20), ended]);
  }
  const status = await ended;
  if (status !== 0) throw new Error(`${file} ended with status ${status}:\n${text.slice(0, 2000)}`);
  return { seconds: (performance.now() - started) / 1000, megabytes: peak / 1000, text };
}

/** @param {readonly number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

try {
  /** @type {{ engine: Awaited<ReturnType<typeof run>>, cat: number, ratio: number }[]} */
  const pairs = [];
  for (let round = 0; round < rounds; round++) {
    const engine = await run('dist/netlab.cjs', ['run', '--no-config', '-r', 'json', path]);
    const cat = (await run('bash', ['-c', `${print} | cat >/dev/null`])).seconds;
    pairs.push({ engine, cat, ratio: engine.seconds / cat });
  }
  const last = pairs.at(-1)?.engine.text ?? '';
  const { stdout, status } = JSON.parse(last).runbooks[0].steps[0];
  const note = stdout.split('\n').find((/** @type {string} */ line) => /bytes|lines/.test(line));
  console.log(`1 GB of output, medians of ${rounds} pairs (the goal in brackets):
- time: ${median(pairs.map(({ ratio }) => ratio)).toFixed(2)} times that of \`cat >/dev/null\` (3): ${median(pairs.map(({ engine }) => engine.seconds)).toFixed(1)} and ${median(pairs.map(({ cat }) => cat)).toFixed(1)} s, lab and all
- memory of the engine, at most: ${Math.max(...pairs.map(({ engine }) => engine.megabytes)).toFixed(0)} MB (150)
- verdict ${status}; the report has ${(stdout.length / 1000).toFixed(0)} kB of it: ${note}`);
} finally {
  rmSync(folder, { recursive: true });
}
