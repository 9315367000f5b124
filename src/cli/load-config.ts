import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { NetlabConfig } from '../config.ts';
import { UsageError } from '../errors.ts';
import { fileTrouble, refuseSpecialFile, statIfThere } from '../file-trouble.ts';
import { isModulePath } from './reporter-module.ts';

const names = ['netlab.config.ts', 'netlab.config.js', 'netlab.config.json'];

/**
 * The project's configuration, its paths as the working folder sees them: from `file` if that is named, else from the
 * nearest one upwards of the working folder; with `false` nothing is read. Rejects with a `UsageError` for what cannot be
 * read or is not of the form.
 */
export async function loadConfig(file: string | boolean | undefined): Promise<NetlabConfig> {
  const path = configPath(file);
  if (path === undefined) return {};
  const shown = relative('', path);
  const stat = statIfThere(path);
  if (!stat || stat.isDirectory()) {
    const hint = 'name the file of a configuration, or leave --config out: the nearest one is taken';
    throw new UsageError(`${shown || '--config'}: ${stat ? 'it is a folder' : 'there is no such file'}`, { hint });
  }
  refuseSpecialFile(path, shown);
  const { checkConfig } = await import('../config-schema.ts');
  return fromHere(checkConfig(await read(path, shown), shown), dirname(path));
}

/** The file of the configuration that counts, if there is one. */
export function configPath(file: string | boolean | undefined): string | undefined {
  if (file === false) return undefined;
  return typeof file === 'string' ? resolve(file) : findConfig(process.cwd());
}

function findConfig(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const found = names.map((name) => join(at, name)).find((path) => existsSync(path));
    if (found !== undefined || at === dirname(at)) return found;
  }
}

async function read(path: string, shown: string): Promise<unknown> {
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
    return path.endsWith('.json') ? JSON.parse(text) : (await import('./config-module.ts')).evaluate(text, path);
  } catch (cause) {
    const { reason, hint = 'docs/config.md has the form of a configuration' } = fileTrouble(cause);
    const [said, place] = placeInJson(reason, text);
    throw new UsageError(`${shown}${place}: cannot be read: ${said}`, { cause, hint });
  }
}

/** The message of `JSON.parse`, and its position as `:line:column`; some have none. */
function placeInJson(message: string, text: string): readonly [message: string, place: string] {
  const [, said, position] = /^(.*) at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(message) ?? [];
  if (said === undefined) return [message, ''];
  const before = text.slice(0, Number(position)).split('\n');
  return [said, `:${before.length}:${(before.at(-1) ?? '').length + 1}`];
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
