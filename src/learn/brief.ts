import { textWidth } from '../report/width.ts';

/** How Markdown's few marks look in a terminal. */
export interface BriefStyle {
  readonly columns: number;
  readonly bold: (text: string) => string;
  readonly code: (text: string) => string;
}

/** Markdown as text for a terminal: paragraphs wrapped, code indented, links reduced to their words. */
export function briefText(markdown: string, style: BriefStyle): string {
  const out: string[] = [];
  let paragraph: string[] = [];
  let fence: string | undefined;
  const flush = (): void => {
    if (paragraph.length > 0) out.push(...wrap(joined(paragraph), style));
    paragraph = [];
  };
  for (const line of markdown.split(/\r?\n/)) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) fence = undefined;
      else out.push(`    ${line}`);
    } else if (mark !== undefined) {
      flush();
      fence = mark;
    } else if (line.trim() === '') {
      flush();
      if (out.at(-1) !== '') out.push('');
    } else if (/^#{1,6}\s/.test(line)) {
      flush();
      out.push(style.bold(line.replace(/^#+\s+/, '')));
    } else if (/^\s*\|/.test(line)) {
      flush();
      out.push(line.trim());
    } else {
      if (/^\s*(?:[-*+]|\d+[.)])\s/.test(line)) flush();
      paragraph.push(line);
    }
  }
  flush();
  return out.join('\n').trim();
}

/** The lines of a paragraph as one; between two characters of Chinese a line break is no blank. */
function joined(lines: readonly string[]): string {
  const text = lines.map((line, index) => (index === 0 ? line.trimEnd() : line.trim())).join('\n');
  return text.replace(/([\u3000-\u9fff\uff00-\uffef])\n(?=[\u3000-\u9fff\uff00-\uffef])/g, '$1').replace(/\n/g, ' ');
}

/** Breaks between words, and between any two characters where a word is wider than the line (Chinese has no blanks). */
function wrap(text: string, { columns, bold, code }: BriefStyle): string[] {
  const indent = /^\s*(?:[-*+]|\d+[.)])\s+/.exec(text)?.[0] ?? '';
  const plain = text.replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1').replace(/\*\*([^*]+)\*\*/g, '\u0001$1\u0002');
  const marked = plain
    .replace(/(^|[\s(])[*_]([^*_]+)[*_](?=[\s.,;:)]|$)/g, '$1$2')
    .replace(/`([^`]+)`/g, (_, inner: string) => `\u0003${inner.replaceAll(' ', '\u00a0')}\u0002`);
  const lines: string[] = [];
  let line = '';
  // A unit is a word with the blanks before it, or one wide character; no line begins with what closes.
  for (const unit of marked.match(
    /[ \t]+|[\u2e80-\uffef][、。，；：！？）》」”’]*|[^ \t\u2e80-\uffef]+[、。，；：！？）》」]*/gu,
  ) ?? []) {
    if (textWidth(bare(line + unit.trimEnd())) > columns && bare(line).trim() !== '') {
      lines.push(line.trimEnd());
      line = ' '.repeat(indent.length) + unit.trimStart();
    } else line += unit;
  }
  lines.push(line.trimEnd());
  let open = '';
  return lines.map((each) => {
    // A style that goes on in the next line is closed at the end of this one, and opened there again.
    const whole = open + each;
    const starts = [...whole.matchAll(/[\u0001\u0002\u0003]/g)].at(-1)?.[0];
    open = starts === '\u0001' || starts === '\u0003' ? starts : '';
    return (open ? `${whole}\u0002` : whole)
      .replaceAll('\u00a0', ' ')
      .replace(/\u0001([^\u0002]*)\u0002/g, (_, inner: string) => bold(inner))
      .replace(/\u0003([^\u0002]*)\u0002/g, (_, inner: string) => code(inner));
  });
}

function bare(text: string): string {
  return text.replace(/[\u0001\u0002\u0003]/g, '');
}
