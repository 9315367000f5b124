import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configDefaults } from 'vitest/config';
import type { TestProject, Vite, VitestPluginContext } from 'vitest/node';
import { ParseError } from '../errors.ts';
import type { PluginOptions } from './options.ts';
import { refusedModule, suiteModule, testModule } from './test-module.ts';

const document = /\.(?:md|markdown|mdx|t)$/;
/** The import of a file of which nothing is wanted but to hear that it has changed. */
const watched = '?netlab-watched';
const runbookCall = /\.runbook(?:\.(?:skip|only))?\(\s*(?:new URL\(\s*)?(['"])(.+?)\1/g;

/** What Vite and Vitest know a plugin by. */
export type NetlabPlugin = Vite.Plugin;

/**
 * A plugin of Vitest: Markdown files are test files, each a suite, each of its steps a test.
 *
 * @example
 * ```ts
 * import { netlab } from 'netlab/vitest'
 * import { defineConfig } from 'vitest/config'
 *
 * export default defineConfig({ plugins: [netlab()] })
 * ```
 */
export function netlab({ include, ...options }: PluginOptions = {}): NetlabPlugin {
  const projects: TestProject[] = [];
  const projectOf = (file: string): TestProject | undefined =>
    projects.find((project) => project.matchesTestGlob(file));
  /** By document: the test files that run it with `test.runbook`. */
  const users = new Map<string, Set<string>>();
  const usersOf = (file: string): string[] | undefined => {
    const found = [...(users.get(file) ?? [])];
    return found.length === 0 ? undefined : [...(projectOf(file) ? [file] : []), ...found];
  };
  return {
    name: 'netlab',
    enforce: 'pre',
    config(config) {
      config.test ??= {};
      config.test.include = withDocuments(config.test.include, include);
      // A document can be a test file and run by others: Vitest would stop at the first.
      config.test.watchTriggerPatterns = [
        ...(config.test.watchTriggerPatterns ?? []),
        { pattern: document, testsToRun: (file) => usersOf(file) },
      ];
    },
    configureVitest({ project }: VitestPluginContext) {
      projects.push(project);
    },
    resolveId(id) {
      if (id === suiteModule) return fileURLToPath(new URL('./vitest-suite.js', import.meta.url));
      return id.endsWith(watched) ? id : undefined;
    },
    /** What a test file runs with `test.runbook` becomes something that it imports, so that watching sees it change. */
    transform(code, id) {
      if (!code.includes('.runbook') || !projectOf(id)) return undefined;
      const files = [...code.matchAll(runbookCall)].map((match) => resolve(dirname(id), match[2] ?? ''));
      for (const file of files) users.set(file, (users.get(file) ?? new Set()).add(id));
      // Below the last line, where no other line moves.
      const imports = files.map((file) => `\nimport ${JSON.stringify(file + watched)};`);
      return { code: code + imports.join(''), map: null };
    },
    /** Only test files: a document may also be imported by what is tested, by way of another plugin. */
    async load(id) {
      if (id.endsWith(watched)) return '';
      const project = document.test(id) ? projectOf(id) : undefined;
      if (!project) return undefined;
      const opened = { path: id, source: await readFile(id, 'utf8'), options };
      const { outline } = await import('../run/outline.ts');
      try {
        return testModule(opened, outline(opened.source, relative(project.config.root, id)));
      } catch (error) {
        if (!(error instanceof ParseError)) throw error;
        return refusedModule(opened, error.diagnostics);
      }
    },
  };
}

/** `include` with Markdown files in it. Vitest's own default counts only where nothing is given. */
function withDocuments(given: string[] | undefined, wanted: readonly string[] | undefined): string[] {
  const patterns = given ?? configDefaults.include;
  if (wanted) return [...patterns, ...wanted];
  return patterns.some((pattern) => document.test(pattern)) ? patterns : [...patterns, '**/*.md'];
}
