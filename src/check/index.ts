/** What the commands use of this room. */
export { findParser, parseText } from './parse.ts';
