// Runs documents from a program, and tells what came of them: `node examples/report.mjs FILE…`.
import { check, ParseError, parse, run } from 'netlab';

const paths = process.argv.slice(2);

// What is wrong, or probably not meant, without running anything.
for (const { level, message, position } of await check({ paths })) {
  console.log(`${level}: ${position.file}:${position.line}: ${message}`);
}

// A document as data. What cannot be read is one error with all that is wrong.
try {
  const { title, steps } = parse('# A title\n\n```sh\ntrue\n```\n', 'text.md');
  console.log(`"${title}" has ${steps.length} step`);
  parse('```sh {tiemout=3s}\ntrue\n```\n', 'slip.md');
} catch (error) {
  if (!(error instanceof ParseError)) throw error;
  console.log(`${error.position?.line}:${error.position?.column}: ${error.message}`);
}

// Each in a lab of its own; the signal stops the run, and its labs are gone when it has resolved.
const result = await run({
  paths,
  signal: AbortSignal.timeout(60_000),
  onEvent(event) {
    if (event.type === 'step:end') console.log(`${event.step.status}: ${event.step.name}`);
  },
});
console.log(`${result.status}: ${result.counts.passed} passed, ${result.counts.failed} failed`);
