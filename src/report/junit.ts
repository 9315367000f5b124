import { isProblem, type RunbookResult, type RunResult, type StepResult } from '../events.ts';
import { createPalette } from './palette.ts';
import { isBroken, problemMessage, runbookProblem, runProblem } from './problems.ts';
import { stepDetails } from './step-text.ts';
import type { Reporter, ReportTarget } from './types.ts';

const palette = createPalette({ colour: false, unicode: true });

/** One test in the form of the report; `group` is the only attribute in which the schema has room for a place. */
interface TestCase {
  readonly name: string;
  readonly group: string;
  readonly durationMs: number;
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped';
  readonly type: string;
  readonly message: string;
  readonly text: string;
  readonly stdout: string;
  readonly stderr: string;
  /** What went wrong in it before the runbook was run again. */
  readonly before: readonly StepResult[];
}

/** JUnit's XML, as Jenkins and Surefire describe it (junit-10.xsd): a suite for each runbook, a test case for each step. */
export function createReporter(target: ReportTarget): Reporter {
  return {
    event(event) {
      if (event.type === 'run:end') target.write(document(event.run));
    },
  };
}

function document(run: RunResult): string {
  const suites = run.runbooks.map((runbook) => suite(runbook.path, runbook.duration_ms, casesOf(runbook)));
  const problem = runProblem(run);
  if (problem !== null) suites.push(suite('netlab', 0, [ownCase('the run', 'netlab', run.status, problem)]));
  const all = [...run.runbooks.flatMap(casesOf), ...(problem === null ? [] : [ownCase('', '', run.status, problem)])];
  const { skipped: _, ...totals } = count(all);
  const attributes = { name: 'netlab', time: seconds(run.duration_ms), ...totals };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', attributes, lines(suites))}\n`;
}

function suite(path: string, durationMs: number, cases: readonly TestCase[]): string {
  const attributes = { name: path, file: path, time: seconds(durationMs), ...count(cases) };
  return element('testsuite', attributes, lines(cases.map((one) => caseXml(one, path))));
}

function casesOf(runbook: RunbookResult): readonly TestCase[] {
  const names = runbook.steps.map((step) => step.name);
  const cases = runbook.steps.map((step) => {
    // Servers tell test cases apart by name alone, and follow them by it from run to run.
    const twice = names.indexOf(step.name) !== names.lastIndexOf(step.name);
    const before = (runbook.retried ?? []).flatMap(({ steps }) => steps).filter((one) => one.index === step.index);
    const name = twice ? `${step.name} (line ${step.line})` : step.name;
    return { ...stepCase(step, runbook.path, name), before: before.filter(isProblem) };
  });
  const problem = runbookProblem(runbook);
  return problem === null ? cases : [...cases, ownCase('the runbook', runbook.path, runbook.status, problem)];
}

function stepCase(step: StepResult, path: string, name: string): TestCase {
  const lines = isProblem(step) ? stepDetails(step, path, palette) : [];
  const outcome = { passed: 'passed', failed: 'failure', timed_out: 'failure', errored: 'error', skipped: 'skipped' };
  return {
    name,
    group: `${path}:${step.line}`,
    durationMs: step.duration_ms,
    outcome: outcome[step.status] as TestCase['outcome'],
    type: step.status,
    message: problemMessage(step),
    text: lines.length === 0 ? '' : [`${path}:${step.line}`, step.command, '', ...lines].join('\n'),
    stdout: step.stdout,
    stderr: step.stderr,
    before: [],
  };
}

/** What did not pass although no step of it failed: without a test case of its own a server would call it a success. */
function ownCase(name: string, group: string, status: RunbookResult['status'], message: string): TestCase {
  const outcome = isBroken(status) ? 'error' : 'failure';
  return {
    name,
    group,
    durationMs: 0,
    outcome,
    type: status,
    message,
    text: message,
    stdout: '',
    stderr: '',
    before: [],
  };
}

function caseXml(one: TestCase, path: string): string {
  const { name, group, durationMs, outcome, type, message, text, stdout, stderr, before } = one;
  // Surefire's words for a test that was run again: flaky when it passed at last.
  const again = outcome === 'passed' ? 'flaky' : 'rerun';
  const children = [
    outcome === 'passed' ? '' : element(outcome, { type, message }, escapeXml(text)),
    ...before.map((step) =>
      element(
        `${again}${isBroken(step.status) ? 'Error' : 'Failure'}`,
        { type: step.status, message: problemMessage(step) },
        escapeXml(stepDetails(step, path, palette).join('\n')),
      ),
    ),
    stdout === '' ? '' : element('system-out', {}, escapeXml(stdout)),
    stderr === '' ? '' : element('system-err', {}, escapeXml(stderr)),
  ];
  return element('testcase', { name, classname: path, group, time: seconds(durationMs) }, children.join(''));
}

function count(cases: readonly TestCase[]): Readonly<Record<'tests' | 'failures' | 'errors' | 'skipped', string>> {
  const of = (outcome: TestCase['outcome']): string => String(cases.filter((one) => one.outcome === outcome).length);
  return { tests: String(cases.length), failures: of('failure'), errors: of('error'), skipped: of('skipped') };
}

function element(name: string, attributes: Readonly<Record<string, string>>, content: string): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escapeXml(value).replace(/\n/g, '&#10;')}"`,
  );
  return content === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${content}</${name}>`;
}

function lines(elements: readonly string[]): string {
  return elements.map((one) => `\n${one}`).join('') + (elements.length > 0 ? '\n' : '');
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** Text that XML 1.0 can hold: control characters, halves of surrogate pairs and the two non-characters are left out. */
function escapeXml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]|\p{Surrogate}/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
