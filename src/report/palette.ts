import picocolors from 'picocolors';
import type { RunStatus, StepStatus } from '../events.ts';
import type { ReportTarget } from './types.ts';

type Paint = (text: string) => string;

/** How things look on one target: the colours, and the symbols that it can show. */
export interface Palette {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly cyan: Paint;
  /** In the colour of the status. */
  status(status: StepStatus | RunStatus, text: string): string;
  /** One mark a status, in its colour; all take the same room. */
  mark(status: StepStatus | RunStatus): string;
  /** Columns that a mark takes. */
  readonly markWidth: number;
  readonly spinner: readonly string[];
  readonly ellipsis: string;
  readonly dash: string;
  readonly arrow: string;
  /** Between two line numbers. */
  readonly to: string;
}

type Marks = Readonly<Record<StepStatus | RunStatus, string>>;

const unicodeMarks: Marks = {
  passed: '✓',
  failed: '✗',
  skipped: '↷',
  timed_out: '⏱',
  errored: '!',
  interrupted: '!',
  empty: '!',
};

const asciiMarks: Marks = {
  passed: 'ok  ',
  failed: 'FAIL',
  skipped: 'skip',
  timed_out: 'TIME',
  errored: 'ERR ',
  interrupted: 'INT ',
  empty: 'none',
};

/** The palette of a target. */
export function createPalette(target: Pick<ReportTarget, 'colour' | 'unicode'>): Palette {
  const colours = picocolors.createColors(target.colour);
  const marks = target.unicode ? unicodeMarks : asciiMarks;
  // Magenta and inverse say "not your runbook's fault" at a glance, where red says "a check failed".
  const paints: Readonly<Record<StepStatus | RunStatus, Paint>> = {
    passed: colours.green,
    failed: colours.red,
    skipped: colours.yellow,
    timed_out: colours.red,
    errored: (text) => colours.bold(colours.magenta(text)),
    interrupted: (text) => colours.bold(colours.yellow(text)),
    empty: (text) => colours.bold(colours.yellow(text)),
  };
  return {
    bold: colours.bold,
    dim: colours.dim,
    red: colours.red,
    green: colours.green,
    cyan: colours.cyan,
    status: (status, text) => paints[status](text),
    mark: (status) => paints[status](marks[status]),
    markWidth: target.unicode ? 1 : 4,
    spinner: target.unicode ? [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'] : [...'-\\|/'],
    ellipsis: target.unicode ? '…' : '...',
    dash: target.unicode ? '—' : '-',
    arrow: target.unicode ? '→' : '->',
    to: target.unicode ? '–' : '-',
  };
}
