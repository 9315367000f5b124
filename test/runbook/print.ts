import { promptOf } from '../../src/runbook/prompt.ts';
import type { LabSpec, Runbook, Step } from '../../src/runbook/types.ts';

/** A runbook as a document in one plain spelling: reading it again gives the same runbook, its places aside. */
export function print(runbook: Runbook): string {
  const { title, description, tags, requires, timeoutMs, env, translates, lang, lint = [], lab } = runbook;
  const rules = Object.fromEntries(lint.flatMap(({ rule, level, block }) => (block ? [] : [[rule, level]])));
  const front = { title, description, tags, requires, env, translates, lang, lint: rules, lab: labInput(lab) };
  const blocks = groupByBlock(runbook.steps);
  return [
    `---\n${JSON.stringify({ ...front, timeout: `${timeoutMs}ms` }, null, 1)}\n---\n`,
    ...[...blocks.values()].map(printBlock),
  ].join('\n');
}

function labInput({ kind, nodes, links, network, limits }: LabSpec): unknown {
  if (kind === 'none') return 'none';
  const own = nodes.map(({ name, kind, images, records, dns, routes, nat, openvswitch }) => {
    const lists = { images, records, routes, nat };
    const said = Object.entries(lists).filter(([, value]) => Object.keys(value).length > 0);
    const hasSwitch = openvswitch && kind !== 'ovs-bridge';
    return [
      name,
      {
        kind,
        ...Object.fromEntries(said),
        ...(kind === 'docker' && { images }),
        dns,
        ...(hasSwitch && { openvswitch }),
      },
    ];
  });
  const cables = links.map(({ endpoints, mtu, impairment }) => {
    const given = <Key extends 'address' | 'mac'>(key: Key) => endpoints.flatMap((end) => end[key] ?? []);
    const ends = endpoints.map(({ node, interface: port }) => (port === undefined ? node : `${node}:${port}`));
    const macs = given('mac');
    return { endpoints: ends, addresses: given('address'), ...(macs.length > 0 && { macs }), mtu, ...impairment };
  });
  return { nodes: Object.fromEntries(own), links: cables, network, limits };
}

function printBlock(steps: readonly Step[]): string {
  const [first] = steps as [Step, ...Step[]];
  const isTranscript = first.kind === 'command';
  const body = isTranscript ? steps.flatMap(commandLines) : [first.command];
  const language = isTranscript ? 'console' : first.language === 'shell' ? 'sh' : first.language;
  const parts = [fence(`${language} ${attributesOf(first, steps)}`, body.join('\n'))];
  if (!isTranscript && first.expected) {
    parts.push(fence('text output', first.expected.lines.join('\n'), first.expected.lines.length === 0));
  }
  // The last step first: an expectation without `of` is about the step that was spoken of last.
  for (const step of steps.toReversed()) {
    const called = step.blockName === undefined ? step.command : step.name;
    const of = step === steps.at(-1) ? '' : ` {of=${quoted(called)}}`;
    for (const { key, value } of step.expectations) {
      parts.push(fence(`yaml expect${of}`, JSON.stringify({ [key]: value })));
    }
  }
  return parts.join('\n');
}

/** A prompt with its command and output, and the prompt of a shell that it leaves open. */
function commandLines(step: Step, index: number, steps: readonly Step[]): string[] {
  const { command, prompt = '', expected, exit, nextPrompt } = step;
  const [first = '', ...rest] = command.split('\n');
  const isShown = steps[index + 1]?.prompt === nextPrompt;
  return [
    prompt + first,
    ...rest.map((line) => (line === '' ? '>' : `> ${line}`)),
    ...(expected?.lines ?? []),
    ...(exit === 0 ? [] : [`[${exit}]`]),
    ...(nextPrompt === undefined || isShown ? [] : [nextPrompt.trimEnd()]),
  ];
}

function attributesOf(step: Step, steps: readonly Step[]): string {
  const { interrupt, background, env, kind } = step;
  const named = steps.flatMap(({ prompt, depth }) =>
    prompt !== undefined && needsName(prompt, depth) ? [prompt] : [],
  );
  const words: readonly (readonly [string, string | undefined])[] = [
    ['name', step.blockName],
    ['node', step.node],
    ['session', step.session],
    ['timeout', `${step.timeoutMs}ms`],
    ['eventually', step.eventuallyMs === undefined ? undefined : `${step.eventuallyMs}ms`],
    ['exit', kind === 'command' ? undefined : String(step.exit)],
    ['match', step.match],
    ['stream', step.stream],
    ['skip', step.skip === undefined ? undefined : step.skip || 'true'],
    ['if', step.if],
    ['stdin', step.stdin],
    ['cwd', step.cwd],
    ['ready', background?.ready],
    ['prompt', named.length > 0 ? named.map((each) => each.trimEnd()).join(',') : undefined],
    ...Object.entries(env).map(([name, value]) => [`env.${name}`, value] as const),
  ];
  const flags = [
    ...(step.phase === 'main' ? [] : [step.phase]),
    ...(background ? ['background'] : []),
    ...(step.continue ? ['continue'] : []),
    ...(step.tty ? ['tty'] : []),
  ];
  const said = words.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${quoted(value)}`]));
  if (interrupt) {
    const regex = 'pattern' in interrupt ? `/${interrupt.pattern.replaceAll('/', '\\/')}/` : `${interrupt.afterMs}ms`;
    said.push(`interrupt=${regex}`);
  }
  return `{${[...said, ...flags].join(' ')}}`;
}

function needsName(prompt: string, depth: number): boolean {
  const known = promptOf(prompt);
  return known?.text !== prompt || (known.kind === 'bare' && depth > 0);
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function fence(info: string, body: string, isEmpty = false): string {
  const longest = Math.max(2, ...[...body.matchAll(/`+/g)].map(([run]) => run.length));
  const marks = '`'.repeat(longest + 1);
  return `${marks}${info}\n${isEmpty ? '' : `${body}\n`}${marks}\n`;
}

function groupByBlock(steps: readonly Step[]): Map<number | undefined, Step[]> {
  const blocks = new Map<number | undefined, Step[]>();
  for (const step of steps) blocks.set(step.block, [...(blocks.get(step.block) ?? []), step]);
  return blocks;
}
