import { UsageError } from '../errors.ts';
import { loadParser, parserKinds } from './parsers/index.ts';
import type { Parser } from './parsers/types.ts';
import { sanitize } from './sanitize.ts';
import { nearest } from './show.ts';

/** The parser of that kind. Rejects with a `UsageError` that names those there are. */
export async function findParser(kind: string): Promise<Parser> {
  const parser = await loadParser(kind);
  if (parser) return parser;
  const near = nearest(kind, parserKinds);
  const hint = `${near ? `did you mean ${near}? ` : ''}There are ${parserKinds.join(', ')}.`;
  throw new UsageError(`there is no parser ${JSON.stringify(kind)}`, { hint });
}

/** The structure in a text, as an expectation of that kind sees it. Rejects with an `UnreadableError` when it is none. */
export async function parseText(kind: string, text: string): Promise<unknown> {
  const parser = await findParser(kind);
  return parser.parse(sanitize(text));
}
