// All sources and their tests as one function, which makes every module anew each time that it is called.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const collect = fileURLToPath(new URL('collect.mjs', import.meta.url));
const require = createRequire(import.meta.url);

/** What the bundle takes from packages, which are loaded once. @type {Map<string, Record<string, unknown>>} */
const packages = new Map();

/** @typedef {{ tests: Map<string, import('./collect.mjs').Test> }} Suite */

/**
 * @param {{ sources: readonly string[], tests: readonly string[] }} files paths from the working directory. The sources are
 * loaded before any test, so that what runs when they are loaded is no part of the test that needs them first.
 * @returns {Promise<() => Suite>}
 */
export async function bundle({ sources, tests }) {
  const root = process.cwd();
  const lines = [
    ...sources.map((path) => `import ${JSON.stringify(`${root}/${path}`)};`),
    `import { from, tests } from 'vitest';`,
    ...tests.map((path) => `from(${JSON.stringify(path)}); require(${JSON.stringify(`${root}/${path}`)});`),
    'export { tests };',
  ];
  const { outputFiles } = await build({
    stdin: { contents: lines.join('\n'), resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
    plugins: [{ name: 'netlab', setup: plugin }],
  });
  const load = new Function('require', 'module', 'exports', outputFiles[0]?.text ?? '');
  Object.assign(globalThis, { netlabPackages: packages });
  return () => {
    const module = { exports: {} };
    load(require, module, module.exports);
    return /** @type {Suite} */ (module.exports);
  };
}

/** @param {import('esbuild').PluginBuild} build */
function plugin({ onLoad, onResolve }) {
  onResolve({ filter: /^vitest$/ }, () => ({ path: collect }));
  onResolve({ filter: /^[^./]/ }, ({ path }) =>
    path.startsWith('node:') ? { path, external: true } : { path, namespace: 'package' },
  );
  onLoad({ filter: /.*/, namespace: 'package' }, async ({ path }) => {
    const exported = await import(path);
    packages.set(path, path === 'fast-check' ? hasty(exported) : exported);
    const names = Object.keys(exported).filter((name) => name !== 'default' && /^[\w$]+$/.test(name));
    const from = `globalThis.netlabPackages.get(${JSON.stringify(path)})`;
    const contents = [
      `const { ${names.map((name, index) => `${JSON.stringify(name)}: v${index}`).join(', ')} } = ${from};`,
      `export { ${names.map((name, index) => `v${index} as ${name}`).join(', ')} };`,
      `export default ${from}.default;`,
    ];
    return { contents: contents.join('\n') };
  });
  // Counting its own steps makes the code several times slower: time is not judged here.
  onLoad({ filter: /\/processor-time\.ts$/ }, () => ({
    contents: 'export async function processorTime(work) { await work(); return 0; }',
  }));
  onLoad({ filter: /\/(?:src|test)\/.*\.ts$/ }, async ({ path }) => {
    const text = await readFile(path, 'utf8');
    return { contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)), loader: 'ts' };
  });
}

/**
 * Properties are tried with the same few values each time: a mutant's fate must not depend on chance.
 * @param {any} fc
 */
function hasty(fc) {
  const assert = (/** @type {unknown} */ property, /** @type {{ numRuns?: number }} */ options = {}) =>
    fc.assert(property, {
      ...options,
      seed: 20261126,
      numRuns: Math.min(options.numRuns ?? 100, 300),
      endOnFailure: true,
    });
  return { ...fc, assert, default: { ...fc.default, assert } };
}
