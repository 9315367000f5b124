import { UsageError } from '../errors.ts';
import type { ReporterDefinition } from './types.ts';

/** Every reporter there is, in the order of `--help`; the first is the default. */
export const reporters: readonly ReporterDefinition[] = [
  {
    name: 'pretty',
    summary: 'live progress and a report to read (the default)',
    load: () => import('./pretty.ts'),
  },
  { name: 'dot', summary: 'one character a step, and what went wrong', load: () => import('./dot.ts') },
  { name: 'json', summary: 'the whole run as one JSON document', load: () => import('./json.ts') },
  { name: 'jsonl', summary: 'events as they happen, one JSON document a line', load: () => import('./jsonl.ts') },
  { name: 'junit', summary: "JUnit's XML, for CI servers", load: () => import('./junit.ts') },
  { name: 'tap', summary: 'the Test Anything Protocol, version 14', load: () => import('./tap.ts') },
  {
    name: 'github',
    summary: 'GitHub Actions: annotations, and the job summary',
    sharesOutput: true,
    load: () => import('./github.ts'),
  },
  { name: 'html', summary: 'the documents themselves on one page, with each verdict', load: () => import('./html.ts') },
  { name: 'markdown', summary: 'a table for a comment on a pull request', load: () => import('./markdown.ts') },
  { name: 'blob', summary: 'the run, to be merged with others: netlab merge', load: () => import('./blob.ts') },
];

/** The reporter of that name; throws a `UsageError` that lists the names when there is none. */
export function findReporter(name: string): ReporterDefinition {
  const found = reporters.find((reporter) => reporter.name === name);
  if (found !== undefined) return found;
  const names = reporters.map((reporter) => reporter.name);
  const meant = names.find((candidate) => distance(name.toLowerCase(), candidate) <= 2);
  throw new UsageError(`there is no reporter ${JSON.stringify(name)}`, {
    hint: `${meant === undefined ? '' : `Did you mean ${meant}? `}The reporters are ${names.slice(0, -1).join(', ')} and ${names.at(-1)}, or the path of a module, as ./mine.mjs.`,
  });
}

/** How many letters must be added, dropped or changed to get from one to the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1];
    for (let column = 1; column <= to.length; column += 1) {
      const changed = (row[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
