/** What a shell's terminal prints, made fit for the upper part of a screen whose lower part is not the shell's. */
export interface OutputFilter {
  /** The part of the output that is complete; the rest is kept for the next call, so that text may be put in between. */
  push(bytes: Buffer): Buffer;
  /** Whether what went through may have wiped what is below the shell's rows; asking forgets it. */
  takeWiped(): boolean;
}

/** An escape sequence, a character in UTF-8, or a title, that the next bytes go on with. */
const INCOMPLETE =
  /(?:\x1b|\x1b\[[0-?]*[ -/]*|\x1b[ -/]+|\x1b[\]P_^X][^\x07\x1b]{0,4096}\x1b?|[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})$/;

/** Sequences that set the scroll region, erase or go below it, change the screen, or reset the terminal. */
const TOUCHING = /\x1bc|\x1b\[([?!]?)([\d;]*)([hlrJpHfd])/g;

/** A filter for a shell that has the first `rows()` rows. */
export function outputFilter(rows: () => number): OutputFilter {
  let kept = '';
  let wiped = false;
  const region = (): string => `\x1b[1;${rows()}r`;
  const rewrite = (sequence: string, mark: string | undefined, parameters: string, final: string): string => {
    if (sequence === '\x1bc') {
      wiped = true;
      return sequence + region();
    }
    // Some terminals have a scroll region for each of their two screens.
    const otherScreen = mark === '?' && /^(?:1049|1047|47)$/.test(parameters) && (final === 'h' || final === 'l');
    if (otherScreen || (final === 'p' && mark === '!')) {
      wiped = true;
      return `${sequence}\x1b7${region()}\x1b8`;
    }
    if (final === 'r' && mark === '') {
      const bottom = Number(parameters.split(';')[1] ?? '');
      return bottom > 0 && bottom <= rows() ? sequence : `\x1b[${parameters.split(';')[0] || 1};${rows()}r`;
    }
    // A terminal of that size stops at its last row, too: programs go beyond it to be sure to be there.
    if (mark === '' && 'Hfd'.includes(final)) {
      const [row = '', ...more] = parameters.split(';');
      return Number(row) > rows() ? `\x1b[${[rows(), ...more].join(';')}${final}` : sequence;
    }
    if (final === 'J' && mark === '' && parameters !== '1') wiped = true;
    return sequence;
  };
  return {
    push(bytes) {
      const text = kept + bytes.toString('latin1');
      kept = INCOMPLETE.exec(text)?.[0] ?? '';
      return Buffer.from(text.slice(0, text.length - kept.length).replace(TOUCHING, rewrite), 'latin1');
    },
    takeWiped() {
      const was = wiped;
      wiped = false;
      return was;
    },
  };
}
