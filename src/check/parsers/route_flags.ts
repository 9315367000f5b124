/** What each letter of a route's flags stands for, in net-tools. */
const linux: Readonly<Record<string, string>> = {
  U: 'UP',
  H: 'HOST',
  G: 'GATEWAY',
  R: 'REINSTATE',
  D: 'DYNAMIC',
  M: 'MODIFIED',
  A: 'ADDRCONF',
  C: 'CACHE',
  '!': 'REJECT',
};

/** The same in the netstat of BSD and macOS. */
const bsd: Readonly<Record<string, string>> = {
  '1': 'PROTO1',
  '2': 'PROTO2',
  '3': 'PROTO3',
  B: 'BLACKHOLE',
  b: 'BROADCAST',
  C: 'CLONING',
  c: 'PRCLONING',
  D: 'DYNAMIC',
  G: 'GATEWAY',
  H: 'HOST',
  I: 'IFSCOPE',
  i: 'IFREF',
  L: 'LLINFO',
  M: 'MODIFIED',
  m: 'MULTICAST',
  R: 'REJECT',
  r: 'ROUTER',
  S: 'STATIC',
  U: 'UP',
  W: 'WASCLONED',
  X: 'XRESOLVE',
  Y: 'PROXY',
};

/** The names of a route's flags; letters that have none are left out. */
export function flagNames(flags: string, system: 'linux' | 'bsd'): readonly string[] {
  const names = system === 'bsd' ? bsd : linux;
  return [...flags].flatMap((flag) => (Object.hasOwn(names, flag) ? (names[flag] ?? []) : []));
}
