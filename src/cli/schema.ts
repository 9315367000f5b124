import { Argument } from 'commander';
import { jsonSchema, schemaNames } from '../schemas.ts';
import type { CliCommand } from './command.ts';

export const command: CliCommand = {
  description: [
    'Prints the JSON Schema of a file, for editors and validators. It is made of what netlab itself checks that file with, and is also in the package, as netlab/schema/NAME.json.',
    'netlab check says more of a document than a schema can.',
  ],
  define: (command) => {
    command.addArgument(new Argument('<name>', 'of which file').choices(schemaNames));
  },
  run: schemaCommand,
  examples: [['netlab schema front-matter > front-matter.json', 'For the YAML at the top of runbooks.']],
  exitStatus: { 0: 'printed', 2: 'there is no such schema' },
  files: {
    'schema/front-matter.json': 'of the YAML at the top of a runbook',
    'schema/config.json': 'of netlab.config.json',
    'schema/course.json': 'of the course.yaml of a folder of exercises',
  },
  seeAlso: ['netlab check', 'docs/config.md', 'docs/format.md'],
};

/** `netlab schema`. */
async function schemaCommand(name: string): Promise<number> {
  process.stdout.write(`${JSON.stringify(jsonSchema(name), null, 2)}\n`);
  return 0;
}
