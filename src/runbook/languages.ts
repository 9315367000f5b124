import type { TextLine } from './document.ts';
import type { StepLanguage } from './types.ts';

/** Languages of fences that show a terminal. */
const TRANSCRIPT_LANGUAGES: readonly string[] = [
  'console',
  'shell-session',
  'shellsession',
  'sh-session',
  'terminal',
  'scrut',
  'trycmd',
];

/** Languages of fences that are run as a whole, and what reads them. */
const SCRIPT_LANGUAGES: ReadonlyMap<string, StepLanguage> = new Map([
  ['sh', 'shell'],
  ['bash', 'shell'],
  ['shell', 'shell'],
  ['js', 'js'],
  ['ts', 'ts'],
]);

/** How a block is run: a transcript command by command, the others as a whole. */
export type RunLanguage = StepLanguage | 'transcript';

/** How blocks of a language are run; `undefined` for those that are left alone. */
export function runLanguage(language: string): RunLanguage | undefined {
  return TRANSCRIPT_LANGUAGES.includes(language) ? 'transcript' : SCRIPT_LANGUAGES.get(language);
}

/** Whether what is fenced as a script shows a terminal: its first line that is no comment begins with `$ `. */
export function isTyped(lines: readonly TextLine[]): boolean {
  return /^\$ +\S/.test(lines.find(({ text }) => text.trim() !== '' && !text.startsWith('#'))?.text ?? '');
}

/** Whether a fence has a word that makes a block of any language one of ours; the words in other tools' fences are theirs. */
export function saysOutputOrExpect(language: string, info: string): boolean {
  const words = info.replace(/"[^"]*"|'[^']*'/g, '').split(/[\s{},]+/);
  return words.includes('output') || (words.includes('expect') && ['yaml', 'yml', 'expect'].includes(language));
}
