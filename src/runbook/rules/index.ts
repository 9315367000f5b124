import { ambiguousName } from './ambiguous-name.ts';
import { emptyRunbook } from './empty-runbook.ts';
import { fenceInBlock } from './fence-in-block.ts';
import { foreignPrompt } from './foreign-prompt.ts';
import { loneSession } from './lone-session.ts';
import { matchesAnything } from './matches-anything.ts';
import { negatedInterface } from './negated-interface.ts';
import { outputAsCommand } from './output-as-command.ts';
import { promptInOutput } from './prompt-in-output.ts';
import { shadowingCapture } from './shadowing-capture.ts';
import { streamInTerminal } from './stream-in-terminal.ts';
import type { LintRule } from './types.ts';
import { uncheckedStep } from './unchecked-step.ts';
import { unknownRule } from './unknown-rule.ts';
import { unknownCapability, unreachableIf } from './unreachable-if.ts';
import { unsetCapture } from './unset-capture.ts';
import { unusedCapture } from './unused-capture.ts';

/** Every rule of `netlab check`, in the order of docs/lint.md. Those without `find` are told by the parser and others. */
export const rules: readonly LintRule[] = [
  uncheckedStep,
  matchesAnything,
  emptyRunbook,
  unusedCapture,
  unsetCapture,
  shadowingCapture,
  outputAsCommand,
  promptInOutput,
  foreignPrompt,
  fenceInBlock,
  ambiguousName,
  loneSession,
  streamInTerminal,
  unreachableIf,
  unknownCapability,
  negatedInterface,
  unknownRule,
  { name: 'dangling-cname', summary: 'A CNAME record that leads to a name without a record.' },
  { name: 'empty-block', summary: 'A block to be run that has nothing to run.' },
  { name: 'left-alone', summary: 'A block that might be run, in a document that says nothing to netlab.' },
  { name: 'foreign-front-matter', summary: 'Front matter of another tool, of which little is read.' },
  { name: 'unknown-attribute', summary: 'A word beside the language that is no attribute.' },
  {
    name: 'edition-drift',
    summary: 'An edition in another language that is no longer the runbook that it translates.',
  },
];
