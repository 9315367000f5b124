import type { ReportTarget } from './types.ts';

/** What of a stream matters here: `process.stdout` is one. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** A stream as a reporter sees it, after the conventions that terminals and people follow (NO_COLOR, TERM, the locale). */
export function streamTarget(
  stream: OutputStream,
  env: Readonly<Record<string, string | undefined>>,
  timings = false,
): ReportTarget {
  const isTerminal = stream.isTTY === true && env['TERM'] !== 'dumb';
  return {
    write: (text) => void stream.write(text),
    isTerminal,
    colour: wantsColour(isTerminal, env),
    unicode: showsUnicode(env),
    timings,
    get columns() {
      return stream.columns !== undefined && stream.columns > 0 ? stream.columns : 80;
    },
  };
}

/** https://no-color.org and https://force-color.org: set and not empty. */
function wantsColour(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return isTerminal;
}

/** No locale at all says nothing about the terminal: containers have none, and are shown in one that can. */
function showsUnicode(env: Readonly<Record<string, string | undefined>>): boolean {
  if (env['TERM'] === 'linux') return false;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  return locale === undefined || locale === '' || /utf-?8/i.test(locale);
}
