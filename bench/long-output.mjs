// `node bench/long-output.mjs`: how long it takes to match 100,000 lines of output with 1,000 patterns, `...` between them.
import { build } from 'esbuild';

const { outputFiles } = await build({
  stdin: { contents: "export { evaluate } from './src/check/evaluate.ts'", resolveDir: process.cwd() },
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('file:///');" },
});
const code = Buffer.from(outputFiles[0]?.contents ?? '').toString('base64');
const { evaluate } = await import(`data:text/javascript;base64,${code}`);

const lines = Array.from(
  { length: 100_000 },
  (_, index) => `line ${index} of 10.0.${index % 250}.1 in ${index % 7}.5 ms`,
);
const kinds = {
  'that match': (index) => `line ${index} of {{ipv4}} in [..] ms`,
  'of which the last does not match': (index) => (index < 99_900 ? `line ${index} of {{ipv4}} in [..] ms` : 'no line'),
  'that match every line': () => 'line [..] {{ipv4}} [..]',
  'that match every line, and a last one that matches none': (index) => (index < 99_900 ? '[..]' : 'no line'),
};

const place = { line: 1, column: 1, offset: 0 };
const span = { start: place, end: place };
console.log('| 1,000 patterns | verdict | processor |\n| --- | --- | --- |');
for (const [name, pattern] of Object.entries(kinds)) {
  const expected = Array.from({ length: 1000 }, (_, index) => [pattern(index * 100), '...']).flat();
  const step = {
    ...{ index: 0, kind: 'command', language: 'shell', name: 'x', command: 'x', prompt: '$ ', span, expectations: [] },
    ...{ exit: 0, match: 'exact', stream: 'both', depth: 0, nextDepth: 0, expected: { lines: expected, span } },
  };
  const output = {
    stdout: `${lines.join('\n')}\n`,
    stderr: '',
    exit: 0,
    ending: 'completed',
    durationMs: 1,
    droppedBytes: 0,
  };
  const before = process.cpuUsage();
  const { checks } = await evaluate(step, output, new Map());
  const { user, system } = process.cpuUsage(before);
  const verdict = checks.every(({ ok }) => ok) ? 'passed' : 'failed';
  console.log(`| ${name} | ${verdict} | ${((user + system) / 1e6).toFixed(2)} s |`);
}
