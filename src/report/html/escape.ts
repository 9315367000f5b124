import { printableLines } from '../printable.ts';

/** Text as HTML shows it, in an element or in a quoted attribute: no character of it is read as markup, none is invisible. */
export function escapeHtml(text: string): string {
  return printableLines(text)
    .join('\n')
    .replace(/[\p{Surrogate}\p{Noncharacter_Code_Point}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
