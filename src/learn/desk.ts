import { LabError } from '../errors.ts';
import type { LabNode } from '../lab/types.ts';
import { receiveGuests, type Welcome } from '../run/guests.ts';
import type { TaskLab } from '../run/task-lab.ts';
import { historyOn, type LabShell, openLabShell } from './lab-shell.ts';
import { listenOn, type Request } from './requests.ts';
import type { Screen } from './screen.ts';

/** What the learner has before them: a lab, and a shell on each node that they have been to; one of these is in view. */
export interface Desk {
  readonly lab: TaskLab;
  /** The tasks that are done in this lab, by whomever. */
  readonly did: Set<string>;
  readonly node: LabNode | undefined;
  /** The shell in view has not ended. */
  readonly hasShell: boolean;
  /** Brings the shell of a node into view; the first time it is started. */
  goTo(node: LabNode): Promise<void>;
  write(bytes: Buffer): void;
  /** The terminal, or the panel, has another size. */
  resize(): void;
  /** Has the shell in view draw its prompt again. */
  redraw(): void;
  /** All that was typed, for the next desk. */
  history(): string;
  /** Nothing of this lab is shown any more, and it is taken away. */
  clear(): Promise<void>;
}

export interface DeskOptions {
  /** Of the exercise: absolute. */
  readonly path: string;
  readonly lab: TaskLab;
  readonly screen: Screen;
  readonly plain: boolean;
  readonly term: string;
  readonly history: string;
  readonly asked: (request: Request) => void;
  /** The shell in view has printed something. */
  readonly printed: () => void;
  /** The kernel says that a link, an address or a route of a node has changed. */
  readonly changed: () => void;
  /** The shell in view has ended. */
  readonly left: () => void;
}

/** What a shell that is not in view prints is kept up to this size, in bytes. */
const keptBytes = 100_000;

/** A desk in a lab that is up. */
export function openDesk(options: DeskOptions): Desk {
  const { lab, screen } = options;
  const shells = new Map<string, { readonly shell: LabShell; kept: Buffer[] }>();
  const endings: (() => void)[] = [];
  let current: LabShell | undefined;
  /** Whose shell is shown, or will be once it is there: what another prints meanwhile is kept. */
  let inView: LabNode | undefined;
  let cleared = false;

  const heard = new Set<string>();
  const listen = (node: LabNode): void => {
    if (heard.has(node.name)) return;
    heard.add(node.name);
    endings.push(listenOn(node, options.asked), watchKernel(node, options.changed));
  };

  const start = async (node: LabNode): Promise<LabShell> => {
    const output = (bytes: Buffer): void => {
      if (cleared) return;
      const entry = shells.get(node.name);
      if (inView === node) {
        screen.write(bytes);
        options.printed();
      } else if (entry) {
        entry.kept.push(bytes);
        while (entry.kept.length > 1 && Buffer.concat(entry.kept).length > keptBytes) entry.kept.shift();
      }
    };
    const { rows, columns } = screen;
    const { plain, term, history } = options;
    const shell = await openLabShell(node, { rows, columns, term, plain, history, output });
    shells.set(node.name, { shell, kept: [] });
    listen(node);
    void shell.ended.then(() => {
      shells.delete(node.name);
      if (current === shell && !cleared) options.left();
    });
    return shell;
  };

  /** A shell for another terminal, on the node of that name or the one in view. */
  const welcome: Welcome = async ({ node: name, rows, columns, term }, output) => {
    const node = name === null ? current?.node : lab.lab.nodes.get(name);
    const known = [...lab.lab.nodes.keys()].join(', ');
    if (!node) throw new LabError(`there is no node ${name}; there are ${known}`);
    const { plain, history } = options;
    const shell = await openLabShell(node, { rows, columns, term, plain, history, output });
    listen(node);
    return shell;
  };
  let received = false;

  return {
    lab,
    did: new Set(),
    get node() {
      return current?.node;
    },
    get hasShell() {
      return current !== undefined && shells.get(current.node.name)?.shell === current;
    },
    async goTo(node) {
      // Guests come in once the learner does.
      if (!received) endings.push(receiveGuests(lab.lab, { kind: 'learn', path: options.path }, welcome));
      received = true;
      inView = node;
      const known = shells.get(node.name);
      current = known?.shell ?? (await start(node));
      for (const bytes of known?.kept.splice(0) ?? []) screen.write(bytes);
      current.resize(screen.rows, screen.columns);
      if (known) current.redraw();
    },
    write: (bytes) => current?.write(bytes),
    resize() {
      current?.resize(screen.rows, screen.columns);
    },
    redraw: () => current?.redraw(),
    history: () => [...lab.lab.nodes.values()].map(historyOn).find((text) => text !== '') ?? options.history,
    async clear() {
      if (cleared) return;
      cleared = true;
      for (const end of endings) end();
      for (const { shell } of shells.values()) shell.close();
      await lab[Symbol.asyncDispose]();
    },
  };
}

/** Listens to what the kernel tells of a node's network: nothing is asked, so nothing is disturbed. */
function watchKernel(node: LabNode, changed: () => void): () => void {
  const monitor = node.spawn({ argv: ['ip', 'monitor', 'link', 'address', 'route', 'rule'], env: node.env });
  monitor.on('error', () => {});
  monitor.stdin?.on('error', () => {});
  monitor.stdout?.on('data', changed);
  return () => void monitor.kill('SIGKILL');
}
