import type { Mapping } from '../comparison.ts';
import type { ProbeAnswer, ProbeRequest } from '../types.ts';

/** What the value of an option is: milliseconds as in goss (or a duration, `2s`), a text, a whole number, yes or no, … */
export type OptionKind = 'ms' | 'text' | 'number' | 'flag' | 'texts';

/** One thing of a resource that a document speaks of: `port: { tcp:80: { listening: true } }` asks of `tcp:80`. */
export interface Asked {
  readonly name: string;
  /** What is expected of its fields. */
  readonly expected: Mapping;
  /** What the document says of the way to ask: durations in milliseconds; the rest as it is written. */
  readonly options: Mapping;
}

/** The state of that thing. A field without a value is null: it satisfies nothing but `null`. */
export interface State {
  readonly fields: Mapping;
  /** What a reader of a failure wants to know besides: `no interface eth1; there are lo, eth0`. */
  readonly note?: string | undefined;
}

/**
 * A kind of thing on a lab node whose state can be expected: one script asks for it, one function reads the answer. Names
 * of fields are goss's; where goss has none, those of iproute2's JSON, or of the parser of that command's output.
 */
export interface Resource {
  /** The key in `yaml expect` blocks. */
  readonly key: string;
  /** What it is, in a phrase. */
  readonly summary: string;
  /** Every field that `read` gives. */
  readonly fields: readonly string[];
  /** Those of them that are compared as `stdout` is: a list asks for what occurs within a line. */
  readonly texts?: readonly string[];
  /** What a document may say of the way to ask. */
  readonly options?: Readonly<Record<string, OptionKind>>;
  /** What a name must look like, as the end of "takes …", when this is none. */
  readonly wrongName?: (name: string) => string | undefined;
  /** The question; a script alone has five seconds. */
  request(asked: Asked): string | ProbeRequest;
  /**
   * Reads the answer, which has come in time. Throws a `CheckProblem` (or an `UnreadableError`) when it is none: a tool
   * that is missing, a right that is. What is not there is a state, and no error.
   */
  read(answer: ProbeAnswer, asked: Asked): State;
}
