// Bundles the sources into dist/: `node scripts/build.mjs [--types]`. Plain JavaScript, because Node 20 runs it as it is.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/** What is started or imported from outside: name in dist/ to its source. */
const entryPoints = {
  netlab: 'src/cli/main.ts',
  index: 'src/index.ts',
  'program-host': 'src/shell/program-host.ts',
};

const bundled = await bundle();
const copied = await copyScripts();
await makeExecutable(join(dist, 'netlab.js'));
await linkProgram();
await removeStale(new Set([...bundled, ...copied, 'types']));
if (process.argv.includes('--types')) emitTypes();

/** One ESM bundle that shares its chunks: what a command does not use is not read. Returns the names of the files. */
async function bundle() {
  const present = Object.entries(entryPoints).filter(([, source]) => existsSync(join(root, source)));
  const result = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(present),
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    keepNames: true,
    minifyWhitespace: true,
    minifySyntax: true,
    metafile: true,
    logLevel: 'warning',
    // Some dependencies are CommonJS inside, and call `require` for Node's own modules.
    banner: {
      js: "import { createRequire as netlabCreateRequire } from 'node:module';\nconst require = netlabCreateRequire(import.meta.url);",
    },
  });
  return Object.keys(result.metafile.outputs).map((path) => basename(path));
}

/** Shell scripts lie flat beside the bundles, where `new URL('./name.sh', import.meta.url)` finds them. */
async function copyScripts() {
  await mkdir(dist, { recursive: true });
  const entries = await readdir(join(root, 'src'), { recursive: true, withFileTypes: true });
  const scripts = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.sh'));
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
  await symlink('../../dist/netlab.js', link);
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

function emitTypes() {
  const tsc = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
  const args = [tsc, '--project', join(root, 'tsconfig.build.json')];
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
}
