import type { Command, Help, Option } from 'commander';
import type { CommandPage } from './command.ts';

/** The page of a command, in the order of manual pages. Commander knows its arguments and options; `page` has the rest. */
export function pageText(command: Command, helper: Help, page: CommandPage): string {
  // Longer lines are hard to read, on however wide a terminal.
  helper.helpWidth = Math.min(helper.helpWidth ?? 80, 100);
  const width = helper.helpWidth;
  const paragraph = (text: string): string => indented(helper.boxWrap(text, width - 2));
  const items = (rows: readonly (readonly [string, string])[]): string => {
    const room = Math.min(30, Math.max(...rows.map(([term]) => term.length)));
    return rows.map(([term, text]) => helper.formatItem(term, room, text, helper)).join('\n');
  };
  const section = (title: string, body: string): string => (body === '' ? '' : `${helper.styleTitle(title)}\n${body}`);
  const table = (title: string, rows: readonly (readonly [string, string])[]): string =>
    section(title, rows.length === 0 ? '' : items(rows));
  const name = helper.commandUsage(command).replace(/ [[<].*/s, '');
  return `${[
    section('NAME', paragraph(`${name} - ${command.summary()}`)),
    section('SYNOPSIS', indented(helper.commandUsage(command))),
    section('DESCRIPTION', page.description.map(paragraph).join('\n\n')),
    table(
      'ARGUMENTS',
      helper.visibleArguments(command).map((each) => [each.name(), helper.argumentDescription(each)]),
    ),
    table(
      'COMMANDS',
      helper.visibleCommands(command).map((each) => [each.name(), each.summary() || each.description()]),
    ),
    ...optionGroups(command, helper).map(([title, options]) =>
      table(
        title.toUpperCase(),
        options.map((each) => [helper.optionTerm(each), helper.optionDescription(each)]),
      ),
    ),
    section('EXAMPLES', page.examples.map(([line, use]) => `  ${line}\n${indented(paragraph(use))}`).join('\n')),
    table('EXIT STATUS', Object.entries(page.exitStatus)),
    table('ENVIRONMENT', Object.entries(page.environment ?? {})),
    table('FILES', Object.entries(page.files ?? {})),
    section('SEE ALSO', paragraph(page.seeAlso.join(', '))),
  ]
    .filter((text) => text !== '')
    .join('\n\n')}\n`;
}

/** The options below their headings; those without one come last, `--help` among them. */
function optionGroups(command: Command, helper: Help): (readonly [string, readonly Option[]])[] {
  const groups = new Map<string, Option[]>();
  for (const option of helper.visibleOptions(command)) {
    const title = option.helpGroupHeading ?? 'Options';
    groups.set(title, [...(groups.get(title) ?? []), option]);
  }
  const named = [...groups].filter(([title]) => title !== 'Options');
  const others = groups.get('Options') ?? [];
  return [...named, [named.length > 0 ? 'Other options' : 'Options', others]];
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
