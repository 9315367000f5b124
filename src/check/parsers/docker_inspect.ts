import { UnreadableError } from '../../errors.ts';
import { looksLikeJson, readObjects } from './json_text.ts';
import type { Parser } from './types.ts';

/**
 * `docker inspect` of anything, as it is: a list of objects. The empty list that it prints beside "No such object" is
 * unreadable: there was nothing to inspect.
 */
export const dockerInspect: Parser = {
  kind: 'docker_inspect',
  parse(text: string): readonly Record<string, unknown>[] {
    const lines = text.split('\n');
    const first = lines.findIndex((line) => line.trim() !== '');
    if (!looksLikeJson(text)) throw new UnreadableError('docker_inspect', first + 1 || 1, lines[first] ?? '');
    const items = readObjects('docker_inspect', text);
    if (items.length === 0) throw new UnreadableError('docker_inspect', first + 1, lines[first] ?? '');
    return items;
  },
};
