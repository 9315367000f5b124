import { createInterface } from 'node:readline/promises';
import { type CapabilityStatus, probeAll } from '../lab/capabilities.ts';
import {
  hasDebianPackages,
  installCommand,
  installPackages,
  systemName,
  type WantedPackage,
  wantedPackages,
} from '../lab/packages.ts';
import type { CliCommand } from './command.ts';

export const command: CliCommand = {
  description: [
    'Installs the Debian packages that labs lack, after saying which and why. No service that comes with them is started.',
  ],
  define: (command) => {
    command.option('-y, --yes', 'do not ask').option('--dry-run', 'only say what would be installed');
  },
  run: (options: SetupOptions) => setupCommand(options),
  examples: [['netlab setup --dry-run', 'Which packages, and why.']],
  exitStatus: { 0: 'nothing is missing any more', 2: 'something is' },
  environment: { CI: '"true" stands for --yes where nobody is there to ask' },
  seeAlso: ['netlab doctor', 'docs/labs.md'],
};

export interface SetupOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** Where `netlab setup` asks and tells. `ask` is `undefined` where nobody can answer. */
export interface SetupIo {
  tell(line: string): void;
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What the command needs to know and do outside itself; a test brings its own. */
export interface SetupSystem {
  probe(): Promise<readonly CapabilityStatus[]>;
  install(packages: readonly WantedPackage[]): Promise<number>;
  readonly hasDebianPackages: boolean;
  readonly name: string;
  readonly isRoot: boolean;
}

/** `netlab setup`: lists the Debian packages that labs lack, with the reasons, and installs them. Returns the exit status. */
export async function setupCommand(
  options: SetupOptions,
  io: SetupIo = terminalIo(),
  system: SetupSystem = thisSystem(),
): Promise<number> {
  const seen = await system.probe();
  const wanted = wantedPackages(seen);
  if (wanted.length === 0) return nothingToDo(seen, io);
  if (!system.hasDebianPackages) return tellByHand(seen, wanted, io, system);

  tellPlan(wanted, io);
  if (options.dryRun === true) return 0;
  if (!system.isRoot) return tellRoot(wanted, io);
  if (!(await agreed(options, io))) return 2;
  const status = await system.install(wanted);
  if (status !== 0) {
    io.tell(`apt-get ended with status ${status}: see its messages above.`);
    return 2;
  }
  return verify(await system.probe(), io);
}

function nothingToDo(seen: readonly CapabilityStatus[], io: SetupIo): number {
  io.tell('Nothing to install: every package that labs need is here.');
  tellOthers(seen, io);
  return 0;
}

function tellPlan(wanted: readonly WantedPackage[], io: SetupIo): void {
  io.tell('Debian packages to install:');
  const room = Math.max(...wanted.map(({ name }) => name.length));
  for (const { name, reason } of wanted) io.tell(`  ${name.padEnd(room)}  ${reason}`);
  if (wanted.some(({ name }) => name === 'busybox-static')) {
    io.tell('busybox-static takes the place of the package busybox, where that is installed.');
  }
  io.tell('Only programs are needed: no service that comes with them is started, now or at the next boot.');
  io.tell(`The same by hand: ${installCommand(wanted)}`);
}

function tellRoot(wanted: readonly WantedPackage[], io: SetupIo): number {
  io.tell('This needs the rights of root. Run:');
  io.tell(`  sudo ${installCommand(wanted)}`);
  return 2;
}

function tellByHand(
  seen: readonly CapabilityStatus[],
  wanted: readonly WantedPackage[],
  io: SetupIo,
  system: SetupSystem,
): number {
  io.tell(`${system.name} has no Debian packages, so this is for you to install:`);
  for (const { packages, labs, name, detail, why } of seen) {
    if (packages.length > 0 && labs.length > 0) io.tell(`  ${name}: ${detail}; to ${why}`);
  }
  io.tell(`On Debian they are in: ${wanted.map(({ name }) => name).join(' ')}`);
  return 2;
}

async function agreed(options: SetupOptions, io: SetupIo): Promise<boolean> {
  if (options.yes === true) return true;
  if (io.ask !== undefined) return io.ask('Install them? [Y/n] ');
  if (io.env['CI'] === 'true') return true;
  io.tell('Nobody is there to ask: say `netlab setup --yes`.');
  return false;
}

function verify(seen: readonly CapabilityStatus[], io: SetupIo): number {
  const missing = seen.filter(({ found, labs, packages }) => !found && labs.length > 0 && packages.length > 0);
  for (const { name, detail } of missing) io.tell(`apt-get had no complaint, and still: ${name}: ${detail}`);
  if (missing.length > 0) return 2;
  io.tell('Installed: every package that labs need is here.');
  tellOthers(seen, io);
  return 0;
}

/** What no package brings: said here, because one expects to be done after a set-up. */
function tellOthers(seen: readonly CapabilityStatus[], io: SetupIo): void {
  const others = seen.filter(({ found, labs, packages }) => !found && labs.length > 0 && packages.length === 0);
  for (const { name, detail, remedy, labs } of others) {
    io.tell(`Still missing for ${labs.join(' and ')} labs: ${name} (${detail}): ${remedy}.`);
  }
}

/** The real machine. */
function thisSystem(): SetupSystem {
  return {
    probe: probeAll,
    install: installPackages,
    hasDebianPackages: hasDebianPackages(),
    name: systemName(),
    isRoot: process.getuid?.() === 0,
  };
}

/** The real terminal: everything to standard error, like the messages of apt. */
function terminalIo(): SetupIo {
  const interactive = process.stdin.isTTY && process.stderr.isTTY;
  return {
    tell: (line) => void process.stderr.write(`${line}\n`),
    ask: interactive ? askTerminal : undefined,
    env: process.env,
  };
}

async function askTerminal(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-D closes the terminal without an answer.
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('no')));
  const answer = await Promise.race([terminal.question(question), closed]);
  terminal.close();
  return /^(y|yes|)$/i.test(answer.trim());
}
