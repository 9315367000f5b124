import { expectationKeys } from '../check/keys.ts';
import { checkPattern } from '../check/pattern.ts';
import { resourceKeys } from '../check/resources/index.ts';
import { misspellings } from '../check/resources/validate.ts';
import { parse } from '../runbook/parse.ts';
import type { Runbook } from '../runbook/types.ts';

const vocabulary = { expectationKeys, stateKeys: resourceKeys, misspellings, checkPattern };

/** A document as a runbook, with all that netlab knows to check. Throws a `ParseError` for what is wrong in it. */
export function readDocument(source: string, path: string): Runbook {
  return parse(source, path, vocabulary);
}
