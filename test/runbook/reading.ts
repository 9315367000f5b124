import { readFileSync } from 'node:fs';
import { type Diagnostic, ParseError } from '../../src/errors.ts';
import { parse } from '../../src/runbook/parse.ts';
import type { Runbook, Span, Step } from '../../src/runbook/types.ts';

/** Keys that stand for the check room's. */
export const expectationKeys: readonly string[] = [
  'exit',
  'stdout',
  'stderr',
  'lines',
  'ping',
  'ifconfig',
  'resolv_conf',
  'iptables',
];

export function read(source: string): Runbook {
  return parse(source, 'doc.md', { expectationKeys });
}

export function stepsOf(source: string): readonly Step[] {
  return read(source).steps;
}

/** The only step of a document. */
export function stepOf(source: string): Step {
  const [step, ...rest] = stepsOf(source);
  if (step === undefined || rest.length > 0) throw new Error(`${rest.length + (step ? 1 : 0)} steps, not one`);
  return step;
}

/** A console block of these lines. */
export function transcript(...lines: readonly string[]): string {
  return ['```console', ...lines, '```', ''].join('\n');
}

export function diagnosticsOf(source: string): readonly Diagnostic[] {
  try {
    read(source);
    return [];
  } catch (error) {
    if (error instanceof ParseError) return error.diagnostics;
    throw error;
  }
}

/** What is wrong with a document, as `rule line:column`. */
export function problemsOf(source: string): string[] {
  return diagnosticsOf(source).map(brief);
}

export function brief({ rule, position }: Diagnostic): string {
  return `${rule} ${position.line}:${position.column}`;
}

export function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
}

/** The part of the source that a span covers. */
export function at(source: string, span: Span | undefined): string | undefined {
  return span && source.slice(span.start.offset, span.end.offset);
}
