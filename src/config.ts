/** What a project's `netlab.config.{ts,js,json}` may say; an option of the command line wins over it. */
export interface NetlabConfig {
  /** For editors, in a JSON file: the place of its schema. */
  readonly $schema?: string | undefined;
  /** What to run when the command line names nothing: files, folders, patterns, relative to the config's folder. */
  readonly files?: readonly string[] | undefined;
  /** `NAME` or `NAME=FILE`, the file relative to the config's folder. */
  readonly reporters?: readonly string[] | undefined;
  /** How many runbooks run at the same time. */
  readonly jobs?: number | undefined;
  /** A regular expression: only runbooks whose path, title, description or steps it matches. */
  readonly grep?: string | undefined;
  /** Only runbooks with one of these tags, and without those that begin with `!`. */
  readonly tags?: readonly string[] | undefined;
  /** Pass if the choices of a run leave nothing to run. */
  readonly passWithNoRunbooks?: boolean | undefined;
  /** Go on after a step that did not pass. */
  readonly keepGoing?: boolean | undefined;
  /** Start no further runbook after this many that did not pass; 0: run all. */
  readonly bail?: number | undefined;
  /** How often a runbook that did not pass is run again, in a fresh lab. */
  readonly retry?: number | undefined;
  /** Skipped, unchecked and flaky things fail the run. */
  readonly strict?: boolean | undefined;
  /** Instead of what the documents say. */
  readonly network?: 'closed' | 'host' | undefined;
}

/** Gives an editor the types of a configuration; returns it as it is. */
export function defineConfig(config: NetlabConfig): NetlabConfig {
  return config;
}
