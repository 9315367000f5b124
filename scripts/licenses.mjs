// The licences of what is bundled: they ask to go wherever the code goes. Used by build.mjs.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The text for dist/THIRD-PARTY-LICENSES.txt: each package once, in order of name. Throws for a package that says nothing.
 * @param {string} root @param {Iterable<string>} inputs paths of bundled files, from the root
 */
export async function licensesOf(root, inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? [];
    if (folder !== undefined) folders.add(folder);
  }
  const parts = await Promise.all([...folders].map(async (folder) => await licenseOf(join(root, folder))));
  return `netlab has these packages in its files:\n\n${[...new Set(parts)].sort().join('\n')}`;
}

/** @param {string} folder */
async function licenseOf(folder) {
  const { name, version, license, licenses, author } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  // The plural is what old packages have.
  const kind = license ?? licenses?.map(({ type }) => type).join(', ');
  const file = (await readdir(folder)).find((entry) => /^(?:licen[cs]e|copying)(?:[.-]|$)/i.test(entry));
  if (file === undefined && kind === undefined) throw new Error(`${name} ${version} does not say its licence`);
  const by = typeof author === 'string' ? author : author?.name;
  const text = file === undefined ? `by ${by}` : (await readFile(join(folder, file), 'utf8')).trim();
  return `--- ${name} ${version} (${kind ?? 'see below'})\n\n${text}\n`;
}
