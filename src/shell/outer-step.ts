import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { trace, tracing } from '../trace.ts';
import { type LastStatus, privateFd, statusOf, stepLine } from './step-line.ts';
import { type Finish, ifEnded, opened, seenText, type Terminal } from './terminal-shell.ts';
import type { SessionInput } from './types.ts';
import { sentVariables } from './variables.ts';

/** A terminal of which the program has ended is closed within this, in milliseconds. */
const closeMs = 200;

/** A step of the session's own bash. */
export async function runOuter(shell: Terminal, input: SessionInput, last: LastStatus): Promise<Finish> {
  const { bash, screen, marks } = shell;
  const mark = marks.next();
  const key = bash.nextKey();
  const report = bash.report(key);
  const print = (text: string): string => `\\builtin printf '${text}' >&${privateFd.output}; `;
  const tty = `<&${privateFd.output}`;
  bash.execute(
    stepLine({
      input,
      key,
      last,
      redirections: `${input.stdin === undefined ? tty : ''} >&${privateFd.output} 2>&${privateFd.output}`,
      // A nested shell has jobs of its own and may end with the terminal in its hands: job control takes it back.
      before: `${input.nextDepth > 0 ? 'set -m; ' : ''}${print(mark.begin)}`,
      after: `${input.nextDepth > 0 ? 'set +m; ' : ''}${print(mark.end)}`,
    }),
  );
  const over = ifEnded(report);
  const shown = screen.until((text): Finish | undefined => {
    const from = mark.begun(text);
    if (from === undefined) return undefined;
    const end = mark.ended(text);
    if (end) return { ending: 'completed', from, to: end.at, resume: end.after, exit: null };
    return opened(text, from, input);
  });
  const finish = (await Promise.race([shown, over])) ?? (await shown);
  if (tracing.hasSubscribers) trace('shell', seenText(finish, input));
  if (finish.ending === 'opened') {
    shell.nested.push({ id: mark.id, lastStatus: 0, sent: sentVariables() });
    shell.opener = report;
    return finish;
  }
  if (finish.ending === 'completed') {
    const left = statusOf((await report) ?? '', input);
    return { ...finish, exit: left.exit, left };
  }
  const exit = await bash.exited;
  await allSaid(bash.child.stdout);
  return { ...finish, ...marks.soFar(screen.text), exit, unbegun: mark.begun(screen.text) === undefined };
}

/** Resolves when all that came from a terminal that has ended has been handed on. */
async function allSaid(stdout: Readable | null): Promise<void> {
  if (!stdout || stdout.closed) return;
  await Promise.race([new Promise<void>((resolve) => stdout.once('close', () => resolve())), sleep(closeMs)]);
}
