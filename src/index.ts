export { defineConfig, type NetlabConfig } from './config.ts';
export {
  type Diagnostic,
  formatPosition,
  LabError,
  NetlabError,
  ParseError,
  type Position,
  SessionError,
  UnreadableError,
  UsageError,
} from './errors.ts';
export type { Counts, RunbookResult, RunEvent, RunResult, RunStatus, StepResult, StepStatus } from './events.ts';
export type { Reporter, ReporterModule, ReportTarget } from './report/types.ts';
export type { Selection } from './run/select.ts';
export type { Shard } from './run/shard.ts';
export { load, type RunOptions, run } from './run.ts';
export type { Runbook, Step } from './runbook/types.ts';
