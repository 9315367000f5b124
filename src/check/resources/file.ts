import { CheckProblem } from '../problem.ts';
import { inEnglish, lastLine, quote, textOf } from './script.ts';
import type { Resource } from './types.ts';

/** A file of which more is asked for than this is no matter for an expectation, in bytes. */
const longest = 1024 * 1024;

const sums = ['md5', 'sha256', 'sha512'];

/** What stat calls the kinds of files, and what goss does. */
const kinds: Readonly<Record<string, string>> = {
  'regular file': 'file',
  'regular empty file': 'file',
  directory: 'directory',
  'symbolic link': 'symlink',
  socket: 'socket',
  fifo: 'pipe',
  'block special file': 'block-device',
  'character special file': 'character-device',
};

/** A file of the node. Contents and sums are those of a link's target, everything else is the link's own, as in goss. */
export const file: Resource = {
  key: 'file',
  summary: 'a file, folder or link',
  fields: ['exists', 'mode', 'size', 'owner', 'group', 'uid', 'gid', 'filetype', 'linked-to', 'contents', ...sums],
  texts: ['contents'],
  request({ name, expected }) {
    const path = quote(name.startsWith('/') ? name : `./${name}`);
    return [
      `${inEnglish}file=${path}`,
      'what=$(stat -c "%a %s %u %g %U %G %F" -- "$file") || exit',
      'echo "stat $what"',
      'if [ -L "$file" ]; then printf "link %s\\n" "$(readlink -- "$file")"; fi',
      ...sums
        .filter((sum) => Object.hasOwn(expected, sum))
        .map((sum) => `sum=$(${sum}sum <"$file") && echo "${sum} $sum" || exit 3`),
      ...(Object.hasOwn(expected, 'contents')
        ? [`echo "contents $(head -c ${longest + 1} <"$file" | wc -c)"; head -c ${longest} <"$file" || exit 3`]
        : []),
    ].join('\n');
  },
  read(answer, { name }) {
    const reason = lastLine(answer.stderr) ?? '';
    if (answer.exit === 1 && /: (?:No such file or directory|Not a directory)$/.test(reason)) {
      return { fields: { exists: false }, note: `no file ${name}` };
    }
    const text = textOf(answer);
    const [line, bytes] = /^contents (\d+)\n/m.exec(text) ?? [];
    const head = line === undefined ? text : text.slice(0, text.indexOf(line));
    if (Number(bytes ?? 0) > longest) throw new CheckProblem(`it is longer than ${longest} bytes`);
    const [, mode = '', size, uid, gid, owner, group, kind = ''] =
      /^stat (\d+) (\d+) (\d+) (\d+) (\S+) (\S+) (.+)$/m.exec(head) ?? [];
    if (size === undefined) throw new CheckProblem(`stat printed ${JSON.stringify(head)}`);
    const known = Object.fromEntries(
      sums.map((sum) => [sum, new RegExp(`^${sum} ([\\da-f]+)`, 'm').exec(head)?.[1] ?? null]),
    );
    return {
      fields: {
        exists: true,
        mode: mode.padStart(4, '0'),
        size: Number(size),
        ...{ owner, group, uid: Number(uid), gid: Number(gid) },
        filetype: kinds[kind] ?? kind,
        'linked-to': /^link (.*)$/m.exec(head)?.[1] ?? null,
        contents: line === undefined ? null : text.slice(head.length + line.length),
        ...known,
      },
    };
  },
};
