import * as z from 'zod';
import { configSchema } from './config-schema.ts';
import { courseSchema } from './learn/course.ts';
import { slipPattern } from './runbook/did-you-mean.ts';
import { frontMatterSchema, SHARED_KEYS } from './runbook/front-matter.ts';

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
  const { $schema, ...rules } = withoutTypeLists(z.toJSONSchema(found.schema, { io: 'input' }));
  const said = name === 'front-matter' ? unlessForeign(rules) : rules;
  return { $schema, title: found.title, ...said };
}

/** The same with a choice of schemas for each list of types: strict validators refuse such a list. */
function withoutTypeLists(schema: unknown): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (_, value) => {
    if (!Array.isArray(value?.type)) return value;
    const { type, ...rest } = value;
    return { ...rest, anyOf: type.map((each: string) => ({ type: each })) };
  });
}

/** What another tool's front matter says is not netlab's: see `isForeign`, which knows slips of several letters, too. */
function unlessForeign(rules: JsonSchema): JsonSchema {
  const own = { type: 'string', pattern: slipPattern(Object.keys(Object(rules['properties']))) };
  const foreign = {
    type: 'object',
    propertyNames: { anyOf: [{ enum: SHARED_KEYS }, { not: own }] },
    not: { type: 'object', propertyNames: { enum: SHARED_KEYS } },
  };
  return { if: foreign, else: rules };
}
