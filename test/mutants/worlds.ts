import { parseText } from '../../src/check/index.ts';
import type { Step } from '../../src/runbook/types.ts';
import type { Output } from '../../src/shell/types.ts';
import { changes, everywhere, literally } from './changes.ts';
import { allows, holds } from './oracle.ts';
import { judge, placeOf, type RecordedStep, type Recording } from './record.ts';
import { typedChanges } from './typed-changes.ts';

/** What became of one wrong world. `allowed`: the document rules it out nowhere, and says so by a pattern. */
export interface Fate {
  readonly kind: string;
  readonly place: string;
  readonly what: string;
  readonly fate: 'killed' | 'allowed' | 'survived';
}

/** Lines of one output that are changed; the others are of the same kinds. */
const maxLines = 40;

/** Wrong worlds for a document that stays: what a step prints is changed, then judged again. */
export async function wrongOutputs(recording: Recording): Promise<readonly Fate[]> {
  const fates: Fate[] = [];
  for (const [index, step] of recording.steps.entries()) {
    const { planned, output } = step;
    const { step: asked } = planned;
    const name = asked.stream === 'stderr' ? 'stderr' : 'stdout';
    const text = output[name];
    const with_ = (changed: string, exit = output.exit): Output => ({ ...output, [name]: changed, exit });
    const compared = asked.match !== 'ignore' && (asked.expected !== undefined || asked.kind === 'command');
    const attempt = async (kind: string, what: string, wrong: Output): Promise<void> => {
      if (wrong[name] === text && wrong.exit === output.exit) return;
      const allowed = (): boolean =>
        wrong.exit === output.exit && (!compared || allows(asked, wrong[name], step.captures));
      fates.push({ kind, place: placeOf(recording, step), what, fate: await fateOf(recording, index, wrong, allowed) });
    };
    if (compared) {
      const lines = text.replace(/\n$/, '').split('\n');
      const ended = text.endsWith('\n') ? '\n' : '';
      for (const change of changes(lines.slice(0, maxLines), everywhere)) {
        const changed = [...change.lines, ...lines.slice(maxLines)].join('\n');
        await attempt('a line of the output', change.what, with_(changed === '' ? '' : changed + ended));
      }
    }
    if (compared || asked.expectations.length > 0) {
      await attempt('the whole output', 'nothing printed', with_(''));
      await attempt('the whole output', 'an error instead', with_('sh: 1: frobnicate: not found\n'));
      const half = text.split('\n').slice(0, Math.floor(text.split('\n').length / 2));
      await attempt('the whole output', 'cut in the middle', with_(half.map((line) => `${line}\n`).join('')));
      const other = recording.steps[(index + 1) % recording.steps.length]?.output.stdout ?? '';
      await attempt('the whole output', "another step's", with_(other));
    }
    if (output.exit !== null) {
      for (const exit of [output.exit === 0 ? 1 : 0, (output.exit + 1) % 256, 127, 137].filter(distinct))
        await attempt('the status', `status ${exit}`, with_(text, exit));
      await attempt('the whole output', 'an error and its status', with_('sh: 1: frobnicate: not found\n', 127));
    }
  }
  return fates;
}

/** A world that stays, and wrong documents: what a step's document expects is changed, then judged again. */
export async function wrongExpectations(recording: Recording): Promise<readonly Fate[]> {
  const fates: Fate[] = [];
  for (const recorded of recording.steps) {
    const { planned, output, captures } = recorded;
    const place = placeOf(recording, recorded);
    const attempt = async (
      kind: string,
      what: string,
      change: Partial<Step>,
      allowedBy: (step: Step) => boolean | Promise<boolean> = () => false,
    ): Promise<void> => {
      const step = { ...planned.step, ...change };
      const { result } = await judge({ ...planned, step }, output, captures);
      const passed = result.status === 'passed';
      const allowed = passed && (await allowedBy(step));
      fates.push({ kind, place, what, fate: allowed ? 'allowed' : passed ? 'survived' : 'killed' });
    };
    const { expected, expectations, exit } = planned.step;
    if (expected && planned.step.match !== 'ignore') {
      for (const { what, lines } of changes(expected.lines, literally))
        await attempt('an expected line', what, { expected: { ...expected, lines } }, (step) =>
          allows(step, output.stdout, captures),
        );
    }
    for (const { what, expectations: changed } of typedChanges(expectations)) {
      // A list asks for items that are there, each of which may also be another one that is there.
      await attempt('a typed check', what, { expectations: changed }, async () => {
        const [wrong] = changed.filter((each, index) => each.value !== expectations[index]?.value);
        return wrong !== undefined && holds(wrong.value, await parseText(wrong.key, output.stdout));
      });
    }
    if (output.exit !== null) await attempt('the expected status', `status ${exit + 1}`, { exit: exit + 1 });
  }
  return fates;
}

/** Judges a wrong output; where its own step lets it pass with other captures, the steps after it have their say. */
async function fateOf(
  recording: Recording,
  index: number,
  wrong: Output,
  allowed: () => boolean,
): Promise<Fate['fate']> {
  const { planned, captures } = recording.steps[index] as RecordedStep;
  const judged = await judge(planned, wrong, captures);
  if (judged.result.status !== 'passed') return 'killed';
  let known = judged.captures;
  const after = recording.steps.slice(index + 1);
  const same = [...(after[0]?.captures ?? known)].every(([name, value]) => known.get(name) === value);
  for (const next of same ? [] : after) {
    const later = await judge(next.planned, next.output, known);
    if (later.result.status !== 'passed') return 'killed';
    known = later.captures;
  }
  return allowed() ? 'allowed' : 'survived';
}

function distinct<T>(value: T, index: number, all: readonly T[]): boolean {
  return all.indexOf(value) === index;
}
