import { isMapping, type Mapping } from '../comparison.ts';
import { isScalar } from '../scalars.ts';
import { findResource } from './index.ts';
import type { OptionKind } from './types.ts';

/** Something wrong with what a document asks of a resource. */
export interface Misspelling {
  /** Where: the keys that lead to it, below that of the resource. */
  readonly path: readonly string[];
  /** The end of a sentence that begins with what is at `path`. */
  readonly message: string;
  /** The words there are, when a wrong one was written. */
  readonly known?: readonly string[];
}

const wanted: Readonly<Record<OptionKind, string>> = {
  ms: 'milliseconds, or a duration such as 2s',
  text: 'a text',
  number: 'a whole number',
  flag: 'true or false',
  texts: 'a list of texts',
};

/** What is wrong with the value of a resource's key, before anything is run. */
export function misspellings(key: string, value: unknown): readonly Misspelling[] {
  const resource = findResource(key);
  if (!resource) return [];
  const [field] = resource.fields;
  if (!isMapping(value) || Object.keys(value).length === 0) {
    return [{ path: [], message: `takes a mapping of names to what is expected of each, { NAME: { ${field}: … } }` }];
  }
  const options = resource.options ?? {};
  const known = [...resource.fields, ...Object.keys(options)];
  return Object.entries(value).flatMap(([name, spec]): Misspelling[] => {
    const wrongName = name.includes('{{') ? undefined : resource.wrongName?.(name);
    if (wrongName !== undefined) return [{ path: [name], message: `is no ${key}: it takes ${wrongName}` }];
    if (!isMapping(spec)) return [{ path: [name], message: `takes a mapping, such as { ${field}: … }`, known }];
    const attributes = Object.entries(spec);
    if (!attributes.some(([attribute]) => resource.fields.includes(attribute))) {
      const unknown = attributes.find(([attribute]) => !known.includes(attribute));
      if (!unknown) return [{ path: [name], message: `expects nothing of ${name}`, known: resource.fields }];
    }
    return attributes.flatMap(([attribute, written]): Misspelling[] => {
      const path = [name, attribute];
      if (!known.includes(attribute)) return [{ path, message: `is nothing that can be asked of a ${key}`, known }];
      const kind = Object.hasOwn(options, attribute) ? options[attribute] : undefined;
      return kind === undefined || readOption(kind, written) !== undefined
        ? []
        : [{ path, message: `takes ${wanted[kind]}` }];
    });
  });
}

/** The options among what is said of one thing, durations in milliseconds. */
export function optionsOf(options: Readonly<Record<string, OptionKind>>, spec: Mapping): Mapping {
  const given = Object.entries(options).filter(([option]) => Object.hasOwn(spec, option));
  return Object.fromEntries(given.map(([option, kind]) => [option, readOption(kind, spec[option])]));
}

/** An option's value; `undefined` when it is none of its kind. */
function readOption(kind: OptionKind, value: unknown): unknown {
  switch (kind) {
    case 'ms':
      return milliseconds(value);
    case 'flag':
      return typeof value === 'boolean' ? value : undefined;
    case 'number':
      return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
    case 'texts':
      return Array.isArray(value) && value.every((item) => isScalar(item)) ? value.map(String) : undefined;
    case 'text':
      return isScalar(value) && value !== null && value !== '' ? String(value) : undefined;
  }
}

/** At most five minutes: a question holds up the step that it follows. */
function milliseconds(value: unknown): number | undefined {
  const [, digits = '', unit = 'ms'] = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(String(value)) ?? [];
  const ms = Number(digits) * (unit === 's' ? 1000 : 1);
  return digits !== '' && ms > 0 && ms <= 300_000 ? ms : undefined;
}
