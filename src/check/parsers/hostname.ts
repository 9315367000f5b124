import { UnreadableError } from '../../errors.ts';
import type { Parser } from './types.ts';

/** `hostname`: the name itself, a string. */
export const hostname: Parser = {
  kind: 'hostname',
  parse(text: string): string {
    const lines = text.split('\n').map((line) => line.trim());
    const at = lines.findIndex((line) => line !== '');
    const name = lines[at] ?? '';
    if (!/^[\w](?:[\w.-]*[\w])?$/.test(name)) throw new UnreadableError('hostname', at + 1 || 1, name);
    const more = lines.findIndex((line, index) => index > at && line !== '');
    if (more !== -1) throw new UnreadableError('hostname', more + 1, lines[more] ?? '');
    return name;
  },
};
