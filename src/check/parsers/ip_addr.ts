import type { Interface } from './ip_interface.ts';
import { readInterfaces } from './ip_interfaces.ts';
import type { Parser } from './types.ts';

/** `ip addr`: text or `-j`. Every interface has its addresses, if only an empty list. */
export const ipAddr: Parser = {
  kind: 'ip_addr',
  parse(text: string): readonly Interface[] {
    return readInterfaces('ip_addr', text).map((item) => ({ ...item, addr_info: item.addr_info ?? [] }));
  },
};
