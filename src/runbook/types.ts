import type { Diagnostic } from '../errors.ts';

/** A place in the source: 1-based line and column, 0-based offset in UTF-16 units. */
export interface Point {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** From `start` up to, not including, `end`. */
export interface Span {
  readonly start: Point;
  readonly end: Point;
}

/** A Markdown document that can be run. */
export interface Runbook {
  /** As the caller named it; messages and reports repeat it. */
  readonly path: string;
  readonly source: string;
  readonly title: string;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  readonly lab: LabSpec;
  /** Capabilities without which the runbook is skipped. */
  readonly requires: readonly string[];
  /** Limit of a step that names none. */
  readonly timeoutMs: number;
  readonly env: Readonly<Record<string, string>>;
  /** Folders made on each node, in this order; steps start in the last. Without them, in the document's own. */
  readonly startsIn?: readonly string[];
  /** In document order. */
  readonly steps: readonly Step[];
  /** The runbook of which this one is another edition, in another language: a path relative to this one. */
  readonly translates?: string;
  /** The language in which it is written, as BCP 47 has it. */
  readonly lang?: string;
  /** Its tasks, when it is an exercise: then `steps` are only those that set up every task's lab and clear it away. */
  readonly exercise?: Exercise;
  /** Blocks of exercises in a document that has no task: kept, but not run as steps. */
  readonly training?: readonly TrainingBlock[];
  /** What the document says about rules of `netlab check`. */
  readonly lint?: readonly LintSetting[];
  /** What a verdict on it does not rest on: of a document that says nothing to netlab. */
  readonly note?: string;
  /** Findings that do not stop a run. */
  readonly warnings: readonly Diagnostic[];
}

/** What a document asks of a learner. */
export interface Exercise {
  /** Markdown between the title and the first task. */
  readonly intro: string;
  /** In document order; never empty. */
  readonly tasks: readonly Task[];
}

/** One thing to bring about in a lab, by whatever way. */
export interface Task {
  /** Unique within its document; the heading's anchor unless it is named. */
  readonly name: string;
  readonly title: string;
  /** Of its heading. */
  readonly span: Span;
  /** Everything from the heading up to the next task, as written. */
  readonly source: string;
  /** What is asked, in Markdown: the prose without hints, solution and criteria. */
  readonly brief: string;
  /** Names of earlier tasks in whose end state this one begins. */
  readonly requires: readonly string[];
  readonly hints: readonly Hint[];
  /** What prepares the lab, then what plants a fault in it. */
  readonly setup: readonly Step[];
  readonly break: readonly Step[];
  /** The reference solution; never empty. */
  readonly solution: readonly Step[];
  /** What is said beside it, in Markdown: why it is one. Empty if nothing is. */
  readonly why: string;
  /** All hold when it is solved; never empty. */
  readonly criteria: readonly Criterion[];
}

export interface Hint {
  /** Markdown. */
  readonly text: string;
  readonly span: Span;
}

/** One thing that must hold, and the step that finds out. */
export interface Criterion {
  /** In the reader's words; the check's own first line when the document has none. */
  readonly description: string;
  readonly step: Step;
}

/** How a finding of a rule is told: not at all, as a warning, or as an error. */
export type LintLevel = 'off' | 'warn' | 'error';

/** What a document says about a rule of `netlab check`. */
export interface LintSetting {
  readonly rule: string;
  readonly level: LintLevel;
  /** Where it is written. */
  readonly span: Span;
  /** The block that it is about; `undefined` is the whole document. */
  readonly block: Span | undefined;
}

/** A block of an exercise that is not a step. */
export interface TrainingBlock {
  /** Its attributes that say so (`solution`, `check`, `hint`, `break`, `exercise`), with their values, or empty texts. */
  readonly roles: Readonly<Record<string, string>>;
  readonly language: string;
  readonly text: string;
  readonly span: Span;
}

/** Which program reads a step: a POSIX shell or zx. */
export type StepLanguage = 'shell' | 'js' | 'ts';

/** When a step runs: before all others, in its turn, or after everything, whatever happened. */
export type Phase = 'setup' | 'main' | 'teardown';

/** How expected output is compared. */
export type MatchMode = 'exact' | 'contains' | 'unordered' | 'ignore';

/** What is compared: what a terminal would show, or one of the two alone. */
export type Stream = 'both' | 'stdout' | 'stderr';

/** When to press Ctrl-C, as a reader would. `pattern` is the source of a regular expression for one line. */
export type Interrupt = { readonly afterMs: number } | { readonly pattern: string };

/** One thing to run: a command of a transcript, a script, or a program. */
export interface Step {
  /** 0-based, in document order; also the step's identity within its runbook. */
  readonly index: number;
  /** `state` runs nothing: it is an expectation about the lab that follows no step. */
  readonly kind: 'command' | 'script' | 'program' | 'state';
  readonly language: StepLanguage;
  /** The `name` attribute, else the first line of the command. */
  readonly name: string;
  /** Where the command stands, without its prompt. */
  readonly span: Span;
  /** The text to run, continuation prompts removed. */
  readonly command: string;
  /** Transcript commands only: the prompt as printed, trailing blank included (`/ # `). */
  readonly prompt: string | undefined;
  /**
   * The prompt that the document shows after this command. Different from `prompt`: the command opened a nested shell, or
   * left one, or changed what its own shell's prompt says.
   */
  readonly nextPrompt: string | undefined;
  /** A session that is still in a nested shell must first leave it: this step's block starts at the outer prompt again. */
  readonly leavesNested: boolean;
  /** How many nested shells deep it is typed: 0 is the session's own shell. */
  readonly depth: number;
  /** How deep the document goes on: more when the command opens a shell, less when it leaves one. */
  readonly nextDepth: number;
  /** `undefined`: the lab's first node. */
  readonly node: string | undefined;
  readonly session: string;
  readonly phase: Phase;
  readonly expected: ExpectedOutput | undefined;
  readonly exit: number;
  readonly match: MatchMode;
  /**
   * Of a document that says nothing to netlab, in a block that shows no output: whatever is printed is right. Of a script,
   * every command must succeed, as a reader would expect who types them one by one.
   */
  readonly statusOnly?: true;
  readonly stream: Stream;
  /**
   * Status 80 says that the rest of the document is not for this machine, as in the tool that it was written for: of any
   * command, or of the shell when that has ended with it.
   */
  readonly skipsAt80?: 'command' | 'shell';
  /** What it prints is compared as it came, control sequences included: in a `.t` file, as in cram. */
  readonly asCame?: true;
  readonly timeoutMs: number;
  /** Re-run until the step passes, for at most this long. */
  readonly eventuallyMs: number | undefined;
  readonly interrupt: Interrupt | undefined;
  readonly background: { readonly ready: string | undefined } | undefined;
  /** A failure here does not skip the steps after it. */
  readonly continue: boolean;
  /** The reason given with `skip`; an empty string when none was. */
  readonly skip: string | undefined;
  /** Run only with this capability. */
  readonly if: string | undefined;
  readonly tty: boolean;
  readonly stdin: string | undefined;
  readonly cwd: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly expectations: readonly Expectation[];
  /** 0-based number of the block that the step comes from, among those with steps: a transcript has several steps. */
  readonly block?: number;
  /** The `name` attribute of that block. */
  readonly blockName?: string;
  /** Transcript commands only: the lines up to the next prompt, `[1]` included, trailing empty lines not. */
  readonly outputPlace?: OutputPlace;
}

/** Whole lines of the source, line endings included; an empty span is where lines would be inserted. */
export interface OutputPlace {
  readonly span: Span;
  /** What each line begins with before its text: the indentation of a list, the marks of a quote. */
  readonly prefix: string;
}

/** Expected output as the document has it: one entry a line, patterns not yet read. */
export interface ExpectedOutput {
  readonly lines: readonly string[];
  /** The lines' place in the source, whole lines with their endings; empty span where they would be inserted. */
  readonly span: Span;
  /** What each of the lines begins with in the source, before its text: the indentation of a list, the marks of a quote. */
  readonly prefix?: string;
}

/** One key of a `yaml expect` block: a parser, a property or a resource, and what it must hold. */
export interface Expectation {
  readonly key: string;
  readonly value: unknown;
  readonly span: Span;
  /** Resources only: the node that is asked; `undefined` is that of the step. */
  readonly node?: string;
  /** Resources only: asked for again until it holds, for at most this long. */
  readonly eventuallyMs?: number | undefined;
}

/** Where a runbook runs. Names follow containerlab's topology file. */
export interface LabSpec {
  /** `none` is the machine itself; everything else is a list of nodes. */
  readonly kind: 'none' | 'nodes';
  /** Never empty unless `kind` is `none`; the first that can run commands is the default node. */
  readonly nodes: readonly NodeSpec[];
  readonly links: readonly LinkSpec[];
  readonly network: 'closed' | 'host';
  readonly limits: Limits;
}

/** Every kind but `bridge` is a machine of its own; an `ovs-bridge` is one with a switch on it. */
export type NodeKind = 'host' | 'docker' | 'router' | 'bridge' | 'ovs-bridge' | 'dns';

export interface NodeSpec {
  readonly name: string;
  readonly kind: NodeKind;
  readonly images: readonly ImageSpec[];
  /** `dns` nodes: owner name to its records. */
  readonly records: Readonly<Record<string, DnsRecord>>;
  /** What the node's own resolv.conf says, as in containerlab; `undefined` leaves the machine's. */
  readonly dns: { readonly servers: readonly string[]; readonly search: readonly string[] } | undefined;
  /** As `ip route add` takes them: `default via 10.0.0.1`. */
  readonly routes: readonly string[];
  /** Routers: interfaces out of which addresses are masqueraded. */
  readonly nat: readonly string[];
  /** Open vSwitch runs there, with a userspace datapath at hand. */
  readonly openvswitch: boolean;
  readonly span: Span;
}

export interface ImageSpec {
  /** `name:tag`. */
  readonly name: string;
  /** A folder with a Dockerfile, relative to the runbook. */
  readonly build: string | undefined;
}

export interface DnsRecord {
  readonly A?: readonly string[];
  readonly AAAA?: readonly string[];
  readonly CNAME?: string;
}

export interface LinkSpec {
  readonly endpoints: readonly [Endpoint, Endpoint];
  /** Of both ends, in bytes. */
  readonly mtu: number | undefined;
  /** What the cable does to packets, in each direction, in tc-netem's units. */
  readonly impairment: Impairment | undefined;
  readonly span: Span;
}

export interface Endpoint {
  readonly node: string;
  /** `undefined` on a bridge: the engine names the port. */
  readonly interface: string | undefined;
  /** In CIDR notation. */
  readonly address: string | undefined;
  readonly mac: string | undefined;
}

/** As tc-netem(8) takes them: `5ms`, `1%`, `10mbit`. */
export interface Impairment {
  readonly delay?: string;
  readonly loss?: string;
  readonly rate?: string;
}

/** What a lab may use at most; `memory` and `disk` in bytes, `cpu` in cores. */
export interface Limits {
  readonly pids: number;
  readonly memory: number;
  readonly disk: number;
  readonly cpu: number | undefined;
}
