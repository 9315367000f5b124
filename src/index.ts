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
export { load, type RunOptions, run } from './run.ts';
export type { Runbook, Step } from './runbook/types.ts';
