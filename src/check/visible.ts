import type { DiffLine } from './types.ts';

const widthless = /\p{Default_Ignorable_Code_Point}/gu;
const hidden = /\t|(?! )\p{Zs}|[\p{Zl}\p{Zp}]|\p{Default_Ignorable_Code_Point}/gu;

/**
 * Writes out invisible characters in lines that differ by nothing else, and characters without any width in every line
 * that differs: spaces as `·`, others by their escape.
 */
export function makeVisible(lines: readonly DiffLine[]): readonly DiffLine[] {
  const looks = new Map<string, Set<string>>();
  for (const { kind, text } of lines) {
    if (kind === 'same') continue;
    const look = appearance(text);
    looks.set(look, (looks.get(look) ?? new Set()).add(kind));
  }
  return lines.map((line) => {
    if (line.kind === 'same') return line;
    const alike = looks.get(appearance(line.text))?.size === 2;
    const text = line.text.replace(hidden, (character) =>
      alike || character !== '\t' ? escapeCharacter(character) : character,
    );
    return { ...line, text: alike ? text.replace(/ {2,}|^ /g, (blanks) => '·'.repeat(blanks.length)) : text };
  });
}

/** What a reader sees of a line. */
function appearance(text: string): string {
  return text.replace(widthless, '').replace(/\s+/g, ' ').trim();
}

function escapeCharacter(character: string): string {
  return character === '\t' ? '\\t' : `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}
