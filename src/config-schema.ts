import * as z from 'zod';
import type { NetlabConfig } from './config.ts';
import { UsageError } from './errors.ts';
import { suggestion } from './runbook/did-you-mean.ts';

/** The form of the configuration. Running on the machine itself (`--allow-host`) is for the command line alone. */
export const configSchema: z.ZodType<NetlabConfig> & { readonly shape: object } = z.strictObject({
  $schema: z.string().optional().describe('For editors: the place of this schema.'),
  files: z.array(z.string().min(1)).optional().describe('What to run when the command line names nothing.'),
  reporters: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('How to report: NAME or NAME=FILE; default: pretty.'),
  jobs: z.int().min(1).max(999).optional().describe('Runbooks at a time; default: the number of processors.'),
  grep: z.string().min(1).optional().describe('Only runbooks whose path, title, description or steps match this.'),
  tags: z.array(z.string().min(1)).optional().describe('Only runbooks with one of these tags; !tag leaves out.'),
  passWithNoRunbooks: z.boolean().optional().describe('Pass if the choices of a run leave nothing to run.'),
  keepGoing: z.boolean().optional().describe('Go on after a step that did not pass.'),
  bail: z.int().min(0).max(9999).optional().describe('Start no further runbook after this many that did not pass.'),
  retry: z.int().min(0).max(99).optional().describe('Run a runbook that did not pass again, up to this often.'),
  strict: z.boolean().optional().describe('Skipped, unchecked and flaky things fail the run.'),
  network: z
    .enum(['closed', 'host'])
    .optional()
    .describe("Instead of what the documents say of the machine's network."),
});

const yesOrNo = 'true or false';

/** What each key takes, in words: the schema's own are for programmers. */
const takes: Readonly<Record<keyof NetlabConfig, string>> = {
  $schema: 'a text',
  files: 'a list of paths, none of them empty',
  reporters: 'a list of NAME or NAME=FILE, at least one',
  jobs: 'a whole number from 1 to 999',
  grep: 'a regular expression in quotes',
  tags: 'a list of tags, none of them empty',
  passWithNoRunbooks: yesOrNo,
  keepGoing: yesOrNo,
  bail: 'a whole number from 0 to 9999',
  retry: 'a whole number from 0 to 99',
  strict: yesOrNo,
  network: '"closed" or "host"',
};

/** A value as a configuration, or a `UsageError` that names `file` and the first thing that is wrong. */
export function checkConfig(value: unknown, file: string): NetlabConfig {
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    throw new UsageError(`${file}: unknown key "${key}"`, { hint: suggestion(key, Object.keys(configSchema.shape)) });
  }
  const [key, index] = issue?.path ?? [];
  const place = index === undefined ? '' : `${String(key)}[${String(index)}]: `;
  const wrong =
    key === undefined
      ? 'it has no keys with values'
      : `${place}${String(key)} takes ${takes[key as keyof NetlabConfig]}`;
  throw new UsageError(`${file}: ${wrong}`, { hint: 'docs/config.md has the keys and their values' });
}
