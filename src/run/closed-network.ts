import type { StepResult } from '../events.ts';
import type { LabSpec, Runbook } from '../runbook/types.ts';

/** What programs say when there is no way out: resolvers, Node, Python, git, apt. */
const SAYS_NO_WAY_OUT =
  /EAI_AGAIN|ENOTFOUND|ENETUNREACH|Temporary failure (?:in name resolution|resolving)|[Cc]ould not resolve|unable to resolve host address|Network is unreachable|[Nn]ame or service not known|failed to lookup address|dial tcp: lookup/;

/** Commands that fetch from elsewhere, and may try for longer than a step's limit. */
const FETCHES =
  /\b(?:apt(?:-get)? +(?:-\S+ +)*(?:install|update|upgrade)|(?:npm|pnpm|yarn|bun) +(?:i|install|ci|add|update|view|search)\b|npx\b|pip3? +install|gem +install|cargo +(?:install|add)|go +(?:get|install)|brew\b|git +(?:clone|fetch|pull)|docker +pull|curl\b|wget\b)/;

/** Where there is no way out, trying again takes half a minute and helps nobody. */
const impatience = { npm_config_fetch_retries: '0', PIP_RETRIES: '0' } as const;

/** The environment of a runbook's steps. A document that was not written for netlab will have tools look for a way out. */
export function environmentOf({ env, lab, note }: Runbook): Runbook['env'] {
  return note !== undefined && lab.network === 'closed' ? { ...impatience, ...env } : env;
}

/**
 * The result of a step with a hint in its reason, where it probably lacked the lab's way out: the reader of a failure should not look
 * for a mistake in the document, nor the reader of a pass that rests on the status alone take it for more.
 */
export function withNetworkHint(result: StepResult, lab: LabSpec): StepResult {
  const isClosed = lab.kind !== 'none' && lab.network === 'closed';
  const isDoubtful = result.status === 'failed' || result.status === 'timed_out' || !result.checked;
  if (!isClosed || !isDoubtful || result.status === 'errored') return result;
  const said = SAYS_NO_WAY_OUT.test(`${result.stdout}\n${result.stderr}`);
  if (!said && !(result.status === 'timed_out' && FETCHES.test(result.command))) return result;
  const hint =
    'the lab is closed: no network beyond it (network: host in the front matter, or --network host, opens it)';
  return { ...result, reason: result.reason === null ? hint : `${result.reason}; ${hint}` };
}
