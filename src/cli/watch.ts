import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { NetlabError, UsageError } from '../errors.ts';
import type { RunEvent, RunResult } from '../events.ts';
import { createPalette } from '../report/palette.ts';
import { printable } from '../report/printable.ts';
import { streamTarget } from '../report/target.ts';
import { exitStatus } from '../run/tally.ts';
import { createWatch, type Looked, type Wanted } from '../run/watch.ts';
import type { RunOptions } from '../run.ts';
import { endNow } from './ending.ts';
import { configPath, loadConfig } from './load-config.ts';
import { onStopSignal } from './on-stop-signal.ts';
import { printError } from './print-error.ts';
import { openRecords } from './records.ts';
import type { ReportOptions } from './report-options.ts';
import { openReporters, refuseInputs } from './reporters.ts';
import { type RunChoices, runSettings } from './run-settings.ts';
import { watchFiles } from './watch-files.ts';
import { listenToKeys } from './watch-keys.ts';

interface WatchOptions extends RunChoices, ReportOptions {
  readonly config?: string | boolean;
}

/** What comes with a run that cannot be asked for again and again. */
const oncePerRun = ['update', 'retry', 'shard', 'keepLab'] as const;

/** Reporters that tell a person, who need not hear again of what was not run again. */
const forPeople = new Set(['pretty', 'dot']);

/** How often, and after how long each time, a document that is not there or empty is looked for, in milliseconds. */
const patience = { tries: 10, ms: 100 };

/** `netlab run --watch`: runs, and runs again what a save has touched. The exit status is that of the last complete state. */
export async function watchCommand(paths: readonly string[], options: WatchOptions): Promise<number> {
  refuse(options);
  const watch = createWatch();
  const stop = new AbortController();
  const target = streamTarget(process.stdout, process.env);
  const palette = createPalette(target);
  const say = (text: string): void => void process.stdout.write(`${palette.dim(text)}\n`);
  const tell = (path: string, sentence: string): void => say(printable(`${path}: ${sentence}`));
  let wanted: Wanted | undefined = 'all';
  let status = 130;
  let runs = 0;
  /** The last save of which the verdict was told. */
  let told = 0;
  let running: { readonly stop: AbortController; halted: boolean; readonly count: number } | undefined;
  let wake = (): void => {};
  const ask = (what: Wanted): void => {
    wanted = wanted === 'all' || what === 'all' ? 'all' : what === 'failed' ? 'failed' : (wanted ?? what);
    wake();
  };
  const end = (): void => {
    // Twice: at once. The labs hang on this process's lifelines, so they go with it.
    if (stop.signal.aborted) endNow(130);
    stop.abort();
    running?.stop.abort();
    wake();
  };
  const again = (what: Wanted): void => {
    running?.stop.abort();
    ask(what);
  };
  const stopListening = onStopSignal(end);
  const stopKeys = listenToKeys({ all: () => again('all'), failed: () => again('failed'), end });
  let configured = configState(options.config);

  let chosen = { paths, options };
  const settings = async (): Promise<RunOptions> => {
    const config = await loadConfig(options.config);
    const now = await runSettings(chosen.paths, chosen.options, config, openRecords(process.cwd(), process.env));
    // What had failed at the start is watched when it passes, too.
    if (options.lastFailed) chosen = { paths: now.paths, options: { ...options, lastFailed: false } };
    return now;
  };
  /** Reads the documents; a half-saved one is waited for. Tells what is wrong, and resolves to nothing then. */
  const look = async (): Promise<{ readonly now: RunOptions; readonly looked: Looked } | undefined> => {
    for (let tries = 1; ; tries += 1) {
      const last = tries === patience.tries || stop.signal.aborted;
      try {
        const now = await settings();
        const looked = await watch.look(now);
        if (!looked.unsettled || last) return { now, looked };
      } catch (error) {
        // What is wrong with the command line does not come right by a save.
        const atStart = runs === 0 && error instanceof UsageError;
        if (!(error instanceof NetlabError) || atStart) throw error;
        if (!(error instanceof UsageError) || last) {
          printError(error);
          say('Waiting for the next save.');
          return undefined;
        }
      }
      await sleep(patience.ms);
    }
  };
  const saved = async (): Promise<void> => {
    const before = configured;
    configured = configState(options.config);
    if (before !== configured) return again('all');
    // Of many documents, each is run to its end.
    if (running && running.count > 1) return ask('touched');
    if (running) {
      const found = await look();
      if (!found || found.looked.touched.length === 0 || !running) return found ? undefined : ask('touched');
      if (found.looked.goesOn) running.halted = true;
      else running.stop.abort();
    }
    ask('touched');
  };
  const files = watchFiles(() => void saved());

  const pass = async (what: Wanted): Promise<void> => {
    const found = await look();
    if (stop.signal.aborted) return;
    if (!found) {
      status = 2;
      return;
    }
    const { now, looked } = found;
    const config = configPath(options.config);
    files.follow({ files: [...looked.files, ...(config ? [config] : [])], folders: looked.folders });
    if (what === 'touched' && looked.touched.length === 0) return;
    runs += 1;
    const run = `run ${runs}`;
    const savedAt = Math.max(...looked.touched.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0));
    const mine = { stop: new AbortController(), halted: false, count: now.paths.length };
    running = mine;
    const config2 = await loadConfig(options.config);
    refuseInputs(options.reporter ?? config2.reporters, [...now.paths, ...(config ? [config] : [])]);
    const reporters = await openBoth({ reporter: config2.reporters, ...options });
    if (runs > 1)
      say(`\n${palette.dash.repeat(3)} ${run}, ${new Date().toTimeString().slice(0, 8)} ${palette.dash.repeat(3)}`);
    let result: RunResult | undefined;
    try {
      result = await watch.pass(now, {
        ...{ wanted: what, run, signal: mine.stop.signal, halted: () => mine.halted },
        onEvent: (event, old) => {
          // What was overtaken by a save has no verdict, and needs none.
          const isEnd = event.type === 'run:end' || event.type === 'runbook:end';
          if (!isEnd || (!mine.halted && !(mine.stop.signal.aborted && !stop.signal.aborted)))
            reporters.event(event, old);
        },
        tell: (path, sentence) => {
          if (runs > 1) tell(path, sentence);
        },
      });
    } finally {
      running = undefined;
      await reporters.end(result !== undefined && !mine.halted);
    }
    if (mine.halted || result.status === 'interrupted') return;
    status = exitStatus(result.status);
    if (options.step === undefined) openRecords(process.cwd(), process.env).add(result.runbooks);
    const isOfSave = what === 'touched' && runs > 1 && savedAt > told;
    told = Math.max(told, savedAt);
    const took = isOfSave ? `Verdict ${((Date.now() - savedAt) / 1000).toFixed(2)} s after the save. ` : '';
    say(`${took}Watching. Enter or a: all again, f: what failed, q: end`);
  };

  try {
    while (!stop.signal.aborted) {
      const what: Wanted | undefined = wanted;
      wanted = undefined;
      if (what !== undefined) await pass(what);
      if (wanted !== undefined || stop.signal.aborted) continue;
      watch.idle({ tell, again: () => ask('touched') });
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      wake = () => {};
    }
  } finally {
    stopKeys();
    await files.close();
    await watch.close();
    stopListening();
  }
  return status;
}

function refuse(options: WatchOptions): void {
  const given = oncePerRun.find((name) => options[name as keyof WatchOptions]);
  if (given === undefined) return;
  const option = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError(`--watch and --${option} do not go together`, { hint: 'give one of them' });
}

/** Changes whenever the configuration does, or another one counts. */
function configState(file: string | boolean | undefined): string {
  const path = configPath(file);
  const stat = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
  return `${path} ${stat?.mtimeMs} ${stat?.size}`;
}

/** Reporters for people, and those whose report is of everything, whether it was run again or not. */
async function openBoth(
  options: ReportOptions,
): Promise<{ event(event: RunEvent, old: boolean): void; end(whole: boolean): Promise<void> }> {
  const { reporter = ['pretty'] } = options;
  const people = await openReporters({ ...options, reporter: reporter.filter((name) => forPeople.has(name)) });
  const rest = reporter.filter((name) => !forPeople.has(name));
  const events: RunEvent[] = [];
  return {
    event(event, old) {
      if (!old) people.event(event);
      if (rest.length > 0) events.push(event);
    },
    async end(whole) {
      await people.end();
      // A report of half a run must not take the place of that of a whole one.
      if (!whole || rest.length === 0) return;
      const others = await openReporters({ ...options, reporter: rest });
      for (const event of events) others.event(event);
      await others.end();
    },
  };
}
