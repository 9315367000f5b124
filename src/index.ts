/// <reference types="node" preserve="true" />
export type { Check, DiffLine } from './check/types.ts';
export { defineConfig, type NetlabConfig } from './config.ts';
export {
  type Diagnostic,
  type ErrorDetails,
  formatPosition,
  LabError,
  NetlabError,
  ParseError,
  type Position,
  SessionError,
  UnreadableError,
  UsageError,
} from './errors.ts';
export type {
  Counts,
  DocumentUpdate,
  RunbookResult,
  RunEvent,
  RunResult,
  RunStatus,
  StatusChange,
  StepResult,
  StepStatus,
} from './events.ts';
export type { Reporter, ReporterModule, ReportTarget } from './report/types.ts';
export { type CheckOptions, check } from './run/check.ts';
export type { KeepLab, KeptLab } from './run/keep-lab.ts';
export type { KeptDocuments } from './run/kept-documents.ts';
export { load } from './run/load.ts';
export { readDocument as parse } from './run/read-document.ts';
export type { Selection } from './run/select.ts';
export type { Shard } from './run/shard.ts';
export { type RunOptions, run } from './run.ts';
export type { LintFinding } from './runbook/lint.ts';
export type * from './runbook/types.ts';
