import type { RunResult, StepResult } from '../events.ts';
import { formatDuration } from './duration.ts';
import type { Palette } from './palette.ts';
import { printable } from './printable.ts';
import { fitWidth } from './width.ts';

/** How many of them there are in a table. */
const limit = 10;
/** Columns of a step's name. */
const nameWidth = 60;

/** The steps that took longest, the slowest first. */
export function slowestSteps(run: RunResult): { readonly path: string; readonly step: StepResult }[] {
  return run.runbooks
    .flatMap(({ path, steps }) => steps.map((step) => ({ path, step })))
    .filter(({ step }) => step.duration_ms > 0)
    .sort((a, b) => b.step.duration_ms - a.step.duration_ms)
    .slice(0, limit);
}

/** A table of the slowest steps: time, share of the run, place, name. */
export function timingsText(run: RunResult, palette: Palette): string[] {
  const slowest = slowestSteps(run);
  if (slowest.length === 0) return [];
  const rows = slowest.map(({ path, step }) => ({
    time: formatDuration(step.duration_ms),
    share: `${Math.round((100 * step.duration_ms) / Math.max(1, run.duration_ms))} %`,
    place: printable(`${path}:${step.line}`),
    name: fitWidth(printable(step.name), nameWidth, palette.ellipsis),
  }));
  const width = (key: 'time' | 'share' | 'place'): number => Math.max(...rows.map((row) => row[key].length));
  const [time, share, place] = [width('time'), width('share'), width('place')];
  return [
    '',
    palette.bold(`slowest ${rows.length === 1 ? 'step' : 'steps'}, and their share of the run's time`),
    ...rows.map(
      (row) =>
        `  ${row.time.padStart(time)}  ${palette.dim(row.share.padStart(share))}  ${row.place.padEnd(place)}  ${row.name}`,
    ),
  ];
}
