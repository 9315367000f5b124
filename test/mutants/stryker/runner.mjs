// A test runner for Stryker in which a mutant costs no more than its tests: they all stay loaded in one process.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bundle } from './bundle.mjs';

const SOURCES = ['src/check', 'src/runbook'];
const TESTS = ['test/check', 'test/runbook', 'test/run', 'test/learn', 'test/select', 'test/schemas.test.ts'];
/** Tests of what is not mutated, and of random documents, which are others each time. */
const FILES_LEFT_OUT =
  /\/(?:fuzz|parse-command|closed-network|config|files|records|retry|settings|shard|course|filter|texts)\.test\.ts$/;
/** Tests of how long something takes: code that can be mutated in any place is several times slower, whatever it does. */
const OF_TIME =
  /takes no time|takes no longer|takes? little time|in bounded time|repeats of repeats|a long run under|is tried twice|as long as a book|reads a mebibyte|many (?:wildcards|values|unordered|`...`)/;
/** Tests that take a second or more are tried on mutants of what they are about. */
const SLOW = [
  { tests: /takes for ever|backtracks for ever|took longer/, sources: /\/(?:regex|tester|evaluate)\.ts$/ },
  { tests: /any document passes after an update/, sources: /\/(?:propose|edit)\.ts$/ },
  { tests: /\/bounds\.test\.ts#/, sources: /\/runbook\/bounds\.ts$/ },
  { tests: /\/document\.test\.ts#.*what the reference/, sources: /\/runbook\/(?:document|markdown)\.ts$/ },
  { tests: /print\.test\.ts#.*reads, prints and reads again/, sources: /\/runbook\/(?:attributes|blocks)\.ts$/ },
];
/** A module that remembers what it said of a text would say it under the next mutant, too: it is loaded anew for each. */
const REMEMBERS = /check\/regex\.ts$/;
/** `NETLAB_MUTANTS_ONE_IN=4`: only every fourth mutant is tried; the others are no part of the figures. */
const ONE_IN = Number(process.env['NETLAB_MUTANTS_ONE_IN'] ?? 1);
/** What the first worker found out, for the others. */
const KNOWN = 'mutants-known.json';
const TEST_LIMIT_MS = 20_000;
/** A test in which the code asks which mutant is active this many times more often than without any runs for ever. */
const ENDLESS = { factor: 20, least: 300_000 };

/**
 * @typedef {object} Known
 * @property {readonly string[]} atLoad mutants of code that runs when its module is loaded
 * @property {Record<string, number>} times what each test took, in milliseconds
 * @property {Record<string, number>} asked how often each test asked for the active mutant
 */

/** Stryker finds the runner by this list. */
export const strykerPlugins = [
  { kind: 'TestRunner', name: 'in-process', factory: Object.assign(() => new InProcessRunner(), { inject: [] }) },
];

/** Which mutant is active. Instrumented code asks for it all the time, which tells a loop without end. */
class Active {
  id = undefined;
  asked = 0;
  limit = Number.POSITIVE_INFINITY;

  get() {
    this.asked += 1;
    if (this.asked > this.limit) throw new Error('a loop without end');
    return this.id;
  }
}

class InProcessRunner {
  #stryker = globalThis.__stryker__ ?? {};
  #active = new Active();
  #rejected = undefined;

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    globalThis.__stryker__ = this.#stryker;
    Object.defineProperty(this.#stryker, 'activeMutant', { get: () => this.#active.get(), set: () => {} });
    const sources = SOURCES.flatMap((folder) => filesIn(folder, /\.ts$/));
    const tests = TESTS.flatMap((path) => (path.endsWith('.ts') ? [path] : filesIn(path, /\.test\.ts$/))).filter(
      (path) => !FILES_LEFT_OUT.test(path),
    );
    const load = await bundle({ sources, tests });
    this.load = () => new Map([...load().tests].filter(([id]) => !OF_TIME.test(id)));
    this.suite = this.load();
    process.on('unhandledRejection', (reason) => {
      this.#rejected ??= reason;
    });
  }

  /** Runs every test once, and notes which mutants each of them meets. */
  async dryRun() {
    const tests = [];
    const asked = {};
    for (const { id, name, file, run } of this.suite.values()) {
      this.#stryker.currentTestId = id;
      this.#active.asked = 0;
      const start = performance.now();
      const failureMessage = await this.#failure(run);
      const timeSpentMs = performance.now() - start;
      this.#stryker.currentTestId = undefined;
      asked[id] = this.#active.asked;
      const result = failureMessage === undefined ? { status: 0 } : { status: 1, failureMessage };
      tests.push({ id, name, fileName: file, timeSpentMs, ...result });
    }
    const mutantCoverage = withTestsOfFile(this.#stryker.mutantCoverage ?? { static: {}, perTest: {} });
    const times = Object.fromEntries(tests.map(({ id, timeSpentMs }) => [id, timeSpentMs]));
    writeFileSync(KNOWN, JSON.stringify({ atLoad: mutantCoverage.atLoad, times, asked }));
    return { status: 'complete', tests, mutantCoverage: { static: {}, perTest: mutantCoverage.perTest } };
  }

  /** Tries one mutant: the quickest of its tests first, until one fails. */
  async mutantRun({ activeMutant, testFilter }) {
    if (Number(activeMutant.id) % ONE_IN !== 0) return { status: 'error', errorMessage: 'not in the sample' };
    this.known ??= JSON.parse(readFileSync(KNOWN, 'utf8'));
    const { atLoad, times, asked } = this.known;
    const tooSlow = SLOW.filter(({ sources }) => !sources.test(activeMutant.fileName));
    const ids = [...(testFilter ?? this.suite.keys())]
      .filter((id) => !tooSlow.some(({ tests }) => tests.test(id)))
      .sort((a, b) => times[a] - times[b]);
    const active = Object.assign(this.#active, { id: activeMutant.id, asked: 0, limit: 100 * ENDLESS.least });
    try {
      const isStale = atLoad.includes(activeMutant.id) || REMEMBERS.test(activeMutant.fileName);
      const suite = isStale ? this.load() : this.suite;
      for (const [index, id] of ids.entries()) {
        const limit = (asked[id] ?? 0) * ENDLESS.factor + ENDLESS.least;
        Object.assign(active, { asked: 0, limit });
        const test = suite.get(id);
        const failureMessage = test ? await this.#failure(test.run) : 'The test is gone.';
        // Code under test may have caught the error that ended its loop.
        if (active.asked > limit) return { status: 'timeout', reason: 'a loop without end' };
        if (failureMessage !== undefined)
          return { status: 'killed', killedBy: [id], nrOfTests: index + 1, failureMessage };
      }
      return { status: 'survived', nrOfTests: ids.length };
    } catch (error) {
      return { status: 'killed', killedBy: ids.slice(0, 1), nrOfTests: 0, failureMessage: String(error) };
    } finally {
      Object.assign(active, { id: undefined, limit: Number.POSITIVE_INFINITY });
    }
  }

  /** Why a test fails; undefined when it passes. */
  async #failure(run) {
    let timer;
    const tooLong = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`took longer than ${TEST_LIMIT_MS} ms`)), TEST_LIMIT_MS);
    });
    this.#rejected = undefined;
    try {
      await Promise.race([run(), tooLong]);
      return this.#rejected === undefined ? undefined : String(this.#rejected);
    } catch (error) {
      return error instanceof Error ? `${error.message}` : String(error);
    } finally {
      clearTimeout(timer);
    }
  }
}

/**
 * What runs when a module is loaded belongs to no test. Its mutants are tried with all tests that run anything of the same
 * file, on modules that are loaded anew.
 */
function withTestsOfFile({ static: loaded, perTest }) {
  const files = SOURCES.flatMap((folder) => filesIn(folder, /\.ts$/));
  const fileOf = new Map();
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    for (const [, ids] of text.matchAll(/stryCov_9fa48\(([^)]*)\)/g))
      for (const [, id] of ids.matchAll(/"(\d+)"/g)) fileOf.set(id, file);
  }
  const atLoad = Object.keys(loaded);
  const byFile = new Map();
  for (const id of atLoad) byFile.set(fileOf.get(id), [...(byFile.get(fileOf.get(id)) ?? []), id]);
  const metBy = Object.entries(perTest).map(([test, hits]) => {
    return { test, hits, met: new Set(Object.keys(hits).map((id) => fileOf.get(id))) };
  });
  // A file of nothing but a schema is met by no test: it belongs to those of the files that import it.
  const silent = [...byFile.keys()].filter((file) => file !== undefined && !metBy.some(({ met }) => met.has(file)));
  const importers = new Map(silent.map((file) => [file, files.filter((other) => imports(other, file))]));
  const everyTest = {};
  for (const { test, hits, met } of metBy) {
    for (const [file, others] of importers) if (others.some((other) => met.has(other))) met.add(file);
    const added = [...met].flatMap((file) => byFile.get(file) ?? []).map((id) => [id, 1]);
    everyTest[test] = { ...hits, ...Object.fromEntries(added) };
  }
  return { atLoad, perTest: everyTest };
}

/** Whether a file has a value of another one of its folder, not only a type. @param {string} path @param {string} other */
function imports(path, other) {
  return new RegExp(`^import (?!type ).* from '\\./${basename(other)}'`, 'm').test(readFileSync(path, 'utf8'));
}

function filesIn(folder, name) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => name.test(path) && !path.endsWith('.d.ts'))
    .map((path) => join(folder, path))
    .sort();
}
