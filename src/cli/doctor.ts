import { type CapabilityStatus, probeAll } from '../lab/capabilities.ts';
import { createPalette, type Palette } from '../report/palette.ts';
import { streamTarget } from '../report/target.ts';
import type { ReportTarget } from '../report/types.ts';
import { fitWidth } from '../report/width.ts';
import type { CliCommand } from './command.ts';

export const command: CliCommand = {
  description: ['Lists every capability that a lab can need: found or not, and how to get it.'],
  define: (command) => {
    command.option('--json', 'as one JSON document');
  },
  run: (options: DoctorOptions) => doctorCommand(options, streamTarget(process.stdout, process.env)),
  examples: [['netlab doctor', 'What is here, and what is missing.']],
  exitStatus: { 0: 'everything is there that sandbox and Docker labs need', 1: 'something is missing' },
  seeAlso: ['netlab setup', 'docs/labs.md'],
};

export interface DoctorOptions {
  readonly json?: boolean;
}

/** `netlab doctor`: every capability that a lab can need, found or not, and how to get it. Returns the exit status. */
export async function doctorCommand(options: DoctorOptions, out: ReportTarget): Promise<number> {
  const seen = await probeAll();
  const missing = seen.filter(({ found, labs }) => !found && labs.length > 0);
  if (options.json === true) {
    const ready = (lab: 'sandbox' | 'docker'): boolean => missing.every(({ labs }) => !labs.includes(lab));
    const labs = { sandbox: ready('sandbox'), docker: ready('docker') };
    out.write(`${JSON.stringify({ version: 1, labs, capabilities: seen }, null, 2)}\n`);
  } else {
    out.write(`${doctorText(seen, out).join('\n')}\n`);
  }
  return missing.length === 0 ? 0 : 1;
}

/** The table, and a verdict for each kind of lab. */
function doctorText(seen: readonly CapabilityStatus[], target: ReportTarget): string[] {
  const palette = createPalette(target);
  const columns = target.isTerminal ? target.columns : Number.POSITIVE_INFINITY;
  const room = Math.max(...seen.map(({ name }) => name.length));
  const section = (title: string, rows: readonly CapabilityStatus[]): string[] =>
    rows.length === 0 ? [] : [palette.bold(title), ...rows.flatMap((row) => rowText(row, room, palette, columns)), ''];
  return [
    ...section(
      'Every lab',
      seen.filter(({ labs }) => labs.includes('sandbox')),
    ),
    ...section(
      'Docker labs, besides',
      seen.filter(({ labs }) => labs.includes('docker') && !labs.includes('sandbox')),
    ),
    ...section(
      'Optional',
      seen.filter(({ labs }) => labs.length === 0),
    ),
    verdict('sandbox', seen, palette),
    verdict('docker', seen, palette),
  ];
}

function rowText(row: CapabilityStatus, room: number, palette: Palette, columns: number): string[] {
  const mark = palette.mark(row.found ? 'passed' : row.labs.length > 0 ? 'failed' : 'skipped');
  const before = `  ${mark} ${row.name.padEnd(room)}  `;
  const indent = ' '.repeat(2 + palette.markWidth + 1 + room + 2);
  if (row.found)
    return [before + palette.dim(fitWidth(`${row.what}: ${row.detail}`, columns - indent.length, palette.ellipsis))];
  return [
    before + row.detail,
    palette.dim(`${indent}${row.what}: to ${row.why}`),
    `${indent}${palette.arrow} ${palette.bold(row.remedy ?? '')}`,
  ];
}

function verdict(lab: 'sandbox' | 'docker', seen: readonly CapabilityStatus[], palette: Palette): string {
  const missing = seen.filter(({ found, labs }) => !found && labs.includes(lab)).map(({ name }) => name);
  if (missing.length === 0) return `${lab} labs: ${palette.status('passed', 'ready')}`;
  return `${lab} labs: ${palette.status('failed', `not ready, for want of ${missing.join(', ')}`)}`;
}
