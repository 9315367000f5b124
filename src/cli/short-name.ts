/**
 * The name of a file in which something is kept of the file or folder at `path`: 16 hexadecimal digits (FNV-1a, 64 bits,
 * RFC 9923). Two paths may have the same, so the file says of which it is. Loading `node:crypto` would take longer.
 */
export function shortName(path: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(path)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}
