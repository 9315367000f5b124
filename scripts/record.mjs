// Draws a run as it looks in a terminal: `node scripts/record.mjs [RUNBOOK [SVG]]`. Needs dist/ (`npm run build`).
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawTerminal } from './terminal-svg.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [runbook = 'runbooks/docker-dns.md', file = 'docs/images/run.svg'] = process.argv.slice(2);

/** What a README is wide, and what of a long run is shown: its beginning and its end. */
const columns = 96;
const headLines = 12;
const tailLines = 18;

/** SGR codes that picocolors writes, as SVG attributes; 0, 22 and 39 take them back. */
const styles = new Map([
  [1, { 'font-weight': 'bold' }],
  [2, { fill: '#8b919c' }],
  [31, { fill: '#ff7b72' }],
  [32, { fill: '#7ee787' }],
  [33, { fill: '#e3b341' }],
  [35, { fill: '#d2a8ff' }],
  [36, { fill: '#76e3ea' }],
]);

const run = spawnSync(process.execPath, ['dist/netlab.cjs', 'run', runbook], {
  cwd: root,
  encoding: 'utf8',
  env: { PATH: process.env.PATH, HOME: process.env.HOME, FORCE_COLOR: '1', LC_ALL: 'C.UTF-8' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
if (run.status !== 0) {
  process.stderr.write(`${run.stdout}record: the run ended with status ${run.status}; nothing is drawn\n`);
  process.exit(1);
}
const command = `netlab run ${runbook}`;
const lines = shorten([`\u001b[2m$\u001b[22m ${command}`, ...run.stdout.trimEnd().split('\n')]).map(parseLine);
const path = join(root, file);
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, drawTerminal([lines], { title: command, columns }));
process.stdout.write(`${file}: ${lines.length} lines\n`);

/** @param {string[]} all */
function shorten(all) {
  const hidden = all.length - headLines - tailLines;
  if (hidden < 2) return all;
  return [
    ...all.slice(0, headLines),
    `  \u001b[2m⋮\u001b[22m\u001b[2m       ${hidden} more lines\u001b[22m`,
    ...all.slice(-tailLines),
  ];
}

/**
 * A line as runs of text in one style each, cut to the width of the picture.
 * @param {string} line
 * @returns {{ text: string, column: number, style: Record<string, string> }[]}
 */
function parseLine(line) {
  const runs = [];
  let codes = [];
  let column = 0;
  const length = [...line.replace(/\u001b\[[\d;]*m/g, '')].length;
  const room = length > columns ? columns - 1 : columns;
  for (const part of line.split(/(\u001b\[[\d;]*m)/)) {
    if (part.startsWith('\u001b')) {
      codes = part.slice(2, -1).split(';').reduce(applyCode, codes);
      continue;
    }
    const text = [...part].slice(0, Math.max(0, room - column)).join('');
    const style = Object.assign({}, ...codes.map((code) => styles.get(code)));
    if (text !== '') runs.push({ text, column, style });
    column += [...text].length;
  }
  if (length > columns) runs.push({ text: '…', column, style: styles.get(2) ?? {} });
  return runs;
}

/**
 * @param {number[]} codes
 * @param {string} written
 */
function applyCode(codes, written) {
  const code = Number(written);
  if (code === 0) return [];
  if (code === 22) return codes.filter((each) => each > 2);
  if (code === 39) return codes.filter((each) => each < 30);
  return [...codes, code];
}
