import type { Check } from '../check/types.ts';
import { printableLines } from '../report/printable.ts';
import type { Standing } from './watch.ts';
import type { Explanations } from './words.ts';

/** Why a criterion does not hold, in words: a few lines. */
export function explanationOf({ result }: Standing, words: Explanations): readonly string[] {
  if (!result) return [words.unknown];
  const said = `${result.stdout}${result.stderr}`.trim();
  const checks = result.checks.filter(({ ok, kind }) => !ok && (kind !== 'exit' || said === ''));
  const text = checks.length > 0 ? [...new Set(checks.map((check) => inWords(check, words)))].join('\n') : said;
  return printableLines(text || (result.reason ?? result.status)).slice(0, 4);
}

/** What checks of a lab's state say besides: `no interface eth0; there are lo`. */
const missing = /^no (interface|bridge|container|network namespace|route|file) (?:to )?(.+?)(?:; there are (.*))?$/;

/** A failed check as one would say it; what has no sentence of its own is told in the check's own words. */
function inWords(check: Check, words: Explanations): string {
  const { kind, path, expected, actual, message } = check;
  if (!path.startsWith(`${kind}.`)) return message;
  const cut = path.lastIndexOf('.');
  const [name, field] = [path.slice(kind.length + 1, cut), path.slice(cut + 1)];
  const note = /, got .*?; (.*?)(?: \(tried [^)]*\))?$/s.exec(message)?.[1] ?? '';
  const [, what, lacking, has = ''] = missing.exec(note) ?? [];
  if (what !== undefined && lacking !== undefined) {
    const sentence = words.missing[what === 'network namespace' ? 'netns' : what];
    if (sentence) return sentence(lacking, has === 'none' ? '' : has);
  }
  return sentenceOf({ kind, name, field, expected, actual, note }, words) ?? plainly(check, name, field);
}

interface Parts extends Pick<Check, 'kind' | 'expected' | 'actual'> {
  readonly name: string;
  readonly field: string;
  readonly note: string;
}

function sentenceOf({ kind, name, field, expected, actual, note }: Parts, words: Explanations): string | undefined {
  const has = Array.isArray(actual) ? actual.join(', ') : '';
  const wanted = typeof expected === 'string' ? expected : undefined;
  switch (`${kind} ${field}`) {
    case 'interface addrs':
      return wanted !== undefined && !/^!|^in /.test(wanted) ? words.noAddress(name, wanted, has) : undefined;
    case 'interface flags':
      return wanted === 'UP' ? words.down(name) : undefined;
    case 'interface operstate':
      return wanted === 'UP' && actual === 'DOWN' ? words.down(name) : undefined;
    case 'reach reachable':
    case 'addr reachable':
      return expected === false ? words.answers(name) : words.noAnswer(name, note);
    case 'http body':
    case 'http status':
      return actual === null ? words.noAnswer(name, note) : undefined;
    case 'container running':
      return expected === true ? words.notRunning(name, /^the container is (\S+)$/.exec(note)?.[1] ?? '') : undefined;
    case 'dns resolvable':
      return expected === true ? words.notResolvable(name, note) : undefined;
    case 'file contents': {
      if (wanted === undefined) return undefined;
      return wanted.startsWith('!') ? words.contains(name, wanted.slice(1)) : words.lacks(name, wanted);
    }
    default:
      return field === 'exists' && expected === false ? words.stillThere(name) : undefined;
  }
}

/** Without the kind of thing before it. */
function plainly({ path, message }: Check, name: string, field: string): string {
  return message.replace(`${path}: `, `${name} ${field}: `);
}
