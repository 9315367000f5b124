import { readJson } from './json_text.ts';
import type { Parser } from './types.ts';

/** Any JSON document, as it is; JSON lines are a list. An empty text is no JSON. */
export const json: Parser = {
  kind: 'json',
  parse(text: string): unknown {
    return readJson('json', text);
  },
};
