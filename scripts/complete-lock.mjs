// Adds to package-lock.json the platform packages that the registry in use could not tell about: run after `npm install`.
//
// Packages with native code name one optional package for each platform. A registry that serves only some of them leaves
// the others out of the lock file, and then `npm ci` refuses the lock file on every platform. Their versions are pinned
// by the packages that name them, and their platform is in their name: nothing here is a guess about what is installed.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

const path = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const lock = JSON.parse(readFileSync(path, 'utf8'));
const known = new Set(Object.keys(lock.packages));

for (const parent of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    if (!known.has(`node_modules/${name}`))
      lock.packages[`node_modules/${name}`] = platformPackage(name, version, parent);
  }
}

const added = Object.keys(lock.packages).filter((name) => !known.has(name));
const [root, ...others] = Object.entries(lock.packages);
others.sort(([one], [other]) => one.localeCompare(other, 'en'));
lock.packages = Object.fromEntries([root, ...others]);
if (added.length > 0) writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added.length} added\n`);

/**
 * @param {string} name
 * @param {string} version
 * @param {{ dev?: boolean }} parent
 */
function platformPackage(name, version, parent) {
  const words = name.split(/[/-]/);
  const os = systems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) => words.includes(processor));
  const exact = /^\d+\.\d+\.\d+$/.test(version);
  if (!exact || os.length !== 1 || cpu.length !== 1) throw new Error(`cannot tell the platform of ${name}@${version}`);
  const musl = words.some((word) => word.startsWith('musl'));
  const gnu = words.some((word) => word.startsWith('gnu'));
  return {
    version,
    cpu,
    ...(parent.dev ? { dev: true } : {}),
    ...(os[0] === 'linux' && (musl || gnu) ? { libc: [musl ? 'musl' : 'glibc'] } : {}),
    optional: true,
    os,
  };
}
