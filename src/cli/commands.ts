import type { CommandEntry } from './command.ts';

/** Every command there is, in the order of `netlab --help`. The code of one is loaded when it is asked for. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'run',
    summary: 'run runbooks, each in a lab of its own, and check what they print',
    load: () => import('./run.ts'),
  },
  { name: 'new', summary: 'write a runbook to begin with: one that passes', load: () => import('./new.ts') },
  { name: 'merge', summary: 'make one report of several: of the shards of a run', load: () => import('./merge.ts') },
  { name: 'list', summary: 'list runbooks and their steps', load: () => import('./list.ts') },
  { name: 'check', summary: 'parse and lint runbooks without running anything', load: () => import('./check.ts') },
  { name: 'graph', summary: "draw the topology of a runbook's lab", load: () => import('./graph.ts') },
  { name: 'shell', summary: "bring up a runbook's lab and open a shell in it", load: () => import('./shell.ts') },
  { name: 'attach', summary: 'open a shell in a lab that another netlab keeps up', load: () => import('./attach.ts') },
  {
    name: 'learn',
    summary: 'do an exercise: a lab with a shell, tasks, and checks that say when they are done',
    load: () => import('./learn.ts'),
  },
  {
    name: 'parse',
    summary: 'read the output of a known command, and print it as JSON',
    load: () => import('./parse.ts'),
  },
  {
    name: 'doctor',
    summary: 'what this machine can do for a lab, and how to get the rest',
    load: () => import('./doctor.ts'),
  },
  { name: 'setup', summary: 'install the Debian packages that are missing', load: () => import('./setup.ts') },
  {
    name: 'schema',
    summary: 'the JSON Schema of front matter, configurations and courses',
    load: () => import('./schema.ts'),
  },
  {
    name: 'completion',
    summary: 'a script by which bash, zsh or fish complete the words of netlab',
    load: () => import('./completion.ts'),
  },
];
