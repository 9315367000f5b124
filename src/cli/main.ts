import { readFileSync } from 'node:fs';
import { NetlabError } from '../errors.ts';
import { printError } from './print-error.ts';

/** Told without loading anything else: this is what scripts ask most. */
function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

async function main(args: readonly string[]): Promise<number> {
  if (args[0] === '--version' || args[0] === '-V') {
    process.stdout.write(`${version()}\n`);
    return 0;
  }
  const { buildProgram } = await import('./program.ts');
  return buildProgram(version(), args);
}

// A reader that closes early (`| head`) is no error; a terminal that was closed has told of it by SIGHUP.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || error.code === 'EIO') return;
  process.stderr.write(`netlab: cannot write the report: ${error.message}\n`);
  process.exit(2);
});

// Whatever goes wrong inside netlab is no failed check: there is no verdict before it is set below.
process.exitCode = 2;
process.on('uncaughtException', (error) => {
  process.stderr.write(`netlab: a fault in netlab itself: ${error.stack ?? error}\n`);
  process.exit(2);
});

async function run(): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof NetlabError)) throw error;
    printError(error);
  }
}

void run();
