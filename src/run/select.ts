import { UsageError } from '../errors.ts';
import { everyStep } from '../runbook/every-step.ts';
import { hasStep } from '../runbook/plan.ts';
import type { Runbook } from '../runbook/types.ts';
import { type Shard, shardOf } from './shard.ts';

/** Which of the documents are run. Everything that is given must hold. */
export interface Selection {
  /** Only runbooks whose path, title, description, or a step's name this matches; small and capital letters are alike. */
  readonly grep?: string | undefined;
  /** Only runbooks with one of these tags, and without those that begin with `!`. */
  readonly tags?: readonly string[] | undefined;
  /** Only runbooks with one of these steps, by name or number; of them, only these steps, setup and teardown are run. */
  readonly steps?: readonly string[] | undefined;
  /** Only what differs from this commit of git: the document itself, or a file or folder that it uses. */
  readonly changed?: string | undefined;
  /** One part of what is left: the parts are disjoint, and together they are everything. */
  readonly shard?: Shard | undefined;
  /** Where nothing is left, the run passes, with the reason. Steps that were chosen and check nothing still do not. */
  readonly passWithNoRunbooks?: boolean | undefined;
}

/** The runbooks that a selection leaves, in their order, and how many there were before they were split into shards. */
export interface Selected {
  readonly runbooks: readonly Runbook[];
  readonly total: number;
  /** Why none is left, where that may be. */
  readonly nothing?: string | undefined;
}

/** Chooses among documents. Rejects with a `UsageError` for a filter that cannot be read or that leaves nothing. */
export async function select(given: readonly Runbook[], selection: Selection): Promise<Selected> {
  const { grep, tags = [], steps = [], changed, shard, passWithNoRunbooks = false } = selection;
  let runbooks = given;
  let nothing = given.length === 0 && passWithNoRunbooks ? 'nothing to run: there is no runbook' : undefined;
  const narrow = (what: string, left: readonly Runbook[]): void => {
    runbooks = left;
    if (left.length > 0 || nothing !== undefined) return;
    nothing = `nothing to run: no runbook ${what}`;
    const hint = 'netlab list shows what there is; with --pass-with-no-runbooks, that passes';
    if (!passWithNoRunbooks) throw new UsageError(nothing, { hint });
  };
  if (grep !== undefined) narrow(`matches ${JSON.stringify(grep)}`, runbooks.filter(matching(grep)));
  if (tags.length > 0) narrow(`has the tags ${tags.join(',')}`, runbooks.filter(tagged(tags)));
  if (changed !== undefined) {
    const { isChanged } = await import('./changed.ts');
    narrow(`has changed since ${changed}`, runbooks.filter(await isChanged(changed)));
  }
  for (const name of steps) {
    if (nothing !== undefined || runbooks.some((runbook) => hasStep(runbook, name))) continue;
    throw new UsageError(`no step is called ${JSON.stringify(name)}`, { hint: 'netlab list shows their names' });
  }
  if (steps.length > 0) runbooks = runbooks.filter((runbook) => steps.some((name) => hasStep(runbook, name)));
  const total = runbooks.length;
  if (shard) narrow(`of ${total} is left for shard ${shard.index}/${shard.of}`, shardOf(runbooks, shard));
  return { runbooks, total, nothing };
}

function matching(grep: string): (runbook: Runbook) => boolean {
  let pattern: RegExp;
  try {
    pattern = new RegExp(grep, 'iu');
    // One that is too large is refused when it is first used.
    pattern.test('');
  } catch (cause) {
    const hint = 'it is a regular expression of JavaScript: put a \\ before ( ) [ ] { } . * + ? ^ $ |';
    // It has the whole of the expression in it.
    const message = (cause as Error).message.replace(/^(.{100}).+(.{50})$/su, '$1…$2');
    throw new UsageError(`grep: ${message}`, { cause, hint });
  }
  const textsOf = (runbook: Runbook): readonly string[] => {
    const { path, title, description = '', exercise } = runbook;
    const names = [...everyStep(runbook), ...(exercise?.tasks ?? [])].map(({ name }) => name);
    return [path, title, description, ...names];
  };
  return (runbook) => textsOf(runbook).some((text) => pattern.test(text));
}

function tagged(tags: readonly string[]): (runbook: Runbook) => boolean {
  const bare = tags.find((tag) => tag.replace(/^!/, '').trim() === '');
  if (bare !== undefined) {
    const hint = 'write tag, or !tag to leave out what has it';
    throw new UsageError(`tags: ${JSON.stringify(bare)} names no tag`, { hint });
  }
  const unwanted = tags.filter((tag) => tag.startsWith('!')).map((tag) => tag.slice(1));
  const wanted = tags.filter((tag) => !tag.startsWith('!'));
  return ({ tags: own }) =>
    (wanted.length === 0 || wanted.some((tag) => own.includes(tag))) && !unwanted.some((tag) => own.includes(tag));
}
