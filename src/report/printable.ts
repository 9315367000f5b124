// Controls (C0, DEL, C1), line and paragraph separators, and what reverses the direction of the text around it.
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The text on one line, with nothing in it that a terminal would act upon: `\x1b` instead of the byte. */
export function printable(text: string): string {
  return text.replace(/\t/g, ' ').replace(unprintable, escapeCharacter);
}

/** What a line of output may take of a report for people: all of it is in the JSON report. */
const lineLimit = 400;

/** A line that is shown, not told: cut where it is so long that it would hide what comes after it. */
export function cutLine(line: string, ellipsis: string): string {
  if (line.length <= lineLimit) return line;
  return `${line.slice(0, lineLimit)}${ellipsis} ${line.length - lineLimit} more characters`;
}

/** The lines of a text, each printable; tabs become blanks up to the next multiple of eight. */
export function printableLines(text: string): string[] {
  const lines = text.replace(/\r\n/g, '\n').replace(/\n+$/, '').split('\n');
  return lines.map((line) => printable(expandTabs(line)));
}

function expandTabs(line: string): string {
  let column = 0;
  return line.replace(/\t|[^\t]+/g, (part) => {
    const shown = part === '\t' ? ' '.repeat(8 - (column % 8)) : part;
    column += shown.length;
    return shown;
  });
}

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0);
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  const hex = code.toString(16);
  return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`;
}
