import { CheckProblem } from '../problem.ts';
import { nearest } from '../show.ts';
import { textOf } from './script.ts';
import type { Resource } from './types.ts';

/** The kernel keeps so many characters of a process's name. */
const nameLength = 15;

/** A process that runs on the node, by the name that `ps -o comm` has for it. */
export const process: Resource = {
  key: 'process',
  summary: 'a process, by its name in `ps -o comm`',
  fields: ['running'],
  wrongName: (name) =>
    name.length > nameLength ? `a name as ps -o comm prints it, ${nameLength} characters at most` : undefined,
  // The variable is the prober's: the shell that asks all questions.
  request: () =>
    'echo "$NETLAB_PROBER"; for dir in /proc/[0-9]*; do read -r line <"$dir/stat" && printf "%s\\n" "$line"; done 2>/dev/null; true',
  read(answer, { name }) {
    const [own, ...lines] = textOf(answer).trim().split('\n');
    const processes = lines.flatMap((line) => {
      const [, pid, comm = '', state, parent] = /^(\d+) \((.*)\) (\S) (\d+) /.exec(line) ?? [];
      // What has ended and is only not yet fetched by its parent runs no more.
      return pid === undefined || state === 'Z' ? [] : [{ pid, comm, parent }];
    });
    if (!processes.some(({ pid }) => pid === own)) throw new CheckProblem('cannot be probed: /proc shows no processes');
    const probing = new Set([own]);
    // The questions are asked by processes, too, which are no part of the state.
    for (let before = 0; before !== probing.size; ) {
      before = probing.size;
      for (const { pid, parent } of processes) if (probing.has(parent)) probing.add(pid);
    }
    const names = [...new Set(processes.filter(({ pid }) => !probing.has(pid)).map(({ comm }) => comm))];
    const near = nearest(name, names);
    const running = names.includes(name);
    const hint = near ? `; there is ${near}` : '';
    return { fields: { running }, note: running ? undefined : `no process ${name}${hint}` };
  },
};
