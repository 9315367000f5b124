import { isIP } from 'node:net';
import type { Address, Interface } from './ip_interface.ts';
import { type Line, partsOf, stop, toNumber, words } from './reading.ts';

/** What an address can have said about it, and its value in JSON is `true`. */
const marks = new Set(
  `secondary temporary nodad optimistic dadfailed home deprecated tentative permanent mngtmpaddr noprefixroute autojoin
  dynamic stable-privacy`.split(/\s+/),
);
const pairs: Readonly<Record<string, string>> = {
  metric: 'metric',
  brd: 'broadcast',
  any: 'anycast',
  scope: 'scope',
  proto: 'protocol',
};

/** Adds the address of a line `inet 10.0.0.1/24 brd 10.0.0.255 scope global eth0`; its lifetime may stand behind it. */
export function readAddress(kind: string, line: Line, to: Interface): void {
  const tokens = words(line.text);
  const [family = '', first = ''] = tokens;
  const at = tokens[2] === 'peer' ? 4 : 2;
  const address: Address = { family, ...readNetwork(kind, line, first, at === 4 ? tokens[3] : undefined, family) };
  for (let index = at; index < tokens.length; index += 1) {
    const token = tokens[index] ?? '';
    const field = Object.hasOwn(pairs, token) ? pairs[token] : undefined;
    const next = tokens[index + 1];
    if (field !== undefined && next !== undefined) {
      address[field] = toNumber(next) ?? next;
      index += 1;
    } else if (token === 'valid_lft') break;
    else if (marks.has(token)) address[token] = true;
    // Only what IPv4 calls its addresses can follow; a mark that is not known yet would be one, too.
    else if (family === 'inet' && address['label'] === undefined && address['scope'] !== undefined)
      address['label'] = token;
    else if (!/^flags$|^[\da-f]+$/.test(token)) stop(kind, line);
  }
  if (address['scope'] === undefined) stop(kind, line);
  to.addr_info = [...(to.addr_info ?? []), address];
  const lifetime = tokens.indexOf('valid_lft');
  if (lifetime !== -1) readLifetime(kind, { number: line.number, text: tokens.slice(lifetime).join(' ') }, to);
}

/** The address itself: `10.0.0.1/24`, or `10.0.0.1 peer 10.0.0.2/32`. */
export function readNetwork(
  kind: string,
  line: Line,
  own: string,
  peer: string | undefined,
  family?: string,
): Record<string, string | number> {
  const [local = '', ownLength] = own.split('/');
  const [other, peerLength] = peer?.split('/') ?? [];
  const version = family === undefined ? isIP(local) : family === 'inet' ? 4 : 6;
  const length = toNumber(ownLength ?? peerLength) ?? (version === 4 ? 32 : 128);
  if (version === 0 || isIP(local) !== version || (other !== undefined && isIP(other) !== version)) stop(kind, line);
  return { local, ...(other === undefined ? {} : { address: other }), prefixlen: length };
}

/** `valid_lft forever preferred_lft 500sec`, about the address before; forever is the largest number there is. */
export function readLifetime(kind: string, line: Line, to: Interface): void {
  const last = to.addr_info?.at(-1);
  const [, valid = '', preferred = ''] = partsOf(/^\s*valid_lft (\S+) preferred_lft (\S+)$/, line.text);
  if (last === undefined || preferred === '') stop(kind, line);
  last['valid_life_time'] = seconds(kind, line, valid);
  last['preferred_life_time'] = seconds(kind, line, preferred);
}

function seconds(kind: string, line: Line, text: string): number {
  if (text === 'forever') return 4_294_967_295;
  return toNumber(text.replace(/sec$/, '')) ?? stop(kind, line);
}
