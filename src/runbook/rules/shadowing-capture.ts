import { capturesOf } from './captures.ts';
import type { LintRule } from './types.ts';

/** Variables that shells and the loader act on. */
const SPECIAL = new Set([
  ...['PATH', 'HOME', 'IFS', 'PWD', 'OLDPWD', 'CDPATH', 'SHELL', 'ENV', 'BASH_ENV', 'LD_PRELOAD', 'LD_LIBRARY_PATH'],
  ...[
    'PS1',
    'PS2',
    'PS4',
    'PROMPT_COMMAND',
    'TERM',
    'TMPDIR',
    'LANG',
    'LC_ALL',
    'TZ',
    'USER',
    'HOSTNAME',
    'POSIXLY_CORRECT',
  ],
  ...[
    'UID',
    'EUID',
    'PPID',
    'BASHPID',
    'RANDOM',
    'SECONDS',
    'LINENO',
    'OPTIND',
    'OPTARG',
    'REPLY',
    'SHELLOPTS',
    'BASHOPTS',
  ],
  ...['IGNOREEOF', 'GLOBIGNORE', 'NODE_OPTIONS', 'DOCKER_HOST', '_'],
]);

export const shadowingCapture: LintRule = {
  name: 'shadowing-capture',
  summary: 'A capture with the name of a variable that shells and programs act on.',
  *find(subject) {
    for (const { name, at } of capturesOf(subject)) {
      if (!SPECIAL.has(name)) continue;
      const hint = `Later commands have it as $${name}: give it a name of its own, such as ${name.toLowerCase()}_seen.`;
      yield { at, message: `the capture "${name}" takes the place of the shell's own $${name}`, hint };
    }
  },
};
