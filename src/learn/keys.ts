import type { LabNode } from '../lab/types.ts';
import { type CommandName, nameOfKey } from './commands.ts';

/** Where keys go: to the shell, to the menu, to a question, or nowhere while a lab is prepared. */
export type Mode = 'busy' | 'shell' | 'menu' | 'confirm' | 'left' | 'dead';

/** What keys can bring about. */
export interface KeysOptions {
  readonly nodes: () => readonly LabNode[];
  readonly toShell: (bytes: Buffer) => void;
  /** Enter, or another key after which the lab may be another, went to the shell. */
  readonly pressed: () => void;
  /** Does a command, as if it had been typed at the prompt. */
  readonly act: (name: CommandName, words: readonly string[]) => void;
  readonly openMenu: () => void;
  /** Nothing was chosen. */
  readonly back: () => void;
  /** The question has been answered with yes. */
  readonly confirmed: () => void;
  readonly openShell: () => void;
  readonly finish: () => void;
}

/** Takes what is typed, and knows where it goes. */
export interface Keys {
  mode: Mode;
  /** There will be no more. */
  readonly over: boolean;
  input(bytes: Buffer | undefined): void;
  /** The shell is there again: it gets what was typed meanwhile. */
  replay(): void;
}

const ctrlC = '\x03';
const ctrlD = '\x04';
/** Ctrl-], as in telnet: reaches the tutor wherever the shell is. */
const menuKey = '\x1d';
/** After these keys the lab may be another. */
const doingKeys = [0x03, 0x04, 0x0a, 0x0d];

export function createKeys(options: KeysOptions): Keys {
  let queue: Buffer[] = [];
  let over = false;

  const chosen: Readonly<Record<Exclude<Mode, 'shell' | 'busy'>, (key: string) => void>> = {
    menu(key) {
      const node = options.nodes()[Number(key) - 1];
      const name = nameOfKey(key);
      if (node) options.act('node', [node.name]);
      else if (name) options.act(name, []);
      else options.back();
    },
    confirm: (key) => (key.toLowerCase() === 'y' ? options.confirmed() : options.back()),
    left(key) {
      if (key === '\r') options.openShell();
      else if (key === ctrlD) options.finish();
      else if (key === menuKey) options.openMenu();
    },
    dead(key) {
      if (key === 'r') options.act('reset', []);
      else if (key === 'q' || key === ctrlC || key === ctrlD) options.finish();
    },
  };

  const toTheShell = (bytes: Buffer): void => {
    const at = bytes.indexOf(menuKey);
    const typed = at < 0 ? bytes : bytes.subarray(0, at);
    if (typed.length > 0) options.toShell(typed);
    if (doingKeys.some((key) => typed.includes(key))) options.pressed();
    if (at < 0) return;
    options.openMenu();
    if (bytes.length > at + 1) keys.input(bytes.subarray(at + 1));
  };

  const keys: Keys = {
    mode: 'busy',
    get over() {
      return over;
    },
    input(bytes) {
      const { mode } = keys;
      if (bytes === undefined) {
        over = true;
        if (mode === 'shell') options.toShell(Buffer.from(ctrlD));
        else if (mode !== 'busy') options.finish();
      } else if (mode === 'busy') {
        if (bytes.toString() === ctrlC) options.finish();
        else queue = [...queue, bytes];
      } else if (mode === 'shell') toTheShell(bytes);
      // An arrow key begins like Escape; it is none.
      else if (bytes.length === 1 || bytes[0] !== 0x1b) {
        chosen[mode](String.fromCharCode(bytes[0] ?? 0));
        if (bytes.length > 1) keys.input(bytes.subarray(1));
      }
    },
    replay() {
      for (const bytes of queue.splice(0)) keys.input(bytes);
      if (over) keys.input(undefined);
    },
  };
  return keys;
}
