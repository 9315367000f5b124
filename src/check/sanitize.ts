const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

// Strings end at BEL or ST; one that never ends loses only its introducer, so that it cannot hide output.
const osc =
  '(?:\\u001b\\]|\\u009d)(?:[^\\u0007\\u0018\\u001a\\u001b\\u0080-\\u009f\\n]*(?:\\u0007|\\u001b\\\\|\\u009c))?';
const dcs =
  '(?:\\u001b[PX^_]|[\\u0090\\u0098\\u009e\\u009f])(?:[^\\u0018\\u001a\\u001b\\u0080-\\u009f]*(?:\\u001b\\\\|\\u009c))?';
const csi = '(?:\\u001b\\[|\\u009b)([0-?]*)[ -/]*([@-~]?)';
const twoByte = '\\u001b[ -/]*[0-~]?';
const sequence = new RegExp(`${osc}|${dcs}|${csi}|${twoByte}`, 'g');

// The sequences that change which characters of a line stay visible, kept for the replay as one private mark each.
const motions = 'CDGJK';
const motion = /\u001b\[(\d*)([CDGJK])/y;
const redrawn = /[\u0008\r\u001b]/;

/** Beyond what any terminal is wide: a motion cannot ask for more blanks than this. */
const maxColumn = 512;

/**
 * What a terminal would show of a text, as plain text: line ends are `\n`, a line redrawn after `\r` or backspaces is
 * as last drawn, control sequences and control characters are gone. Takes time linear in the text.
 */
export function sanitize(text: string): string {
  if (!control.test(text)) return text;
  return text
    .replace(/\r+(\n?)/g, (_, end: string) => end || '\r')
    .replace(sequence, keepMotion)
    .split('\n')
    .map((line) => (redrawn.test(line) ? replay(line) : line))
    .join('\n')
    .replace(controls, '');
}

function keepMotion(_match: string, parameters?: string, final?: string): string {
  if (!final || !motions.includes(final) || !/^\d*$/.test(parameters ?? '')) return '';
  return `\u001b[${parameters ?? ''}${final}`;
}

/** Draws one line cell by cell; a tab is one cell, since its width is not text. */
function replay(line: string): string {
  const cells: string[] = [];
  let column = 0;
  let at = 0;
  while (at < line.length) {
    const character = String.fromCodePoint(line.codePointAt(at) ?? 0);
    if (character === '\u001b') {
      motion.lastIndex = at;
      const [whole = character, count = '', final = ''] = motion.exec(line) ?? [];
      column = move(cells, column, count, final);
      at += whole.length;
      continue;
    }
    at += character.length;
    if (character === '\r') column = 0;
    else if (character === '\b') column = Math.max(0, column - 1);
    else if (!control.test(character)) {
      while (cells.length < column) cells.push(' ');
      cells[column] = character;
      column += 1;
    }
  }
  return cells.join('');
}

/** Applies one motion and returns the new column. */
function move(cells: string[], column: number, parameter: string, final: string): number {
  const count = Math.max(1, Math.min(Number(parameter || 1), maxColumn));
  switch (final) {
    case 'C':
      return Math.max(column, Math.min(column + count, maxColumn));
    case 'D':
      return Math.max(0, column - count);
    case 'G':
      return count - 1;
    case 'K':
      if (parameter === '2') {
        cells.length = 0;
        return Math.min(column, maxColumn);
      }
  }
  // J clears what is below as well, and there is nothing below; a clear towards the start is left alone.
  if ((final === 'K' || final === 'J') && (parameter === '' || Number(parameter) === 0)) {
    cells.length = Math.min(cells.length, column);
  }
  return column;
}
