import type { LabNode, NodeTerminal, Visitor } from '../lab/types.ts';
import { exitOf } from './ending.ts';
import { terminalBelow } from './processes.ts';
import type { Terminal } from './terminal-shell.ts';

/** What the engine prints for itself in a terminal, and the question for the cursor that it answers itself. */
const ownTalk = /\x01[BE][^\x02]*\x02|\x1b\[6n/g;

/** The size of the terminal in which steps run. */
const ownSize = { rows: 40, columns: 132 } as const;

/**
 * Gives the terminal of a session to a person, where a nested shell is open in it: that one cannot be made again elsewhere.
 * It ends when the nested shells have ended.
 */
export async function takeOver(
  node: LabNode,
  shell: Terminal,
  { rows, columns, output }: Visitor,
): Promise<NodeTerminal | undefined> {
  const { bash, screen, marks, nested, opener } = shell;
  if (nested.length === 0 || opener === undefined) return undefined;
  const tty = terminalBelow(bash.child.pid ?? 0);
  const set = ({ rows, columns }: Pick<Visitor, 'rows' | 'columns'>, echo = ''): Promise<unknown> => {
    if (tty === undefined) return Promise.resolve();
    const change = `stty -F ${tty} rows ${rows} cols ${columns}; ${echo}`;
    return exitOf(node.spawn({ argv: ['sh', '-c', change], env: node.env }));
  };
  const show = (chunk: Buffer): void => {
    const text = chunk.toString('latin1').replace(ownTalk, '');
    if (text !== '') output(Buffer.from(text, 'latin1'));
  };
  // Steps are typed without an echo; a shell that reads keys itself shows them itself, too.
  await set({ rows, columns }, `if stty -F ${tty} -a | grep -q ' icanon'; then stty -F ${tty} echo; fi`);
  bash.child.stdout?.on('data', show);
  let leave = (): void => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const ended = Promise.race([opener.then(() => {}), left]).then(() => {
    bash.child.stdout?.resume();
    bash.child.stdout?.off('data', show);
    void set(ownSize, `stty -F ${tty} -echo`);
    const outermost = nested.findIndex(({ id }) => marks.endOf(id, screen.text) !== undefined);
    if (outermost < 0) return;
    screen.skipTo(marks.endOf(nested[outermost]?.id ?? '', screen.text)?.after ?? 0);
    nested.length = outermost;
  });
  return {
    ended,
    write: (bytes) => void bash.child.stdin?.write(bytes),
    resize: (newRows, newColumns) => void set({ rows: newRows, columns: newColumns }),
    // The prompt at which it waits.
    redraw: () => show(Buffer.from(screen.text.slice(screen.text.lastIndexOf('\n') + 1), 'latin1')),
    pause: () => void bash.child.stdout?.pause(),
    resume: () => void bash.child.stdout?.resume(),
    close: () => leave(),
  };
}
