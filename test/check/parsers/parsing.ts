import { loadParser } from '../../../src/check/parsers/index.ts';
import { UnreadableError } from '../../../src/errors.ts';

export type Item = Record<string, unknown>;

/** What the parser of a kind reads in a text. */
export async function parse(kind: string, text: string): Promise<unknown> {
  const parser = await loadParser(kind);
  return parser?.parse(text);
}

/** The last item of what is read. */
export async function last(kind: string, text: string): Promise<Item> {
  const items = await parse(kind, text);
  return (Array.isArray(items) ? items.at(-1) : items) as Item;
}

/** The line at which reading stops; 0 when it does not. */
export async function stops(kind: string, text: string): Promise<number> {
  try {
    await parse(kind, text);
    return 0;
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return error.line;
  }
}
