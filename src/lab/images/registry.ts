import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { ImageSource } from './types.ts';

/** A registry, asked through skopeo: the lab itself has no way out, and must not need one. */
export const registry: ImageSource = {
  name: 'a registry (through skopeo)',
  async provide({ image, engine, scratch, signal }) {
    const probe = await execa('skopeo', ['--version'], { reject: false });
    if (probe.failed) return 'skopeo is not installed';
    // It writes into files only. They lie in the lab, and skopeo hangs on this process: neither can be left behind.
    const archive = join(scratch, 'image.tar');
    const insecure = /^(?:localhost|127\.0\.0\.1)[:/]/.test(image.name) ? ['--src-tls-verify=false'] : [];
    const copy = [
      'skopeo',
      'copy',
      '--quiet',
      ...insecure,
      `docker://${image.name}`,
      `docker-archive:${archive}:${image.name}`,
    ];
    const { failed, stderr, timedOut } = await execa('setpriv', ['--pdeathsig', 'KILL', ...copy], {
      env: { TMPDIR: scratch },
      reject: false,
      timeout: 120_000,
      cancelSignal: signal,
    });
    if (timedOut) return 'it did not answer within two minutes';
    if (failed) return /msg="(.*)"\s*$/.exec(stderr)?.[1]?.slice(0, 300) ?? 'it did not answer';
    await engine.load(createReadStream(archive));
    return undefined;
  },
};
