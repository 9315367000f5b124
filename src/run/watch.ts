import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RunbookResult, RunEvent, RunResult } from '../events.ts';
import { type RunOneOptions, type RunOptions, runBy, runOne } from '../run.ts';
import { load } from './load.ts';
import { type Prepared, prepare } from './prepare.ts';
import { select } from './select.ts';
import { existing, newestChange } from './stand.ts';
import { type Watched, watchedRunbook } from './watched.ts';

/** What is run: all documents, those that did not pass, or those that were saved. The first two in fresh labs. */
export type Wanted = 'all' | 'failed' | 'touched';

export interface WatchPass {
  readonly wanted: Wanted;
  /** Which run this is, in words: `run 2`. */
  readonly run: string;
  readonly signal: AbortSignal;
  readonly halted: () => boolean;
  /** Told, in a sentence, where a document is run, and why there. */
  readonly tell: (path: string, sentence: string) => void;
  /** `old`: of a document that is not run again. */
  readonly onEvent: (event: RunEvent, old: boolean) => void;
}

/** What there is to see before a run. */
export interface Looked {
  /** Paths of documents that were saved, or that use what was, since they were run. */
  readonly touched: readonly string[];
  /** Whether what is being run now would be run by the documents as they are, too. */
  readonly goesOn: boolean;
  /** A document is empty: probably half way through a save. */
  readonly unsettled: boolean;
  /** Files and folders that the documents use, themselves included. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Documents that are run again and again; what came of each is remembered. */
export interface Watch {
  /** Reads the documents. Rejects as `run` does. */
  look(options: RunOptions): Promise<Looked>;
  pass(options: RunOptions, pass: WatchPass): Promise<RunResult>;
  /** Nothing is asked for: labs can be prepared, and passes confirmed. `again`: something is to be run after all. */
  idle(aside: { readonly tell: WatchPass['tell']; readonly again: () => void }): void;
  close(): Promise<void>;
}

/** What came of a document when it last ran whole. */
interface Known {
  readonly source: string;
  /** In milliseconds since 1970. */
  readonly since: number;
  /** What it used that was there. */
  readonly used: readonly string[];
  readonly run: string;
  readonly result: RunbookResult;
  readonly events: readonly RunEvent[];
}

export function createWatch(): Watch {
  const known = new Map<string, Known>();
  /** The documents whose labs are kept: the one that is being written, as far as that is known. */
  const warm = new Map<string, Watched>();

  /** Documents that passed bit by bit, and not when they were run whole. */
  const doubted = new Set<string>();

  /** What is being run now. */
  const underway = new Map<string, Pick<Known, 'source' | 'since' | 'used'>>();

  const isTouched = ({ runbook }: Prepared): boolean => {
    const before = underway.get(runbook.path) ?? known.get(runbook.path);
    if (!before || before.source !== runbook.source) return true;
    return [...existing(runbook), ...before.used].some((path) => newestChange(path) >= before.since);
  };

  const isWanted = (prepared: Prepared, wanted: Wanted): boolean => {
    const status = known.get(prepared.runbook.path)?.result.status;
    if (wanted === 'failed') return status !== 'passed' || isTouched(prepared);
    return wanted === 'all' || isTouched(prepared);
  };

  const cool = async (except: string | undefined): Promise<void> => {
    for (const [path, watched] of warm) {
      if (path === except) continue;
      warm.delete(path);
      await watched.close();
    }
  };

  const runPrepared = async (prepared: Prepared, options: RunOneOptions, pass: WatchPass): Promise<RunbookResult> => {
    const { runbook } = prepared;
    const events: RunEvent[] = [];
    const since = Date.now() - 20;
    const emit = (event: RunEvent): void => {
      events.push(event);
      options.emit(event);
    };
    const again = { ...options, emit };
    const { source } = runbook;
    const used = existing(runbook);
    underway.set(runbook.path, { source, since, used });
    let result: RunbookResult;
    if (runbook.exercise || runbook.lab.kind === 'none') result = await runOne(prepared, again);
    else {
      const watched = warm.get(runbook.path) ?? watchedRunbook();
      warm.set(runbook.path, watched);
      const { run, halted, tell, wanted } = pass;
      result = await watched.pass(prepared, {
        ...{ run, halted, emit, signal: options.signal, keepGoing: options.keepGoing ?? false },
        fresh: wanted !== 'touched' || doubted.has(runbook.path),
        tell: (sentence) => tell(runbook.path, sentence),
      });
    }
    underway.delete(runbook.path);
    if (result.status !== 'interrupted') doubted.delete(runbook.path);
    if (result.status === 'interrupted') known.delete(runbook.path);
    else known.set(runbook.path, { source, since, used, run: pass.run, result, events });
    return result;
  };

  return {
    async look(options) {
      const { runbooks } = await select(await load(options.paths), options);
      const prepared = await prepare(runbooks, options);
      const used = prepared.flatMap(({ runbook }) => existing(runbook));
      const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
      const going = prepared.filter(({ runbook }) => warm.has(runbook.path));
      return {
        touched: prepared.filter(isTouched).map(({ runbook }) => runbook.path),
        goesOn: going.every((each) => warm.get(each.runbook.path)?.wouldGoOn(each) ?? true),
        unsettled: runbooks.some(({ source }) => source.trim() === ''),
        files: [...options.paths.map((path) => resolve(path)), ...used.filter((path) => !isFolder(path))],
        folders: used.filter(isFolder),
      };
    },
    async pass(options, pass) {
      const old = new Set<RunEvent>();
      const ran: string[] = [];
      const one: typeof runOne = async (prepared, more) => {
        const { path } = prepared.runbook;
        const before = known.get(path);
        if (before && !isWanted(prepared, pass.wanted)) {
          const result = { ...before.result, carried: before.run };
          for (const event of before.events) {
            const again = event.type === 'runbook:end' ? { ...event, runbook: result } : { ...event };
            old.add(again);
            more.emit(again);
          }
          return result;
        }
        ran.push(path);
        const result = await runPrepared(prepared, more, pass);
        // Of many documents, nobody knows yet which one is being written.
        if (ran.length > 1) {
          await warm.get(path)?.close();
          warm.delete(path);
        }
        return result;
      };
      const onEvent = (event: RunEvent): void => pass.onEvent(event, old.has(event));
      const result = await runBy(one, { ...options, signal: pass.signal, onEvent });
      const [only] = ran;
      if (ran.length > 0) await cool(ran.length === 1 ? only : undefined);
      return result;
    },
    idle({ tell, again }) {
      for (const [path, watched] of warm) {
        const doubt = (): void => {
          known.delete(path);
          doubted.add(path);
          again();
        };
        watched.prepareAhead({ tell: (sentence) => tell(path, sentence), doubt });
      }
    },
    close: () => cool(undefined),
  };
}
