import type { Diagnostic } from '../errors.ts';
import { everyStep } from './every-step.ts';
import type { LabSpec, Runbook, Step } from './types.ts';

/** What two editions of a runbook must have in common of each step; prose and reasons are in their own language. */
const common = [
  'kind',
  'language',
  'command',
  'prompt',
  'nextPrompt',
  'name',
  'node',
  'session',
  'phase',
  'exit',
  'match',
  'stream',
  'timeoutMs',
  'eventuallyMs',
  'interrupt',
  'background',
  'continue',
  'if',
  'tty',
  'stdin',
  'cwd',
  'env',
] as const satisfies readonly (keyof Step)[];

/** Where an edition has drifted from the one that it translates: at the edition's own lines, a finding for each step. */
export function compareEditions(original: Runbook, edition: Runbook): Diagnostic[] {
  const at = (line: number): Diagnostic['position'] => ({ file: edition.path, line, column: 1 });
  const hint = `Make it as in ${original.path}.`;
  const found: Diagnostic[] = [];
  const tell = (line: number, what: string): void => {
    found.push({ rule: 'edition-drift', message: `differs from ${original.path}: ${what}`, position: at(line), hint });
  };
  if (labText(original.lab) !== labText(edition.lab)) tell(1, 'the lab');
  const names = ({ exercise }: Runbook): string =>
    JSON.stringify(exercise?.tasks.map(({ name, requires, hints }) => [name, requires, hints.length]));
  if (names(original) !== names(edition)) tell(1, 'its tasks: their names, requirements and numbers of hints');
  const [steps, twins] = [stepsToCompare(original), stepsToCompare(edition)];
  for (const [index, step] of steps.entries()) {
    const twin = twins[index];
    const place = `line ${step.span.start.line} there`;
    if (twin === undefined) {
      tell(edition.source.split('\n').length, `${steps.length - index} steps are missing, from ${place} on`);
      break;
    }
    const difference = differenceOf(step, twin);
    if (difference !== undefined) tell(twin.span.start.line, `${difference} (${place})`);
  }
  const more = twins[steps.length];
  if (more !== undefined) tell(more.span.start.line, 'this step and those after it are not there');
  return found;
}

/** A criterion's description and what its commands tell the learner are in the edition's own language. */
function stepsToCompare(runbook: Runbook): readonly Step[] {
  const criteria = new Set(runbook.exercise?.tasks.flatMap((task) => task.criteria.map(({ step }) => step)));
  return everyStep(runbook).map((step) =>
    criteria.has(step) ? { ...step, name: '', command: step.command.replace(/\becho "[^"]*"/g, 'echo') } : step,
  );
}

function differenceOf(a: Step, b: Step): string | undefined {
  const key = common.find((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
  if (key !== undefined) return `its ${key === 'command' ? 'command' : `"${key}"`}`;
  if (JSON.stringify(a.expected?.lines) !== JSON.stringify(b.expected?.lines)) return 'its expected output';
  const keys = ({ expectations }: Step): string => JSON.stringify(expectations.map(({ key, value }) => [key, value]));
  return keys(a) === keys(b) ? undefined : 'its expectations';
}

/** A lab without its places in the document. */
function labText(lab: LabSpec): string {
  return JSON.stringify(lab, (key, value: unknown) => (key === 'span' ? undefined : value));
}
