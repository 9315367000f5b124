// Bundles the sources into dist/: `node scripts/build.mjs [--types]`. Plain JavaScript, because Node 20 runs it as it is.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { licensesOf } from './licenses.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

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
await removeStale(new Set([engine, ...modules, ...launcher, ...copied, notices, 'types']));
if (process.argv.includes('--types')) await emitTypes();

/**
 * All of the command line in one CommonJS file, which src/cli/launch.ts can run from what V8 has compiled before: code
 * that is loaded on demand is in it, too, and costs little until then. Returns its name, which has a hash of its contents.
 */
async function bundleEngine() {
  const names = await bundle({
    entryPoints: { engine: 'src/cli/main.ts' },
    entryNames: '[name]-[hash]',
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    define: { 'import.meta.url': 'netlabUrl' },
    banner: {
      js: "(function (require, __filename, netlabImport) { const netlabUrl = require('node:url').pathToFileURL(__filename).href;",
    },
    footer: { js: '})' },
    supported: { 'dynamic-import': true },
  });
  return names[0] ?? '';
}

/**
 * Bundles into dist/, as ESM unless it is said; returns the names of the files.
 * @param {import('esbuild').BuildOptions} options
 */
async function bundle(options) {
  const result = await build({
    absWorkingDir: root,
    outdir: 'dist',
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifyWhitespace: true,
    minifySyntax: true,
    metafile: true,
    logLevel: 'warning',
    // Some dependencies are CommonJS inside, and call `require` for Node's own modules.
    banner: {
      js: "import { createRequire as netlabCreateRequire } from 'node:module';\nconst require = netlabCreateRequire(import.meta.url);",
    },
    ...options,
  });
  for (const input of Object.keys(result.metafile?.inputs ?? {})) inputs.add(input);
  return Object.keys(result.metafile?.outputs ?? {}).map((path) => basename(path));
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

/** @param {string} path */
async function makeExecutable(path) {
  if (!existsSync(path)) return;
  const text = await readFile(path, 'utf8');
  if (!text.startsWith('#!')) await writeFile(path, `#!/usr/bin/env node\n${text}`);
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
