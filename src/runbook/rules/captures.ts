import { enclosed } from '../enclosed.ts';
import { startOfLine } from '../source-text.ts';
import type { Step } from '../types.ts';
import type { Subject } from './types.ts';

/** A `{{name:type}}` of expected output or of an expectation. */
export interface Capture {
  readonly name: string;
  readonly step: Step;
  /** The step's place in the order of the run. */
  readonly turn: number;
  readonly at: number;
  readonly inOutput: boolean;
}

/** What several rules ask is found once. */
const capturesIn = new WeakMap<Subject, readonly Capture[]>();

/** All captures, in the order in which the steps run. */
export function capturesOf(subject: Subject): readonly Capture[] {
  const known = capturesIn.get(subject) ?? findCaptures(subject);
  capturesIn.set(subject, known);
  return known;
}

function findCaptures({ order, text }: Subject): Capture[] {
  return order.flatMap((step, turn) => {
    const { expected, expectations } = step;
    const inLines = (expected?.lines ?? []).flatMap((line, index) => {
      const start = startOfLine(text, (expected?.span.start.line ?? 1) - 1 + index) + (expected?.prefix?.length ?? 0);
      return placesIn(line).map(({ name, column }) => ({ name, step, turn, at: start + column, inOutput: true }));
    });
    const inValues = expectations.flatMap(({ value, span }) =>
      placesIn(JSON.stringify(value)).map(({ name }) => ({ name, step, turn, at: span.start.offset, inOutput: false })),
    );
    return [...inLines, ...inValues];
  });
}

function placesIn(text: string): { readonly name: string; readonly column: number }[] {
  if (!text.includes('{{')) return [];
  const found = text.matchAll(/\{\{\s*([A-Za-z_]\w*)\s*:\s*[\w-]+\s*\}\}/g);
  return [...found].map((match) => ({ name: match[1] ?? '', column: match.index }));
}

const NONE: ReadonlySet<string> = new Set();

/** The names that a step's expected output and expectations must be equal to. */
export function namesExpected({ expected, expectations }: Step): ReadonlySet<string> {
  const text = [...(expected?.lines ?? []), ...expectations.map(({ value }) => JSON.stringify(value))].join('\n');
  if (!text.includes('{{')) return NONE;
  return new Set([...text.matchAll(/\{\{\s*([A-Za-z_]\w*)\s*\}\}/g)].map((match) => match[1] ?? ''));
}

const VARIABLE = /\$\{?[#!]?([A-Za-z_]\w*)/g;
const BY_NAME = /(?:\bprintenv|\bexport|-v)\s+(\w+)|\benv\??\.?(?:\[\s*['"`])?([A-Za-z_]\w*)/g;
const DESTRUCTURED = /\{([^{}]*)\}\s*=\s*process\.env/g;

const readBySteps = new WeakMap<Step, ReadonlySet<string>>();

/** The variables that a step reads. A word that merely equals a name is none. */
export function variablesRead(step: Step): ReadonlySet<string> {
  const known = readBySteps.get(step) ?? findVariables(step);
  readBySteps.set(step, known);
  return known;
}

function findVariables(step: Step): ReadonlySet<string> {
  const text = [step.command, step.stdin ?? '', step.cwd ?? '', ...Object.values(step.env)].join('\n');
  const names = [...text.matchAll(VARIABLE), ...text.matchAll(BY_NAME)].map((match) => match[1] ?? match[2] ?? '');
  const arithmetic = enclosed(text, /\(\(/g, /\)\)/g).map(({ inside }) => inside);
  const lists = [...text.matchAll(DESTRUCTURED)].map((match) => match[1] ?? '');
  return new Set([...names, ...[...arithmetic, ...lists].flatMap((list) => list.match(/[A-Za-z_]\w*/g) ?? [])]);
}

/** The variables that a step's shell sets itself. */
export function variablesSet({ command }: Step): string[] {
  const found = command.matchAll(/(?:^|[\s;(&|])([A-Za-z_]\w*)\+?=|\b(?:for|read(?:\s+-\w+)*)\s+([A-Za-z_]\w*)/gm);
  return [...found].map((match) => match[1] ?? match[2] ?? '');
}
