import { promptOf } from '../prompt.ts';
import { startOfLine } from '../source-text.ts';
import type { LintRule } from './types.ts';

const COMMON =
  'apt brctl bridge cat cd curl cp dig docker echo env exit grep hostname ifconfig ip iptables ls mkdir mount mv nc nft nslookup ovs-vsctl ping ps rm route sh ss ssh sudo sysctl tcpdump touch traceroute wget'.split(
    ' ',
  );

/** Prompts of other programs: `mysql> `, `Switch(config)# `, `>>> `. */
const OTHER_PROMPT = /^(?:[A-Za-z][\w.-]{0,30}(?:\([\w-]{1,30}\))?[>%#]|>>>) (?=[\w\\])/;

export const promptInOutput: LintRule = {
  name: 'prompt-in-output',
  summary: 'Expected output that looks like a prompt with a command, which is not run.',
  *find({ runbook, text }) {
    const words = runbook.steps.flatMap(({ command }) => firstWord(command) ?? []);
    const commands = new Set([...COMMON, ...words]);
    for (const { kind, expected } of runbook.steps) {
      if (kind !== 'command' || expected === undefined) continue;
      for (const [index, line] of expected.lines.entries()) {
        const prompt = promptOf(line)?.text ?? OTHER_PROMPT.exec(line)?.[0];
        if (prompt === undefined) continue;
        const typed = line.slice(prompt.length);
        const isCommand = commands.has(firstWord(typed) ?? '');
        if (OTHER_PROMPT.test(line) ? !isCommand && !/^[\w()-]+> .*;$/.test(line) : !isCommand) continue;
        const at = startOfLine(text, expected.span.start.line - 1 + index) + (expected.prefix?.length ?? 0);
        const hint = `If it is typed, name its prompt: {prompt="${prompt.trim()}"}. If it is printed, turn this rule off.`;
        yield { at, message: `"${line.slice(0, 60)}" looks typed, and is compared as output`, hint };
      }
    }
  },
};

function firstWord(command: string): string | undefined {
  return /^[\w./-]+/.exec(command)?.[0];
}
