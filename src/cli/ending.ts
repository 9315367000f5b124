/** How long netlab waits at its end for what somebody else's code keeps alive, in milliseconds. */
const graceMs = 1000;

const withoutVerdict =
  'netlab: ended before its verdict: a configuration or a reporter called process.exit, or awaits what never comes\n';

/** The exit status that the command came to. Until then there is no verdict, whoever ends this process. */
let verdict: number | undefined;

/**
 * Sees to it that this process ends with the status of its command. Configurations and reporters are code in it: by what they
 * do (`process.exit(0)`) nothing may seem to pass.
 */
export function guardEnd(): void {
  process.on('exit', () => {
    if (verdict === undefined) process.stderr.write(withoutVerdict);
    process.exitCode = verdict ?? 2;
  });
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
