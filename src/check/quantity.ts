/** A number and what it is a number of; values are in the dimension's base unit. */
export interface Quantity {
  readonly value: number;
  readonly dimension: 'none' | 'time' | 'bytes' | 'bits' | 'percent';
}

const units: Readonly<Record<string, readonly [Quantity['dimension'], number]>> = {
  '': ['none', 1],
  '%': ['percent', 1],
  ns: ['time', 1e-6],
  us: ['time', 1e-3],
  µs: ['time', 1e-3],
  ms: ['time', 1],
  msec: ['time', 1],
  s: ['time', 1e3],
  sec: ['time', 1e3],
  m: ['time', 60e3],
  min: ['time', 60e3],
  h: ['time', 3600e3],
  d: ['time', 86400e3],
  B: ['bytes', 1],
  bytes: ['bytes', 1],
  k: ['bytes', 1024],
  K: ['bytes', 1024],
  M: ['bytes', 1024 ** 2],
  G: ['bytes', 1024 ** 3],
  T: ['bytes', 1024 ** 4],
  kB: ['bytes', 1e3],
  KB: ['bytes', 1e3],
  MB: ['bytes', 1e6],
  GB: ['bytes', 1e9],
  TB: ['bytes', 1e12],
  KiB: ['bytes', 1024],
  MiB: ['bytes', 1024 ** 2],
  GiB: ['bytes', 1024 ** 3],
  TiB: ['bytes', 1024 ** 4],
  bit: ['bits', 1],
  kbit: ['bits', 1e3],
  Kbit: ['bits', 1e3],
  Mbit: ['bits', 1e6],
  Gbit: ['bits', 1e9],
};

/** Reads `5`, `1.5s`, `10 ms`, `5%`, `64KiB`; `undefined` when the text is no number with a known unit. */
export function parseQuantity(text: string): Quantity | undefined {
  const [, digits = '', unit = ''] = /^([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?) ?([A-Za-zµ%]*)$/.exec(text.trim()) ?? [];
  const known = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (digits === '' || known === undefined) return undefined;
  return { value: Number(digits) * known[1], dimension: known[0] };
}

/** What a bare number counts, as the name of its field says: `round_trip_ms_avg`, `packet_loss_percent`, `rx_bytes`. */
function fieldUnit(path: string): Quantity | undefined {
  const field = path.slice(path.lastIndexOf('.') + 1);
  if (/(?:^|_)ms(?:_|$)/.test(field)) return { value: 1, dimension: 'time' };
  if (/(?:^|_)(?:seconds|secs)(?:_|$)/.test(field)) return { value: 1e3, dimension: 'time' };
  if (/percent/.test(field)) return { value: 1, dimension: 'percent' };
  if (/bytes/.test(field)) return { value: 1, dimension: 'bytes' };
  return undefined;
}

/** Both values in one unit, or `undefined` when they count different things or one has no unit where it needs one. */
export function inOneUnit(expected: Quantity, actual: Quantity, path: string): readonly [number, number] | undefined {
  if (expected.dimension === actual.dimension) return [expected.value, actual.value];
  const unit = fieldUnit(path);
  if (actual.dimension === 'none' && unit?.dimension === expected.dimension) {
    return [expected.value, actual.value * unit.value];
  }
  // A percentage is also written without its sign.
  const percent = [expected.dimension, actual.dimension].every(
    (dimension) => dimension === 'percent' || dimension === 'none',
  );
  return percent && (unit === undefined || unit.dimension === 'percent') ? [expected.value, actual.value] : undefined;
}
