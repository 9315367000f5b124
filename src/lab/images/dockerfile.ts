import { existsSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import { LabError } from '../../errors.ts';
import type { ImageSource } from './types.ts';

/** A Dockerfile beside the runbook: in the folder that the document names, else in `images/<last part of the name>`. */
export const dockerfile: ImageSource = {
  name: 'a Dockerfile beside the runbook',
  async provide({ image, folder, engine, signal }) {
    const short = image.name.replace(/:[^/]*$/, '').replace(/^.*\//, '');
    const place = join(folder, image.build ?? `images/${short}`);
    const file = relative(folder, join(place, 'Dockerfile'));
    if (!existsSync(join(place, 'Dockerfile'))) {
      // One that the author named is not to be replaced by another image of that name.
      if (image.build !== undefined) throw new LabError(`image ${image.name}: there is no ${file}`);
      return `no ${file}`;
    }
    const context = realpathSync(place);
    if (relative(realpathSync(folder), context).startsWith('..')) {
      throw new LabError(`image ${image.name}: ${relative(folder, place)} lies outside of the runbook's folder`);
    }
    const tar = execa('tar', ['-C', context, '-cf', '-', '.'], {
      buffer: { stdout: false },
      reject: false,
      cancelSignal: signal,
    });
    await engine.build(image.name, tar.readable());
    const { failed, stderr } = await tar;
    if (failed) throw new LabError(`image ${image.name}: cannot read ${relative(folder, place)}`, { log: stderr });
    return undefined;
  },
};
