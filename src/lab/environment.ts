import { homedir, userInfo } from 'node:os';
import { isRoot } from './machine.ts';

const systemFolders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/**
 * The environment of a reader who has just opened a terminal. Little of the engine's own comes along: a DOCKER_HOST or a
 * NODE_OPTIONS would make the same document give another verdict.
 */
export function readerEnvironment(asRoot: boolean): Record<string, string> {
  const user = asRoot ? 'root' : known(() => userInfo().username, String(process.getuid?.()));
  const zone = process.env['TZ'];
  return {
    PATH: readerPath(process.env['PATH'] ?? ''),
    HOME: known(homedir, '/'),
    USER: user,
    LOGNAME: user,
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    TERM: 'xterm',
    ...(zone === undefined ? {} : { TZ: zone }),
  };
}

/** What the machine knows of a user: of one with a number alone, as containers are run (`docker run --user 1234`), nothing. */
function known(ask: () => string, otherwise: string): string {
  try {
    return ask();
  } catch {
    return otherwise;
  }
}

/** npm's own folders out; the administrator's in, where an ordinary user has no `ip` otherwise. */
function readerPath(path: string): string {
  const folders = path.split(':').filter((folder) => folder.startsWith('/') && !folder.includes('node_modules/'));
  return [...new Set([...folders, ...systemFolders])].join(':');
}

/** What the lab's own programs need of this process's environment. */
export function engineEnvironment(): Record<string, string> {
  const { PATH, HOME } = readerEnvironment(isRoot());
  return { PATH: PATH ?? '', HOME: HOME ?? '/', LC_ALL: 'C' };
}
