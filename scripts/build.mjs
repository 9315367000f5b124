// Bundles the sources into dist/: `node scripts/build.mjs [--types]`. Plain JavaScript, because Node 20 runs it as it is.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import typescript from 'typescript';
import { licensesOf } from './licenses.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/** How code is written. */
const style = /** @type {const} */ ({ target: 'node20', minifyWhitespace: true, minifySyntax: true });
/** Every file that went into a bundle. @type {Set<string>} */
const inputs = new Set();
const engine = await bundleEngine();
const modules = await bundle({
  entryPoints: {
    index: 'src/index.ts',
    'program-host': 'src/shell/program-host.ts',
    vitest: 'src/vitest/index.ts',
    'vitest-suite': 'src/vitest/suite.ts',
  },
  splitting: true,
  // The Vitest of whoever runs it: a second one would know nothing of its tests.
  external: ['vitest', 'vitest/*'],
});
const launcher = await bundle({
  entryPoints: { netlab: 'src/cli/launch.ts' },
  define: { NETLAB_ENGINE: JSON.stringify(engine) },
  // CommonJS that imports nothing: see there.
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  supported: { 'dynamic-import': true },
  banner: {},
});
const copied = await copyScripts();
await makeExecutable(join(dist, 'netlab.cjs'));
await linkProgram();
const notices = 'THIRD-PARTY-LICENSES.txt';
await writeFile(join(dist, notices), await licensesOf(root, inputs));
await removeStale(new Set([...engine.map(({ file }) => file), ...modules, ...launcher, ...copied, notices, 'types']));
if (process.argv.includes('--types')) await emitTypes();

/**
 * All of the command line, as scripts for src/cli/launch.ts, which runs them from what V8 has compiled before: what a run
 * loads until its lab comes up, what it loads meanwhile, and the rest. In all, each part that is loaded by itself is a
 * function of its own: what is not loaded is nothing but text to V8, while it would make and keep all functions of one scope.
 * Returns their names, which have a hash of their contents, each with those of its parts; the rest has all others.
 */
async function bundleEngine() {
  const { outputFiles, metafile } = await bundled({
    entryPoints: { engine: 'src/cli/main.ts' },
    splitting: true,
    write: false,
    define: { 'import.meta.url': 'netlabUrl' },
    banner: {},
  });
  const outputs = metafile?.outputs ?? {};
  const atStart = partsOf(outputs, ['cli/main', 'cli/program', 'cli/run', 'cli/run-command', 'report/pretty']);
  const forSteps = partsOf(outputs, ['run/run-steps', 'shell/pipe']).filter((name) => !atStart.includes(name));
  const scripts = [
    { ending: '', names: atStart, text: '' },
    { ending: '.steps', names: forSteps, text: '' },
    { ending: '.rest', names: /** @type {string[]} */ ([]), text: '' },
  ];
  for (const { path, text } of outputFiles ?? []) {
    const name = basename(path);
    const script = scripts.find(({ names }) => names.includes(name)) ?? scripts[2];
    if (!script) continue;
    // A script from the cache has no import(): what is loaded on demand is required when it is asked for.
    const common = script.names.length > 0 ? withPlainExports(text) : text;
    const { code } = await transform(common, { ...style, format: 'cjs', supported: { 'dynamic-import': false } });
    script.text += `"./${name}"(require, exports, module) {${code}},\n`;
  }
  const sources = scripts.map(
    ({ text }) => `(function (netlabUrl, netlabImport, netlabCertificates) { return {\n${text}}; })\n`,
  );
  // One for all: by its name the engine knows what it has read, and what read that is in another.
  const hash = createHash('sha256').update(sources.join('')).digest('hex').slice(0, 8);
  const engine = scripts.map(({ ending, names }) => ({
    file: `engine-${hash}${ending}.cjs`,
    parts: names.map((name) => `./${name}`),
  }));
  await mkdir(dist, { recursive: true });
  for (const [index, { file }] of engine.entries()) await writeFile(join(dist, file), sources[index] ?? '');
  return engine;
}

/**
 * The same as CommonJS whose exports are plain properties: esbuild makes a function of each, and of that another, to be
 * called wherever one is used. TypeScript takes seconds for all bundles, so the rest is left as esbuild has it.
 * @param {string} text
 */
function withPlainExports(text) {
  const { ModuleKind, ScriptTarget, transpileModule } = typescript;
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true };
  return transpileModule(text, { compilerOptions }).outputText;
}

/**
 * The bundles of these entries, and those without which they cannot be loaded, by their names.
 * @param {import('esbuild').Metafile['outputs']} outputs
 * @param {readonly string[]} entries
 */
function partsOf(outputs, entries) {
  const wanted = entries.map((entry) => {
    const found = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === `src/${entry}.ts`);
    if (found === undefined) throw new Error(`src/${entry}.ts is no longer loaded by itself: change this list`);
    return found;
  });
  // A list that grows while it is walked.
  for (const path of wanted) {
    for (const { path: next, kind } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && next in outputs && !wanted.includes(next)) wanted.push(next);
    }
  }
  return wanted.map((path) => basename(path));
}

/**
 * Bundles into dist/; returns the names of the files.
 * @param {import('esbuild').BuildOptions} options
 */
async function bundle(options) {
  const { metafile } = await bundled(options);
  return Object.keys(metafile?.outputs ?? {}).map((path) => basename(path));
}

/**
 * As ESM, unless it is said.
 * @param {import('esbuild').BuildOptions} options
 */
async function bundled(options) {
  const result = await build({
    absWorkingDir: root,
    outdir: 'dist',
    bundle: true,
    format: 'esm',
    platform: 'node',
    ...style,
    metafile: true,
    logLevel: 'warning',
    // Some dependencies are CommonJS inside, and call `require` for Node's own modules.
    banner: {
      js: "import { createRequire as netlabCreateRequire } from 'node:module';\nconst require = netlabCreateRequire(import.meta.url);",
    },
    ...options,
  });
  for (const input of Object.keys(result.metafile?.inputs ?? {})) inputs.add(input);
  return result;
}

/** Shell scripts lie flat beside the bundles, where `new URL('./name.sh', import.meta.url)` finds them. */
async function copyScripts() {
  await mkdir(dist, { recursive: true });
  const entries = await readdir(join(root, 'src'), { recursive: true, withFileTypes: true });
  const scripts = entries.filter((entry) => entry.isFile() && /\.(?:sh|bash|zsh|fish)$/.test(entry.name));
  const names = scripts.map((entry) => entry.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`two files are named ${twice}: rename one, they lie in one folder in dist/`);
  for (const entry of scripts) await copyFile(join(entry.parentPath, entry.name), join(dist, entry.name));
  return names;
}

/**
 * The first lines of the program, for sh and for Node.js at once: to `node`, the second is a string and a comment. Node.js
 * reads all certificates at its start where NODE_EXTRA_CA_CERTS is set, which takes it longer than a short run: it starts
 * without. src/cli/launch.ts puts the variable back, src/cli/extra-certificates.ts adds them where somebody may need them.
 * What NODE_OPTIONS loads, or sets for connections, has it as always.
 */
function programHead() {
  const keep = 'export NETLAB_EXTRA_CA_CERTS="$NODE_EXTRA_CA_CERTS"';
  const hide = `[ -z "\${NODE_EXTRA_CA_CERTS-}" ] || [ "\${NODE_OPTIONS-}" ] || { ${keep}; unset NODE_EXTRA_CA_CERTS; }`;
  return `#!/usr/bin/env sh\n':' //; ${hide}; exec node "$0" "$@"\n`;
}

/** @param {string} path */
async function makeExecutable(path) {
  if (!existsSync(path)) return;
  const text = await readFile(path, 'utf8');
  if (!text.startsWith('#!')) await writeFile(path, `${programHead()}${text}`);
  await chmod(path, 0o755);
}

/** So that `npx netlab` works in the clone: npx itself would have to install the clone into its cache first. */
async function linkProgram() {
  const link = join(root, 'node_modules/.bin/netlab');
  await rm(link, { force: true });
  await symlink('../../dist/netlab.cjs', link);
}

/**
 * Old chunks go last, so that a netlab that runs meanwhile finds its own.
 * @param {Set<string>} fresh
 */
async function removeStale(fresh) {
  for (const name of await readdir(dist)) {
    if (!fresh.has(name)) await rm(join(dist, name), { recursive: true });
  }
}

/** Declarations of what is exported, and of all that those name; the rest of the sources is nobody's business. */
async function emitTypes() {
  const types = join(dist, 'types');
  const tsc = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
  const args = [tsc, '--project', join(root, 'tsconfig.build.json')];
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
  const needed = [join(types, 'index.d.ts'), join(types, 'vitest/index.d.ts')];
  for (const file of needed) {
    for (const [, name = ''] of (await readFile(file, 'utf8')).matchAll(/(?:from |import\()'(\.[^']+)'/g)) {
      const path = join(dirname(file), name.replace(/\.[jt]s$/, '.d.ts'));
      if (!needed.includes(path)) needed.push(path);
    }
  }
  for (const entry of await readdir(types, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !needed.includes(path)) await rm(path);
  }
}
