import { stripVTControlCharacters } from 'node:util';

/** The bytes of a terminal's output that a person would read as its last line. */
export function lastLine(bytes: string): string {
  const afterMark = bytes.slice(Math.max(bytes.lastIndexOf('\x02') + 1, bytes.length - 2000));
  const text = Buffer.from(afterMark, 'latin1').toString('utf8');
  return (
    stripVTControlCharacters(text)
      .split(/[\r\n]/)
      .at(-1) ?? ''
  );
}

/** Whether a terminal's output ends with this prompt, waiting for somebody to type. */
export function awaits(bytes: string, prompt: string): boolean {
  return lastLine(bytes).trim() === prompt.trim();
}
