import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { NetlabConfig } from '../config.ts';
import { UsageError } from '../errors.ts';
import { isModulePath } from './reporter-module.ts';

const names = ['netlab.config.ts', 'netlab.config.js', 'netlab.config.json'];

/**
 * The project's configuration, its paths as the working folder sees them: from `file` if that is named, else from the
 * nearest one upwards of the working folder; with `false` nothing is read. Rejects with a `UsageError` for what cannot be
 * read or is not of the form.
 */
export async function loadConfig(file: string | boolean | undefined): Promise<NetlabConfig> {
  if (file === false) return {};
  const path = typeof file === 'string' ? resolve(file) : findConfig(process.cwd());
  if (path === undefined) return {};
  const shown = relative('', path);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new UsageError(`${shown}: there is no such file`);
  const { checkConfig } = await import('../config.ts');
  return fromHere(checkConfig(await read(path, shown), shown), dirname(path));
}

function findConfig(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const found = names.map((name) => join(at, name)).find((path) => existsSync(path));
    if (found !== undefined || at === dirname(at)) return found;
  }
}

async function read(path: string, shown: string): Promise<unknown> {
  try {
    const text = readFileSync(path, 'utf8');
    return path.endsWith('.json') ? JSON.parse(text) : (await import('./config-module.ts')).evaluate(text, path);
  } catch (cause) {
    throw new UsageError(`${shown}: cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** Paths in a configuration are relative to its folder; everything after this takes them from the working folder. */
function fromHere(config: NetlabConfig, folder: string): NetlabConfig {
  const here = (path: string): string => {
    const negative = path.startsWith('!') ? '!' : '';
    return negative + (relative('', resolve(folder, path.slice(negative.length))) || '.');
  };
  const reporter = (text: string): string => {
    const [name = '', ...file] = text.split('=');
    const module = isModulePath(name) ? resolve(folder, name) : name;
    return file.length === 0 ? module : `${module}=${here(file.join('='))}`;
  };
  return {
    ...config,
    ...(config.files && { files: config.files.map(here) }),
    ...(config.reporters && { reporters: config.reporters.map(reporter) }),
  };
}
