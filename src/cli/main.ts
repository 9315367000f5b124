import { NetlabError, UsageError } from '../errors.ts';
import { letGoOfClosedTerminal } from './closed-terminal.ts';
import { endNow, endWith, guardEnd } from './ending.ts';
import { printError } from './print-error.ts';
import { ownVersion } from './version.ts';

// A reader that closes early (`| head`) is no error; a terminal that was closed has told of it by SIGHUP.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || error.code === 'EIO') return;
  process.stderr.write(`netlab: cannot write the report: ${error.message}\n`);
  endNow(2);
});

// The same of what is told beside a report (`2>&1 | head`); a disk that is full leaves nowhere to say so.
process.stderr.on('error', () => {});

// Whatever goes wrong inside netlab is no failed check: there is no verdict before it is set below.
process.exitCode = 2;
guardEnd();
process.on('exit', letGoOfClosedTerminal);

const folderGone = new UsageError('the folder in which netlab was started is gone', { hint: 'cd to another one' });

async function run(): Promise<void> {
  try {
    const { runProgram } = await import('./program.ts');
    endWith(await runProgram(ownVersion(), process.argv.slice(2)));
  } catch (error) {
    const told = (error as NodeJS.ErrnoException).syscall === 'uv_cwd' ? folderGone : error;
    if (!(told instanceof NetlabError)) throw error;
    printError(told);
    endWith(2);
  }
}

void run();
