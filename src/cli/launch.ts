import type { Script } from 'node:vm';

// Bundled as CommonJS: Node's loader of ES modules costs a tenth of what `node` itself takes to start. Not imported, since
// what an import of these would load, streams included, nobody has asked for yet.
const { readFileSync, renameSync, writeFileSync } = process.getBuiltinModule('node:fs');
const { createRequire } = process.getBuiltinModule('node:module');
const { join } = process.getBuiltinModule('node:path');
const vm = process.getBuiltinModule('node:vm');

/** The file in dist/ that holds the whole engine; its name has a hash of its contents. Set by scripts/build.mjs. */
declare const NETLAB_ENGINE: string;

/**
 * Runs the engine. V8 takes longer to compile it than a short runbook takes to run, so what it has compiled is kept beside
 * the engine for the next start, where that folder can be written to. V8 itself refuses what another version compiled.
 */
function launch(engine: string): void {
  const filename = join(__dirname, engine);
  const kept = filename.replace(/\.cjs$/, `.${process.version}-${process.arch}.cache`);
  const cachedData = readIfThere(kept);
  // One function, see scripts/build.mjs: only a script can be compiled from what was kept.
  const script = new vm.Script(readFileSync(filename, 'latin1'), { filename, ...(cachedData && { cachedData }) });
  // Only what has been called is compiled: a run that came to a verdict needs what most commands need.
  const isRun = process.argv[2] === 'run' && !process.argv.some((word) => word === '-h' || word === '--help');
  if (isRun && (!cachedData || script.cachedDataRejected)) {
    process.once('exit', (status) => {
      if (status < 2) keep(script, kept);
    });
  }
  // What was compiled before cannot `import()`: this does it in its place.
  const importModule = (url: string): Promise<unknown> => import(url);
  script.runInThisContext()(createRequire(filename), filename, importModule);
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Whole or not at all: another netlab may read it meanwhile. */
function keep(script: Script, file: string): void {
  const partial = `${file}.${process.pid}`;
  try {
    writeFileSync(partial, script.createCachedData(), { flag: 'wx' });
    renameSync(partial, file);
  } catch {
    // Installed where this user may not write: the next start compiles again.
  }
}

// What scripts ask most is told without the engine.
if (process.argv[2] === '--version' || process.argv[2] === '-V') {
  const text = readFileSync(join(__dirname, '../package.json'), 'utf8');
  process.stdout.write(`${(JSON.parse(text) as { version: string }).version}\n`);
} else launch(NETLAB_ENGINE);
