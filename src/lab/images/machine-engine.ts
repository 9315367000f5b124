import { existsSync } from 'node:fs';
import { execa } from 'execa';
import type { ImageSource } from './types.ts';

const socket = '/var/run/docker.sock';

/** An image that this machine's own Docker Engine already has. */
export const machineEngine: ImageSource = {
  name: "this machine's Docker Engine",
  async provide({ image, engine, signal }) {
    if (!existsSync(socket)) return 'none runs here';
    const docker = ['--host', `unix://${socket}`];
    const found = await execa('docker', [...docker, 'image', 'inspect', image.name], { reject: false, timeout: 5000 });
    if (found.failed) return 'it does not have it';
    const save = execa('docker', [...docker, 'save', image.name], { buffer: false, cancelSignal: signal });
    await Promise.all([save, engine.load(save.readable())]);
    return undefined;
  },
};
