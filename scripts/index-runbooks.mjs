// Brings the line numbers of runbooks/README.md up to date: `node scripts/index-runbooks.mjs`, after editing a runbook.
// Each link `[L12](netns.md?plain=1#L12)` follows a command in backticks and a link to the section with the step.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../runbooks/', import.meta.url));
const index = join(folder, 'README.md');

/** @typedef {{ anchor: string, commands: Map<string, number> }} Section its commands, and the first line of each */

/** @type {Map<string, Section[]>} */
const runbooks = new Map();
/** @type {string[]} */
const problems = [];

const before = readFileSync(index, 'utf8');
const after = rowsOf(before).map(renumber).join('');
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\nindex-runbooks: nothing is written\n`);
  process.exitCode = 1;
} else {
  if (after !== before) writeFileSync(index, after);
  process.stdout.write(`runbooks/README.md: ${after === before ? 'up to date' : 'line numbers brought up to date'}\n`);
}

/**
 * A table's row is one line; an item of a list goes on in the indented lines after it.
 * @param {string} text
 */
function rowsOf(text) {
  return text.split(/(?<=\n)(?! {2}\S)/);
}

/**
 * The command of a link is the one last before it in its cell, else the row's first.
 * @param {string} row
 */
function renumber(row) {
  const first = /`([^`\n]+)`/.exec(row)?.[1];
  /** @type {string | undefined} */
  let inCell;
  /** @type {string | undefined} */
  let anchor;
  return row.replace(
    /`([^`\n]+)`|\]\([\w/.-]+\.md#([^)\s]+)\)|\[L\d+\]\(([\w/.-]+\.md)\?plain=1#L\d+\)| \| /g,
    (found, code, section, file) => {
      if (code !== undefined) inCell = code;
      else if (section !== undefined) anchor = section;
      else if (file === undefined) inCell = undefined;
      else {
        const line = lineOf(file, anchor, inCell ?? first ?? '');
        if (line !== undefined) return `[L${line}](${file}?plain=1#L${line})`;
        problems.push(`runbooks/${file}: no step \`${inCell ?? first}\` in the section #${anchor}`);
      }
      return found;
    },
  );
}

/**
 * @param {string} file
 * @param {string | undefined} anchor
 * @param {string} command
 */
function lineOf(file, anchor, command) {
  const sections = runbooks.get(file) ?? sectionsOf(readFileSync(join(folder, file), 'utf8'));
  runbooks.set(file, sections);
  return sections.find((section) => section.anchor === anchor)?.commands.get(normal(command));
}

/** @param {string} text */
function sectionsOf(text) {
  /** @type {Section[]} */
  const sections = [{ anchor: '', commands: new Map() }];
  /** @type {string | undefined} */
  let fence;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.startsWith('```')) fence = fence === undefined ? line.slice(3) : undefined;
    else if (fence === undefined) {
      const heading = /^#+ (.*)$/.exec(line)?.[1];
      if (heading !== undefined) sections.push({ anchor: anchorOf(heading), commands: new Map() });
    } else if (/^console\b/.test(fence)) {
      const command = /^(?:[\w.-]*|\/\S* )[#$] (.*)$/.exec(line)?.[1];
      const commands = sections.at(-1)?.commands;
      if (command !== undefined && !commands?.has(normal(command))) commands?.set(normal(command), index + 1);
    }
  }
  return sections;
}

/**
 * As GitHub makes it.
 * @param {string} heading
 */
function anchorOf(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

/** @param {string} command */
function normal(command) {
  return command.trim().replace(/\s+/g, ' ');
}
