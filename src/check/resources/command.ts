import { CheckProblem } from '../problem.ts';
import { inNetworks, lastLine, quote } from './script.ts';
import type { Resource } from './types.ts';

/** How long a command may take, in milliseconds: goss's own. */
const defaultMs = 10_000;

/** What a shell ends with when there is no such program, or none that can be run. */
const notRun = [126, 127];

/** A command that is run for its status and output, apart from the document's own shells. */
export const command: Resource = {
  key: 'command',
  summary: 'a command, run by a shell of its own',
  fields: ['exit-status', 'stdout', 'stderr'],
  texts: ['stdout', 'stderr'],
  options: { exec: 'text', timeout: 'ms', netns: inNetworks.netns },
  request({ name, options }) {
    // The first line tells that it was the command which ended so, and not what should have started it.
    const script = `echo started\nexec bash --norc --noprofile -c ${quote(String(options['exec'] ?? name))}`;
    return { script, timeoutMs: Number(options['timeout'] ?? defaultMs) };
  },
  read({ stdout, stderr, exit }, { expected }) {
    if (!stdout.startsWith('started\n'))
      throw new CheckProblem(`cannot be run: ${lastLine(stderr) ?? 'no reason given'}`);
    // Unless just that is expected, it is no result: `!0` would hold of a program that is not there.
    if (exit !== null && notRun.includes(exit) && expected['exit-status'] !== exit) {
      throw new CheckProblem(`cannot be run: ${lastLine(stderr) ?? `status ${exit}`}`);
    }
    const output = stdout.slice('started\n'.length);
    const note = lastLine(stderr) === undefined ? undefined : `it said: ${lastLine(stderr)}`;
    return { fields: { 'exit-status': exit, stdout: output, stderr }, note };
  },
};
