/** What the commands use of this room. */
export { matchesAnything } from './anything.ts';
export { findParser, parseText } from './parse.ts';
export { parserKinds } from './parsers/index.ts';
