import { dirname, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printable } from '../report/printable.ts';
import { thrownText } from '../thrown.ts';

/** How long netlab waits at its end for what somebody else's code keeps alive, in milliseconds. */
const graceMs = 1000;

const withoutVerdict =
  'netlab: ended before its verdict: a configuration or a reporter called process.exit, or awaits what never comes\n';

/** The exit status that the command came to. Until then there is no verdict, whoever ends this process. */
let verdict: number | undefined;

/** What modules of the user's own threw where nobody could catch it. */
const failures = new Set<string>();

/**
 * Sees to it that this process ends with the status of its command. Configurations and reporters are code in it: by what they
 * do (`process.exit(0)`) nothing may seem to pass.
 */
export function guardEnd(): void {
  process.on('uncaughtException', (error: unknown) => {
    const place = placeOf(error);
    if (place?.startsWith(ownFolder) ?? true) {
      process.stderr.write(`netlab: a fault in netlab itself: ${(error as Error).stack ?? error}\n`);
      endNow(2);
    }
    const where = place ? ` at ${relative('', place)}` : '';
    failures.add(`netlab: a module that is not netlab's failed${where}: ${thrownText(error)}`);
  });
  process.on('exit', () => {
    if (verdict === undefined) process.stderr.write(withoutVerdict);
    for (const line of failures) process.stderr.write(`${printable(line)}\n`);
    const status = verdict ?? 2;
    // A report that is not there must not look like one that says that all is well.
    process.exitCode = failures.size > 0 && status < 129 ? 2 : status;
  });
}

const ownFolder = `${dirname(fileURLToPath(import.meta.url))}${sep}`;

/** Where something was thrown, in the form of editors; empty for what says nothing of it, `undefined` inside of Node itself. */
function placeOf(thrown: unknown): string | undefined {
  // Nothing of netlab throws, or rejects with, what is no error.
  if (!(thrown instanceof Error) || ('code' in thrown && thrown.code === 'ERR_UNHANDLED_REJECTION')) return '';
  const frame = /^ +at (?:.*\()?(?:async )?(?:file:\/\/)?(\/.+?:\d+:\d+)\)?$/m;
  return frame.exec(String(thrown.stack))?.[1];
}

/** Ends this process now, with a status that means it: the command has none yet, or does not count. */
export function endNow(status: number): never {
  verdict = status;
  process.exit(status);
}

/** The command has come to its end: this process ends when all is written, even if a module keeps it alive by a timer. */
export function endWith(status: number): void {
  verdict = status;
  process.exitCode = status;
  endSoon();
}

function endSoon(): void {
  const end = (): void => {
    const isBehind = [process.stdout, process.stderr].some((to) => to.writableLength > 0 && !to.destroyed);
    if (isBehind) endSoon();
    else process.exit();
  };
  setTimeout(end, graceMs).unref();
}
