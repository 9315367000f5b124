import { Option } from 'commander';
import { load } from '../run/load.ts';
import type { Endpoint, LabSpec, LinkSpec, NodeSpec } from '../runbook/types.ts';
import type { CliCommand } from './command.ts';

export const command: CliCommand = {
  description: ["Draws the nodes and links of a runbook's lab, without bringing it up."],
  define: (command) => {
    command
      .argument('<file>', 'a Markdown file')
      .addOption(
        new Option('--format <name>', 'a table (in a terminal), or Mermaid text, which GitHub draws (else)').choices([
          'table',
          'mermaid',
        ]),
      );
  },
  offers: { file: 'markdown' },
  run: graphCommand,
  examples: [['netlab graph --format mermaid lab.md', 'Text for a mermaid block.']],
  exitStatus: { 0: 'drawn', 2: 'the document cannot be read' },
  seeAlso: ['netlab shell', 'docs/labs.md'],
};

/** `netlab graph`: the topology of a runbook's lab, as a table for a terminal or as Mermaid text, which GitHub draws. */
async function graphCommand(path: string, { format }: { readonly format?: string }): Promise<number> {
  const wanted = format ?? (process.stdout.isTTY ? 'table' : 'mermaid');
  const [runbook] = await load([path]);
  if (!runbook) return 2;
  const text = wanted === 'table' ? tableOf(runbook.lab) : mermaidOf(runbook.lab);
  process.stdout.write(`${text}\n`);
  return 0;
}

const shapes: Readonly<Record<NodeSpec['kind'], readonly [string, string]>> = {
  host: ['[', ']'],
  docker: ['[[', ']]'],
  router: ['{{', '}}'],
  bridge: ['([', '])'],
  'ovs-bridge': ['([', '])'],
  dns: ['[(', ')]'],
};

/** A flowchart, https://mermaid.js.org/syntax/flowchart.html: a shape for each kind, a line for each cable. */
export function mermaidOf({ nodes, links }: LabSpec): string {
  const id = (name: string): string => `n${nodes.findIndex((node) => node.name === name)}`;
  return [
    'graph LR',
    ...nodes.map(({ name, kind }) => {
      const [open, close] = shapes[kind];
      return `  ${id(name)}${open}"${name}<br/>${kind}"${close}`;
    }),
    ...links.map((link) => {
      const [a, b] = link.endpoints;
      const label = [endText(a), endText(b), ...qualities(link)].filter((text) => text !== '').join(' — ');
      return `  ${id(a.node)} ---${label === '' ? '' : `|"${label}"|`} ${id(b.node)}`;
    }),
  ].join('\n');
}

/** The nodes, then the links, one a line, in columns. */
export function tableOf({ nodes, links }: LabSpec): string {
  const rows = [
    ...nodes.map(({ name, kind, images, routes }) => [name, kind, ...images.map((image) => image.name), ...routes]),
    ...(links.length > 0 ? [[]] : []),
    ...links.map((link) => [...link.endpoints.map((end) => `${end.node} ${endText(end)}`.trim()), ...qualities(link)]),
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function endText({ interface: name, address }: Endpoint): string {
  return [name, address].filter((part) => part !== undefined).join(' ');
}

function qualities({ mtu, impairment }: LinkSpec): string[] {
  const named = Object.entries({ ...(mtu !== undefined && { mtu }), ...impairment });
  return named.map(([name, value]) => `${name} ${value}`);
}
