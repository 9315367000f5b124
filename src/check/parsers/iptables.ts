import { type Line, partsOf, readLines, stop, toCount } from './reading.ts';
import type { Parser } from './types.ts';

interface Chain {
  readonly chain: string;
  /** `null` for a chain that users made: packets return from it. */
  readonly default_policy: string | null;
  readonly default_packets: number | null;
  readonly default_bytes: number | null;
  readonly rules: Rule[];
}

type Rule = Record<string, string | number | null>;

const chainLine =
  /^Chain (\S+) \((?:policy (\S+)(?: (\S+) packets, (\S+) bytes)?|\S+ references|ERROR obtaining refs)\)/;
const headings = /^(?:num\s+)?(?:pkts\s+bytes\s+)?target\s+prot(?:\s+opt)?(?:\s+in\s+out)?\s+source\s+destination$/;
const option = /^[-!][-f]$/;

/**
 * `iptables -L` and `ip6tables -L` of any table, with `-v`, `-n`, `-x` and `--line-numbers`. The columns that the options
 * ask for are there; `options` is what follows the destination. `-S` and rules without their chain are unreadable.
 */
export const iptables: Parser = {
  kind: 'iptables',
  parse(text: string): readonly Chain[] {
    const chains: Chain[] = [];
    const printed = text.split('\n');
    let columns: readonly string[] | undefined;
    let previous: Line | undefined;
    for (const line of readLines('iptables', text)) {
      if (/^# Warning: /.test(line.text)) continue;
      const chain = readChain(line.text);
      const current = chains.at(-1);
      if (chain) {
        if (previous && columns === undefined) stop('iptables', previous);
        chains.push(chain);
        columns = undefined;
      } else if (current === undefined) stop('iptables', line);
      else if (columns === undefined) {
        if (!headings.test(line.text.trim())) stop('iptables', line);
        columns = line.text.trim().split(/\s+/);
      } else current.rules.push(readRule(line, printed[line.number - 1] ?? '', columns));
      previous = line;
    }
    if (columns === undefined) stop('iptables', previous ?? { number: 1, text });
    return chains;
  },
};

function readChain(line: string): Chain | undefined {
  const [, chain, policy = null, packets, bytes] = partsOf(chainLine, line);
  if (chain === undefined) return undefined;
  return { chain, default_policy: policy, default_packets: toCount(packets), default_bytes: toCount(bytes), rules: [] };
}

function readRule(line: Line, printed: string, columns: readonly string[]): Rule {
  const rule: Rule = {};
  let rest = printed;
  const next = (): string => {
    const [whole, word] = partsOf(/^\s*(\S+) ?/, rest);
    if (whole === undefined || word === undefined) return stop('iptables', line);
    rest = rest.slice(whole.length);
    return word;
  };
  for (const column of columns) {
    if (column === 'num') {
      // Its column is five wide, and what follows may be blank.
      const [digits = ''] = /^\d+(?=\s)/.exec(rest) ?? stop('iptables', line);
      rule['num'] = Number(digits);
      rest = rest.slice(Math.max(5, digits.length + 1));
    } else if (column === 'pkts' || column === 'bytes') rule[column] = toCount(next()) ?? stop('iptables', line);
    // A rule that has no target leaves its column blank.
    else if (column === 'target') rule['target'] = /^\s/.test(rest) ? null : next();
    // ip6tables has no fragments, and its older versions leave this column blank.
    else if (column === 'opt') rule['opt'] = option.test(/^\s*(\S*)/.exec(rest)?.[1] ?? '') ? known(next()) : null;
    else rule[column] = next();
  }
  const [source, destination] = [String(rule['source']), String(rule['destination'])];
  if (/^-/.test(source) || /^-/.test(destination)) stop('iptables', line);
  // As in jc, to the end of the line: `[goto] ` has a blank there.
  rule['options'] = rest.trim() === '' ? null : rest.trimStart().replace(/\r$/, '');
  return rule;
}

function known(opt: string): string | null {
  return opt === '--' ? null : opt;
}
