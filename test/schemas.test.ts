import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkConfig } from '../src/config-schema.ts';
import { readDocument } from '../src/run/read-document.ts';
import { frontMatterSchema } from '../src/runbook/front-matter.ts';
import { jsonSchema, schemaNames } from '../src/schemas.ts';

/** `RECORD=1` writes the files that are published. */
const record = process.env['RECORD'] === '1';

function validator(name: string): ValidateFunction {
  return new Ajv2020({ allErrors: true, strict: true }).compile(jsonSchema(name));
}

function markdownBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}

it.each(schemaNames)('schema/%s.json is what netlab checks with', (name) => {
  const file = `schema/${name}.json`;
  const text = `${JSON.stringify(jsonSchema(name), null, 2)}\n`;
  if (record) writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

describe('the schema of front matter, asked of a validator of its own', () => {
  const valid = validator('front-matter');

  it('accepts what every runbook of this project says', () => {
    const said = ['runbooks', 'docs', 'exercises']
      .flatMap(markdownBelow)
      .flatMap((path) => /^---\n(.*?)\n---\n/s.exec(readFileSync(path, 'utf8'))?.[1] ?? [])
      .map((text) => parse(text) as unknown);
    expect(said.length).toBeGreaterThan(20);
    for (const each of said) expect([each, valid(each), valid.errors]).toEqual([each, true, null]);
  });

  it.each([
    'title: [a, list]',
    'tags: docker',
    'lab: doker',
    'lab: { nodes: { left: { kind: hots } } }',
    'lab: { nodes: { left: { imagse: [] } } }',
    'lab: { links: [{ endpoints: [left] }] }',
    'lab: { links: [{ endpoints: ["a:b", "c:d"], macs: ["02:42"] }] }',
    'lab: { limits: { memory: much } }',
    'lab: { network: open }',
    'timeout: 30',
    'timeout: 30 seconds',
    'env: { 2X: y }',
    'lint: { unchecked-step: loud }',
    'exercise: perhaps',
    'titel: a slip',
    '{ layout: post, lab: sandbox }',
    '{ layout: post, Timeout: 5s }',
    '{ layout: post, tmieout: 5s }',
  ])('refuses, as netlab does: %s', (text) => {
    expect(frontMatterSchema.safeParse(parse(text)).success).toBe(false);
    expect(valid(parse(text))).toBe(false);
  });

  it.each([
    'lab: { links: [{ endpoints: ["a:b", "c:d"], macs: ["02:42:AC:11:00:02"] }] }',
    'lab: { limits: { memory: 512MiB, cpu: 0.5, pids: 100 } }',
    'lab: { nodes: { left: null } }',
    'timeout: 1m30s',
  ])('accepts, as netlab does: %s', (text) => {
    expect(frontMatterSchema.safeParse(parse(text)).success).toBe(true);
    expect([valid(parse(text)), valid.errors]).toEqual([true, null]);
  });
});

describe('the schema of front matter that is of another tool', () => {
  const valid = validator('front-matter');

  it.each([
    ['{ layout: post, title: x }', true],
    ['{ layout: post, title: [x], tags: a, description: { a: b } }', true],
    ['{ title: x }', true],
    ['{ title: [x] }', false],
    ['{ layout: post, titel: x }', false],
    ['{ layout: post, tag: [a] }', false],
    ['{ layout: post, xlab: none }', false],
    ['{ layout: post, env: {} , date: 2020-01-01 }', false],
  ])('takes what netlab takes: %s', (text, accepted) => {
    const runbook = () => readDocument(`---\n${text}\n---\n\n# T\n`, 'x.md');
    if (accepted) expect(runbook).not.toThrow();
    else expect(runbook).toThrow();
    expect(valid(parse(text))).toBe(accepted);
  });
});

describe('the schema of configurations', () => {
  const valid = validator('config');

  it.each([
    { $schema: './node_modules/netlab/schema/config.json', files: ['docs'], jobs: 2 },
    { reporters: ['pretty', 'junit=report.xml'], retry: 1, strict: true, network: 'closed' },
    {},
  ])('accepts, as netlab does: %j', (config) => {
    expect(checkConfig(config, 'netlab.config.json')).toEqual(config);
    expect([valid(config), valid.errors]).toEqual([true, null]);
  });

  it.each([
    { retires: 2 },
    { jobs: 0 },
    { jobs: 1.5 },
    { reporters: [] },
    { files: 'docs' },
    { network: 'open' },
    { allowHost: true },
    [],
  ])('refuses, as netlab does: %j', (config) => {
    expect(() => checkConfig(config, 'netlab.config.json')).toThrow();
    expect(valid(config)).toBe(false);
  });
});

it('the schema of courses accepts the course of this project, and no slip', () => {
  const valid = validator('course');
  expect([valid(parse(readFileSync('exercises/course.yaml', 'utf8'))), valid.errors]).toEqual([true, null]);
  expect(valid({ title: 'x' })).toBe(false);
  expect(valid({ title: 'x', order: ['a.md'], oder: [] })).toBe(false);
});
