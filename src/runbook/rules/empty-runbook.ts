import type { LintRule } from './types.ts';

export const emptyRunbook: LintRule = {
  name: 'empty-runbook',
  summary: 'A document without any step that is run.',
  *find({ runbook }) {
    if (runbook.exercise) return;
    const main = runbook.steps.filter((step) => step.phase === 'main');
    if (main.some((step) => step.skip === undefined)) return;
    const message = main.length > 0 ? 'every step is marked as skipped' : 'this document has no step';
    yield { at: 0, message, hint: 'Add a console, sh, js or ts block that is run.' };
  },
};
