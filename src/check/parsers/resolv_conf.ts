import { UnreadableError } from '../../errors.ts';
import type { Parser } from './types.ts';

interface ResolvConf {
  readonly domain: string | null;
  readonly search: readonly string[];
  readonly nameservers: readonly string[];
  readonly options: readonly string[];
  readonly sortlist: readonly string[];
}

/** Keywords of other systems' resolvers; they say nothing that this structure holds. */
const others = new Set(['lookup', 'family', 'port', 'timeout', 'search_order', 'interface', 'trust-ad']);

/** resolv.conf(5). As in jc, `search` has the names of all its lines; a resolver uses the last one. May be empty. */
export const resolvConf: Parser = {
  kind: 'resolv_conf',
  parse(text: string): ResolvConf {
    let domain: string | null = null;
    const search: string[] = [];
    const nameservers: string[] = [];
    const options: string[] = [];
    const sortlist: string[] = [];
    const lists = new Map([
      ['search', search],
      ['options', options],
      ['sortlist', sortlist],
    ]);
    for (const [index, line] of text.split('\n').entries()) {
      const [keyword = '', ...values] = line
        .replace(/(?:^|\s)[#;].*/, '')
        .trim()
        .split(/\s+/);
      const [value] = values;
      if (keyword === '') continue;
      if (keyword === 'nameserver' && value !== undefined && values.length === 1) nameservers.push(value);
      else if (keyword === 'domain' && value !== undefined && values.length === 1) domain = value;
      else if (lists.has(keyword)) for (const each of values) lists.get(keyword)?.push(each);
      else if (!others.has(keyword)) throw new UnreadableError('resolv_conf', index + 1, line);
    }
    return { domain, search, nameservers, options, sortlist };
  },
};
