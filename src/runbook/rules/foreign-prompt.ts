import { defaultNode } from '../lab-spec.ts';
import type { Step } from '../types.ts';
import type { LintRule } from './types.ts';

/** What opens a shell elsewhere. */
const GOES_ELSEWHERE = /\b(?:ssh|telnet|rsh|docker|podman|nsenter|netns|lxc|kubectl|chroot|su|sudo|unshare)\b/;

export const foreignPrompt: LintRule = {
  name: 'foreign-prompt',
  summary: 'A prompt that names another node than the one on which the step runs.',
  *find({ runbook }) {
    const nodes = new Set(runbook.lab.nodes.map(({ name }) => name));
    if (nodes.size < 2) return;
    let opener: Step | undefined;
    for (const step of runbook.steps) {
      if (step.depth === 0) opener = undefined;
      const host = hostOf(step.prompt ?? '');
      const node = step.node ?? defaultNode(runbook.lab)?.name;
      const isElsewhere = step.depth > 0 && opener !== undefined && GOES_ELSEWHERE.test(opener.command);
      if (host !== undefined && nodes.has(host) && host !== node && !isElsewhere) {
        const message = `the prompt names ${host}, and the step runs on ${node}`;
        yield { at: step.span.start.offset, message, hint: `Give the block {node=${host}}, or correct the prompt.` };
      }
      if (step.nextDepth > step.depth) opener = step;
    }
  },
};

/** The host in `host# `, `user@host:~$ `, `[user@host ~]# ` and `host:~# `. */
function hostOf(prompt: string): string | undefined {
  return /^\[?(?:[\w.-]+@)?([A-Za-z\d][\w.-]*?)(?:[: ].*?)?\]?\s?[#$]\s*$/.exec(prompt)?.[1];
}
