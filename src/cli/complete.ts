import { type Argument, Command, type Option } from 'commander';
import type { CliCommand, CommandEntry, Offer } from './command.ts';

/** What can stand in the place of the last word of a command line. */
export interface Completion {
  /** `words`: those below. Else files, which the shell itself finds: it knows its own quotes. */
  readonly kind: 'words' | 'files' | 'markdown';
  /** Of the last word, what stands before the name of a file: `json=`. */
  readonly prefix: string;
  readonly words: readonly { readonly value: string; readonly about: string }[];
}

/** Completes the last of the words after `netlab`. What it offers is read from the commands themselves. */
export async function complete(words: readonly string[], commands: readonly CommandEntry[]): Promise<Completion> {
  const before = words.slice(0, -1);
  const last = words.at(-1) ?? '';
  const [name, ...given] = before;
  if (name === undefined) return wordsFor(last, [...wordsOf(commands), help, ...rootOptions]);
  if (name === 'help') return wordsFor(last, given.length === 0 ? wordsOf(commands) : []);
  const entry = commands.find((each) => each.name === name);
  if (entry === undefined) return wordsFor(last, []);
  const { command: definition } = await entry.load();
  const command = new Command(name);
  definition.define(command);
  return completeIn(command, definition, given, last);
}

const rootOptions = [
  { value: '--help', about: 'this page' },
  { value: '--version', about: 'the version' },
];

const help = { value: 'help', about: 'the page of a command' };

function wordsOf(commands: readonly CommandEntry[]): Completion['words'] {
  return commands.map(({ name, summary }) => ({ value: name, about: summary }));
}

async function completeIn(
  command: Command,
  { offers = {} }: CliCommand,
  given: readonly string[],
  last: string,
): Promise<Completion> {
  const { pending, positional, onlyArguments } = read(command, given);
  const ofOption = (option: Option, value: string, prefix: string): Promise<Completion> => {
    // `json=`: after it stands a file.
    const place = option.flags.includes('[=file]') ? /^[^=]*=/.exec(value)?.[0] : undefined;
    if (place !== undefined) return resolve('', prefix + place, 'files', positional);
    return resolve(
      value,
      prefix,
      offers[option.attributeName()] ?? offerOf(option.argChoices, option.flags),
      positional,
    );
  };
  if (pending !== undefined) return ofOption(pending, last, '');
  const [, flag, value] = onlyArguments ? [] : (/^(--[^=]+)=(.*)$/s.exec(last) ?? []);
  if (flag !== undefined && value !== undefined) {
    const option = command.options.find(({ long }) => long === flag);
    if (option !== undefined) return ofOption(option, value, `${flag}=`);
  }
  if (last.startsWith('-') && !onlyArguments) {
    const named = command.options.filter(({ hidden }) => !hidden);
    const words = named.map(({ long, short, description }) => ({ value: long ?? short ?? '', about: description }));
    return wordsFor(last, [...words, { value: '--help', about: 'the page of this command' }]);
  }
  const argument = argumentAt(command, positional.length);
  const offer = argument && (offers[argument.name()] ?? offerOf(argument.argChoices, argument.name()));
  return resolve(last, '', offer, positional);
}

/** What the words before the last one are: arguments, and at the end perhaps an option that waits for its value. */
function read(
  command: Command,
  given: readonly string[],
): { readonly pending: Option | undefined; readonly positional: readonly string[]; readonly onlyArguments: boolean } {
  const positional: string[] = [];
  let pending: Option | undefined;
  let onlyArguments = false;
  for (const word of given) {
    if (pending !== undefined) pending = undefined;
    else if (onlyArguments || !word.startsWith('-') || word === '-') positional.push(word);
    else if (word === '--') onlyArguments = true;
    else pending = command.options.find((option) => option.required && (option.long === word || option.short === word));
  }
  return { pending, positional, onlyArguments };
}

function argumentAt({ registeredArguments }: Command, index: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[index] ?? (last?.variadic ? last : undefined);
}

/** What an option or argument says of its values by itself. */
function offerOf(choices: readonly string[] | undefined, term: string): Offer | undefined {
  if (choices !== undefined) return async () => choices;
  return /\bfiles?\b/.test(term) ? 'files' : undefined;
}

async function resolve(
  last: string,
  prefix: string,
  offer: Offer | undefined,
  before: readonly string[],
): Promise<Completion> {
  if (typeof offer === 'string') return { kind: offer, prefix, words: [] };
  if (offer === undefined) return wordsFor(last, []);
  const words = await offer(before);
  return wordsFor(
    prefix + last,
    words.map((value) => ({ value: prefix + value, about: '' })),
  );
}

function wordsFor(last: string, words: Completion['words']): Completion {
  return { kind: 'words', prefix: '', words: words.filter(({ value }) => value.startsWith(last)) };
}
