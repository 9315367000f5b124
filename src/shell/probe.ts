import type { ChildProcess } from 'node:child_process';
import type { ProbeAnswer, ProbeRequest } from '../check/types.ts';
import type { LabNode } from '../lab/types.ts';
import { trace, tracing } from '../trace.ts';
import { collector } from './collect.ts';
import { exitOf, waitFor } from './ending.ts';
import { killTree } from './processes.ts';
import { quote } from './quote.ts';

/** Scripts that share one process on the node; each has two pipes of its own. */
const together = 24;

/** Given to `timeout` to end what does not end by itself, and to the node to say so, in milliseconds. */
const graceMs = 3000;

/** What something that a script left behind may hold the pipes for, in milliseconds. */
const drainMs = 200;

/** Status of `timeout` when the limit passed: after SIGTERM, and after the SIGKILL that follows. */
const cutOff = [124, 137];

/** Runs scripts beside the sessions of a node, all at the same time, each for at most its own limit. Never rejects. */
export async function probeNode(
  node: LabNode,
  requests: readonly ProbeRequest[],
  signal: AbortSignal,
): Promise<readonly ProbeAnswer[]> {
  const answers: ProbeAnswer[] = [];
  for (let from = 0; from < requests.length; from += together) {
    answers.push(...(await probeTogether(node, requests.slice(from, from + together), signal)));
  }
  return answers;
}

async function probeTogether(
  node: LabNode,
  requests: readonly ProbeRequest[],
  signal: AbortSignal,
): Promise<readonly ProbeAnswer[]> {
  const started = performance.now();
  const argv = ['bash', '--norc', '--noprofile', '-s'] as const;
  const child = node.spawn({ argv, env: node.env, extraPipes: 2 * requests.length });
  const outputs = child.stdio.map((stream) => gather(stream));
  child.stdin?.on('error', () => {});
  child.stdin?.end(commands(node, requests));
  const limit = Math.max(...requests.map(({ timeoutMs }) => timeoutMs)) + graceMs;
  const waited = await waitFor(exitOf(child), limit, signal);
  if (waited.value === undefined) await killTree(child.pid, undefined, 0);
  await waitFor(Promise.all(outputs.map(({ ended }) => ended)), drainMs, signal);
  for (const stream of child.stdio) stream?.destroy();
  const statuses = new Map(
    (outputs[1]?.text() ?? '').split('\n').map((line) => {
      const [index, status, ms] = line.split(' ');
      return [Number(index || -1), { status: Number(status), ms: Number(ms) }];
    }),
  );
  if (tracing.hasSubscribers) {
    for (const { script } of requests) trace('shell', `${node.name}: asked ${JSON.stringify(script)}`);
    trace(
      'shell',
      `${node.name}: ${requests.length} ${requests.length === 1 ? 'question' : 'questions'} answered`,
      started,
    );
  }
  const trouble = outputs[2]?.text().trim() ?? '';
  return requests.map(({ timeoutMs }, index) => {
    const [out, err] = [outputs[3 + 2 * index], outputs[4 + 2 * index]];
    const texts = { stdout: out?.text() ?? '', stderr: err?.text() ?? '' };
    const end = statuses.get(index);
    if (signal.aborted) return { ...texts, exit: null, problem: 'stopped while the node was asked' };
    const late = performance.now() - started > limit || (end && cutOff.includes(end.status) && end.ms >= timeoutMs);
    if (late) return { ...texts, exit: null, problem: `no answer within ${timeoutMs / 1000} s` };
    if (!end)
      return { ...texts, exit: null, problem: `${node.name} cannot be asked: ${trouble || 'it does not answer'}` };
    const dropped = (out?.droppedBytes ?? 0) + (err?.droppedBytes ?? 0);
    if (dropped > 0) return { ...texts, exit: null, problem: `${dropped} bytes were dropped from a long answer` };
    return { ...texts, exit: end.status, problem: undefined };
  });
}

/** A program for bash that starts every script with its own pipes and tells each one's status and time on stdout. */
function commands(node: LabNode, requests: readonly ProbeRequest[]): string {
  const probes = requests.map(({ script, timeoutMs }, index) => {
    const [out, err] = [3 + 2 * index, 4 + 2 * index];
    return `probe ${index} ${timeoutMs / 1000} ${quote(script)} >&${out} 2>&${err} &`;
  });
  return [
    `cd ${quote(node.cwd)} || exit`,
    'exec 200>&1',
    'export NETLAB_PROBER=$$',
    'probe() {',
    '  local from=${EPOCHREALTIME/[.,]/}',
    '  timeout -k 1 "$2" bash --norc --noprofile -c "$3" </dev/null 200>&-',
    '  printf "%s %s %s\\n" "$1" "$?" "$(((${EPOCHREALTIME/[.,]/} - from) / 1000))" >&200',
    '}',
    ...probes,
    'wait',
    '',
  ].join('\n');
}

/** What comes through a pipe of the child, and when its end has. */
function gather(stream: ChildProcess['stdio'][number]): {
  readonly ended: Promise<void>;
  readonly droppedBytes: number;
  text(): string;
} {
  const collected = collector();
  if (!stream || !('read' in stream)) return { ended: Promise.resolve(), droppedBytes: 0, text: () => '' };
  const ended = new Promise<void>((resolve) => {
    stream.once('close', resolve);
    stream.on('error', () => resolve());
  });
  stream.on('data', (chunk: Buffer) => collected.add(chunk));
  return {
    ended,
    get droppedBytes() {
      return collected.droppedBytes;
    },
    text: () => collected.bytes().toString('utf8'),
  };
}
