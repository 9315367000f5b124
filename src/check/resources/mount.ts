import { CheckProblem } from '../problem.ts';
import { nearest } from '../show.ts';
import { textOf } from './script.ts';
import type { Resource } from './types.ts';

/** A mount point, from the kernel's own table. */
export const mount: Resource = {
  key: 'mount',
  summary: 'a mount point',
  fields: ['exists', 'opts', 'vfs-opts', 'source', 'filesystem'],
  wrongName: (name) => (name.startsWith('/') ? undefined : 'an absolute path'),
  request: () => 'cat /proc/self/mountinfo',
  read(answer, { name }) {
    const mounts = textOf(answer).split('\n').flatMap(readMount);
    if (mounts.length === 0) throw new CheckProblem('cannot be probed: the kernel shows no mounts');
    // Of several at one place the last is the one that is seen.
    const found = mounts.findLast(({ point }) => point === name);
    if (found) return { fields: { exists: true, ...found.fields } };
    const near = nearest(
      name,
      mounts.map(({ point }) => point),
    );
    return { fields: { exists: false }, note: `nothing is mounted on ${name}${near ? `; there is ${near}` : ''}` };
  },
};

/** `36 35 98:0 /root /point rw,noatime shared:1 - ext4 /dev/sda1 rw,errors=continue`, proc(5). */
function readMount(line: string): { readonly point: string; readonly fields: Readonly<Record<string, unknown>> }[] {
  const [before = '', after = ''] = line.split(' - ');
  const [, , , , point = '', opts = ''] = before.split(' ').map(fromOctal);
  const [filesystem, source, vfs] = after.split(' ').map(fromOctal);
  if (vfs === undefined) return [];
  return [{ point, fields: { opts: opts.split(','), 'vfs-opts': vfs.split(','), source, filesystem } }];
}

/** Blanks stand in octal. */
function fromOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
