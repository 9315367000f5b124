import * as z from 'zod';
import { configSchema } from './config-schema.ts';
import { courseSchema } from './learn/course.ts';
import { frontMatterSchema } from './runbook/front-matter.ts';

/** A JSON Schema, https://json-schema.org/draft/2020-12/schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const described: Readonly<Record<string, { readonly schema: z.ZodType; readonly title: string }>> = {
  'front-matter': { schema: frontMatterSchema, title: 'The front matter of a netlab runbook' },
  config: { schema: configSchema, title: 'The configuration of netlab: netlab.config.json' },
  course: { schema: courseSchema, title: 'A course of netlab exercises: course.yaml' },
};

/** The names of the schemas, each published as schema/NAME.json. */
export const schemaNames: readonly string[] = Object.keys(described);

/** What editors need to know of a file, made of what netlab itself checks it with. */
export function jsonSchema(name: string): JsonSchema {
  const found = described[name];
  if (found === undefined) throw new Error(`no schema ${name}`);
  const { $schema, ...rules } = z.toJSONSchema(found.schema, { io: 'input' });
  return { $schema, title: found.title, ...rules };
}
