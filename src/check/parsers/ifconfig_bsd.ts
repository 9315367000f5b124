import { partsOf } from './reading.ts';
/** What BSD and macOS tell of an interface beside its addresses; jc's names. A field is there when its line is. */
export interface BsdDetails {
  options?: string;
  options_flags?: string[];
  nd6_options?: number;
  nd6_flags?: string[];
  hw_address?: string;
  media_flags?: string[];
  plugged?: string;
  vendor?: string;
  vendor_pn?: string;
  vendor_sn?: string;
  vendor_date?: string;
  module_temperature?: string;
  module_voltage?: string;
  rx_power?: string;
  tx_power?: string;
  lanes?: Lane[];
}

interface Lane {
  readonly lane: number;
  readonly rx_power_mw: number;
  readonly rx_power_dbm: number;
  readonly tx_bias_ma: number;
}

const lane = /^lane (\d+): RX power: (-?[\d.]+) mW \((-?[\d.]+) dBm\) TX bias: (-?[\d.]+) mA$/;
const vendor = /^vendor: (.+) PN: (.+) SN: (.+) DATE: (.+)$/;

/** Adds what one indented line tells. */
export function readBsdLine(text: string, to: BsdDetails & { media: string | null }): void {
  const line = text.trim();
  const [, options, optionFlags = ''] = partsOf(/^options=([\da-f]+)<([^>]*)>/i, line);
  if (options !== undefined) Object.assign(to, { options, options_flags: split(optionFlags) });
  const [, nd6, nd6Flags = ''] = partsOf(/^nd6 options=([\da-f]+)<([^>]*)>/i, line);
  if (nd6 !== undefined) Object.assign(to, { nd6_options: asPrinted(nd6), nd6_flags: split(nd6Flags) });
  const [, address] = partsOf(/^hwaddr ([\da-f:]+)/i, line);
  if (address !== undefined) to.hw_address = address;
  // The flags may stand within parentheses; as in jc, what is before them is the medium. An address may be before it.
  const [, media = null, flags] = partsOf(/^(?:hwaddr [\da-f:]+\s+)?media: ([^<]+?)(?: <([^>]*)>.*)?$/i, line);
  if (media !== null) Object.assign(to, { media, ...(flags === undefined ? {} : { media_flags: split(flags) }) });
  readModule(line, to);
}

/** A plugged module, and what its lanes measure. */
function readModule(line: string, to: BsdDetails): void {
  const [, plugged] = partsOf(/^plugged: (.+)$/, line);
  if (plugged !== undefined) to.plugged = plugged;
  const [, name, vendor_pn, vendor_sn, vendor_date] = partsOf(vendor, line);
  if (name !== undefined) Object.assign(to, { vendor: name, vendor_pn, vendor_sn, vendor_date });
  const [, module_temperature, module_voltage] = partsOf(/^module temperature: (.+) voltage: (.+)$/i, line);
  if (module_temperature !== undefined) Object.assign(to, { module_temperature, module_voltage });
  const [, rx_power, tx_power] = partsOf(/^RX: (.+ mW .+) TX: (.+ mW .+)$/, line);
  if (rx_power !== undefined) Object.assign(to, { rx_power: rx_power.trim(), tx_power });
  const [, number, milliwatts, decibels, bias] = partsOf(lane, line);
  if (number === undefined) return;
  const measured = { rx_power_mw: Number(milliwatts), rx_power_dbm: Number(decibels), tx_bias_ma: Number(bias) };
  to.lanes = [...(to.lanes ?? []), { lane: Number(number), ...measured }];
}

function split(flags: string): string[] {
  return flags.split(',').filter(Boolean);
}

/** The number as it is printed, as for an interface's flags, although it is hexadecimal. */
function asPrinted(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.parseInt(text, 16);
}
