import { existsSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { execa } from 'execa';
import type { ImageSource } from './types.ts';

/** A Dockerfile beside the runbook: in the folder that the document names, else in `images/<last part of the name>`. */
export const dockerfile: ImageSource = {
  name: 'a Dockerfile beside the runbook',
  async provide({ image, folder, engine }) {
    const short = image.name.replace(/:[^/]*$/, '').replace(/^.*\//, '');
    const place = join(folder, image.build ?? `images/${short}`);
    if (!existsSync(join(place, 'Dockerfile'))) return `no ${relative(folder, join(place, 'Dockerfile'))}`;
    const context = realpathSync(place);
    if (relative(realpathSync(folder), context).startsWith('..'))
      return `${image.build} lies outside the runbook's folder`;
    const { stdout } = await execa('tar', ['-C', context, '-cf', '-', '.'], { encoding: 'buffer' });
    await engine.build(image.name, Readable.from([stdout]));
    return undefined;
  },
};
