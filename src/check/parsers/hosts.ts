import { isIP } from 'node:net';
import { UnreadableError } from '../../errors.ts';
import type { Parser } from './types.ts';

interface Host {
  readonly ip: string;
  readonly hostname: readonly string[];
}

/** hosts(5): one item a line, in order. A file without entries is an empty list. */
export const hosts: Parser = {
  kind: 'hosts',
  parse(text: string): readonly Host[] {
    return text.split('\n').flatMap((line, index) => {
      const [ip, ...hostname] = line.replace(/#.*/, '').trim().split(/\s+/);
      if (ip === undefined || ip === '') return [];
      if (isIP(ip) === 0 || hostname.length === 0) throw new UnreadableError('hosts', index + 1, line);
      return [{ ip, hostname }];
    });
  },
};
