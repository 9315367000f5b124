import type { Interface } from './ip_interface.ts';
import { readInterfaces } from './ip_interfaces.ts';
import type { Parser } from './types.ts';

/** `ip link`: text or `-j`. */
export const ipLink: Parser = {
  kind: 'ip_link',
  parse(text: string): readonly Interface[] {
    return readInterfaces('ip_link', text);
  },
};
