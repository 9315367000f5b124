import type { Check } from '../check/types.ts';
import { NetlabError } from '../errors.ts';
import type { Step } from '../runbook/types.ts';
import { mayEndShell } from '../shell/ending.ts';
import type { Output } from '../shell/types.ts';
import { leavesRest } from './go-no-further.ts';
import { explain, type Verdict } from './step-result.ts';

/** In doubt, errored: only a step that ended as documented, with every check made and held, has passed. */
export function verdict(step: Step, output: Output, checks: readonly Check[], signal: AbortSignal): Verdict {
  if (output.ending === 'aborted') return stopped(signal);
  if (output.ending === 'timed-out') {
    const waited = output.note === undefined ? '' : `: ${output.note}`;
    return { status: 'timed_out', reason: `no end within ${step.timeoutMs / 1000} s${waited}` };
  }
  if (leavesRest(step, output)) return { status: 'skipped', reason: 'status 80 skips the document from here on' };
  const judged = judgement(checks);
  // What the kernel has killed or refused is no pass, unless the document shows how that ends.
  if (output.limited && judged.status === 'passed' && step.exit === 0)
    return { status: 'errored', reason: output.note ?? null };
  // A trap of an earlier step ends the shell between two commands: then this one was not run, and its status is not its own.
  if (output.ending === 'shell-ended' && output.exit === 0 && judged.status === 'passed' && !mayEndShell(step.command))
    return { status: 'errored', reason: 'the shell ended (status 0), and not by this step: it may not have been run' };
  return { ...judged, reason: judged.reason ?? output.note ?? null };
}

/** What the checks of a step that came to its end make of it. */
export function judgement(checks: readonly Check[]): Verdict {
  if (checks.some((check) => !check.ok && !check.errored)) return { status: 'failed', reason: null };
  const unreadable = checks.find((check) => check.errored);
  return unreadable ? { status: 'errored', reason: unreadable.message } : { status: 'passed', reason: null };
}

/** What comes of a step during which the run was stopped, or its lab broke. */
export function stopped({ reason }: AbortSignal): Verdict {
  const broken = reason instanceof NetlabError;
  return broken ? { status: 'errored', reason: explain(reason) } : { status: 'skipped', reason: 'interrupted' };
}
