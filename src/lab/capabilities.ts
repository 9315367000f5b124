import { UsageError } from '../errors.ts';
import { type Capability, capabilities, type LabKind } from './capability-list.ts';
import { findProgram } from './find-program.ts';
import type { Probe } from './probes.ts';

/** What was seen of a capability. JSON-safe. */
export interface CapabilityStatus {
  readonly name: string;
  readonly what: string;
  readonly why: string;
  readonly labs: readonly LabKind[];
  readonly found: boolean;
  /** What was found, or what is missing. */
  readonly detail: string;
  /** Debian packages that would bring it; empty when it is there, or no package can. */
  readonly packages: readonly string[];
  /** How to get it; `null` when it is there. */
  readonly remedy: string | null;
}

/** What `requires` and `if` may name. */
export const capabilityNames: readonly string[] = capabilities.map(({ name }) => name);

/** What there is of one capability; throws a `UsageError` that lists the names when there is none of that name. */
export async function probeCapability(name: string): Promise<CapabilityStatus> {
  const capability = capabilities.find((candidate) => candidate.name === name);
  if (capability === undefined) {
    throw new UsageError(`there is no capability ${JSON.stringify(name)}`, {
      hint: `The capabilities are ${capabilities.map((known) => known.name).join(', ')}.`,
    });
  }
  return status(capability, await look(capability, true));
}

/** What there is of every capability, in their order. */
export function probeAll(): Promise<CapabilityStatus[]> {
  return Promise.all(capabilities.map(async (capability) => status(capability, await look(capability, true))));
}

/** What a lab of that kind cannot start without and lacks, as far as files tell: quick enough for every run. */
export async function missingFor(lab: LabKind): Promise<CapabilityStatus[]> {
  const needed = capabilities.filter(({ labs, forSteps }) => labs.includes(lab) && forSteps !== true);
  // Many need the same programs, and each is looked for in every folder of PATH.
  const paths = new Map<string, string | undefined>();
  const find = (program: string): string | undefined => {
    if (!paths.has(program)) paths.set(program, findProgram(program));
    return paths.get(program);
  };
  const seen = await Promise.all(
    needed.map(async (capability) => status(capability, await look(capability, false, find))),
  );
  return seen.filter(({ found }) => !found).filter(bringsSomethingNew);
}

/** False for what would come with the packages of those before it: `ip` is missed once, not for each kind of link. */
function bringsSomethingNew({ packages }: CapabilityStatus, index: number, all: readonly CapabilityStatus[]): boolean {
  const before = all.slice(0, index).flatMap((earlier) => earlier.packages);
  return packages.length === 0 || packages.some((name) => !before.includes(name));
}

async function look(
  { programs, probe, slow }: Capability,
  patient: boolean,
  find: (program: string) => string | undefined = findProgram,
): Promise<Probe> {
  const seen = Object.keys(programs).map((program) => ({ program, path: find(program) }));
  const missing = seen.filter(({ path }) => path === undefined).map(({ program }) => program);
  if (missing.length > 0) {
    const reason = `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not installed`;
    return { found: false, reason, packages: [...new Set(missing.map((program) => programs[program] ?? program))] };
  }
  if (probe !== undefined && (patient || slow !== true)) return probe();
  return { found: true, detail: seen.map(({ path }) => path).join(' ') };
}

function status(capability: Capability, probe: Probe): CapabilityStatus {
  const { name, what, why, labs } = capability;
  if (probe.found) return { name, what, why, labs, found: true, detail: probe.detail, packages: [], remedy: null };
  const packages = probe.packages ?? [];
  const remedy = probe.remedy ?? (labs.length > 0 ? 'netlab setup' : `apt-get install ${packages.join(' ')}`);
  return { name, what, why, labs, found: false, detail: probe.reason, packages, remedy };
}
