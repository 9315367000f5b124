import { writeFileSync } from 'node:fs';
import { LabError } from '../errors.ts';
import { findProgram } from './find-program.ts';

/** What READMEs put before `sudo`'s command, and no more: another option or user is refused, not guessed at. */
const script = `#!/bin/sh
# netlab: this machine has no sudo. In a lab every command is root's, so that it is only left out here.
while [ $# -gt 0 ]; do
  case $1 in
    -E | -H | -n | -S) shift ;;
    --) shift; break ;;
    -*) echo "sudo: netlab's stand-in does not know $1" >&2; exit 1 ;;
    *=*) export "$1"; shift ;;
    *) break ;;
  esac
done
if [ $# -eq 0 ]; then echo "sudo: netlab's stand-in needs a command" >&2; exit 1; fi
exec "$@"
`;

/** The environment of a node with a `sudo` in its PATH, where the machine has none: in `bin` of `folder` of the node. */
export function withSudo(env: Readonly<Record<string, string>>, folder: string): Readonly<Record<string, string>> {
  return findProgram('sudo') === undefined ? { ...env, PATH: `${env['PATH']}:${folder}/bin` } : env;
}

/** Puts it there, for an environment that has it. `seen`: that folder (made by node.sh) as the engine sees it. */
export function provideSudo(env: Readonly<Record<string, string>>, folder: string, seen: string): void {
  if (!env['PATH']?.split(':').includes(`${folder}/bin`)) return;
  try {
    writeFileSync(`${seen}/bin/sudo`, script, { mode: 0o755 });
  } catch (cause) {
    throw new LabError('the lab ended while it was starting', { cause });
  }
}
