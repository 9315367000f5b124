import type { Script } from 'node:vm';

// Bundled as CommonJS: Node's loader of ES modules costs a tenth of what `node` itself takes to start. Not imported, since
// what an import of these would load, streams included, nobody has asked for yet.
const { readFileSync, renameSync, writeFileSync } = process.getBuiltinModule('node:fs');
const { createRequire } = process.getBuiltinModule('node:module');
const { join } = process.getBuiltinModule('node:path');
const { pathToFileURL } = process.getBuiltinModule('node:url');
const vm = process.getBuiltinModule('node:vm');

type Require = (name: string) => unknown;
/** A bundle as a function: what it has in common with others it requires by their names. */
type Part = (require: Require, exports: object, module: { exports: unknown }) => void;
type Parts = Readonly<Record<string, Part>>;

/** The scripts in dist/ that hold the engine, with the names of their parts; the last has all others. Set by scripts/build.mjs. */
declare const NETLAB_ENGINE: readonly { readonly file: string; readonly parts: readonly string[] }[];

// Hidden from Node.js by what has started it, see `programHead` in scripts/build.mjs.
const { NETLAB_EXTRA_CA_CERTS: certificates } = process.env;
if (certificates !== undefined) {
  process.env['NODE_EXTRA_CA_CERTS'] = certificates;
  delete process.env['NETLAB_EXTRA_CA_CERTS'];
}

/** Runs the engine, whose part of that name is where it begins. */
function launch(entry: string): void {
  const builtin = createRequire(__filename);
  const scripts = new Map<string, Parts>();
  const partOf = (name: string): Part | undefined => {
    const { file = '' } = NETLAB_ENGINE.find(({ parts }) => parts.includes(name)) ?? NETLAB_ENGINE.at(-1) ?? {};
    const parts = scripts.get(file) ?? partsOf(join(__dirname, file));
    scripts.set(file, parts);
    return parts[name];
  };
  const loaded = new Map<string, { exports: unknown }>();
  const load: Require = (name) => {
    if (!name.startsWith('./')) return builtin(name);
    const known = loaded.get(name);
    if (known) return known.exports;
    const part = partOf(name);
    if (!part) throw new Error(`${name} is not in dist/: build it again`);
    const exports = {};
    const module: { exports: unknown } = { exports };
    loaded.set(name, module);
    try {
      part(load, exports, module);
    } catch (error) {
      // Asked for again, it fails again: what it has exported by now is not what it is.
      loaded.delete(name);
      throw error;
    }
    return module.exports;
  };
  load(entry);
}

/**
 * V8 takes longer to compile the engine than a short runbook takes to run, so what it has compiled is kept beside the script
 * for the next start, where that folder can be written to. V8 itself refuses what another version compiled.
 */
function partsOf(filename: string): Parts {
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
  return script.runInThisContext()(pathToFileURL(filename).href, importModule, certificates);
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
} else {
  // Node.js itself would end with 1, which says that a check failed.
  try {
    launch('./engine.js');
  } catch (error) {
    process.stderr.write(`netlab: cannot load its own code: ${(error as Error).stack}\ntry: install it again\n`);
    process.exitCode = 2;
  }
}
