/** What the commands use of this room. */
export { parseText } from './parse.ts';
