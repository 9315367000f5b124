import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { CapabilityStatus } from './capabilities.ts';
import { findProgram } from './find-program.ts';

/** A Debian package that is missing, and what for. */
export interface WantedPackage {
  readonly name: string;
  /** What it has, and what a lab does with that. */
  readonly reason: string;
}

/** The packages that would bring what labs lack, in the order of the capabilities. */
export function wantedPackages(seen: readonly CapabilityStatus[]): WantedPackage[] {
  const wanted = new Map<string, string>();
  for (const { packages, what, why } of seen.filter(({ found, labs }) => !found && labs.length > 0)) {
    for (const name of packages) if (!wanted.has(name)) wanted.set(name, `${what}: to ${why}`);
  }
  return [...wanted].map(([name, reason]) => ({ name, reason }));
}

/** True on Debian and what is made of it, Ubuntu for one. */
export function hasDebianPackages(): boolean {
  return findProgram('apt-get') !== undefined && /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(osRelease());
}

/** The name of this system, for people. */
export function systemName(): string {
  return /^PRETTY_NAME="?([^"\n]*)/m.exec(osRelease())?.[1] ?? 'this system';
}

function osRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}

/** What to type to install them by hand. */
export function installCommand(packages: readonly WantedPackage[]): string {
  return `apt-get install -y --no-install-recommends ${packages.map(({ name }) => name).join(' ')}`;
}

/**
 * Installs them as root, without starting any service, apt's own output going to standard error. Returns the exit status.
 * The script is not ended with this process: a package half configured is worse than one too many.
 */
export async function installPackages(packages: readonly WantedPackage[]): Promise<number> {
  const script = fileURLToPath(new URL('./install-packages.sh', import.meta.url));
  const result = await execa('sh', [script, ...packages.map(({ name }) => name)], {
    reject: false,
    cleanup: false,
    stdin: 'ignore',
    stdout: 2,
    stderr: 2,
  });
  return result.exitCode ?? 1;
}
