import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { execa } from 'execa';
import { pack } from 'tar-stream';
import { isStatic } from '../static-program.ts';
import type { ImageSource } from './types.ts';

const name = /^(?:docker\.io\/)?(?:library\/)?busybox(?::[\w.-]+)?$/;
const folders = [
  'bin',
  'dev',
  'etc',
  'home',
  'proc',
  'root',
  'sys',
  'tmp',
  'usr',
  'usr/bin',
  'usr/sbin',
  'var',
  'var/www',
];

/** BusyBox without any registry: the machine's static binary, with a link for each of its applets. */
export const busybox: ImageSource = {
  name: "Debian's static BusyBox",
  async provide({ image, engine }) {
    if (!name.test(image.name)) return 'is only for the image busybox';
    const binary = findStatic();
    if (!binary) return 'no statically linked busybox here (Debian: busybox-static)';
    const { stdout } = await execa(binary, ['--list']);
    const tar = pack();
    for (const folder of folders)
      tar.entry({ name: folder, type: 'directory', mode: folder === 'tmp' ? 0o1777 : 0o755 });
    tar.entry({ name: 'bin/busybox', mode: 0o755 }, readFileSync(binary));
    for (const applet of stdout.split('\n').filter((applet) => applet !== 'busybox')) {
      tar.entry({ name: `bin/${applet}`, type: 'symlink', linkname: 'busybox' });
    }
    tar.entry({ name: 'etc/passwd' }, 'root:x:0:0:root:/root:/bin/sh\n');
    tar.entry({ name: 'etc/group' }, 'root:x:0:\n');
    tar.finalize();
    // Whole before it is sent: an entry of a tar that is cut off throws where nobody can catch it.
    await engine.import(image.name, Readable.from([await buffer(tar)]), ['CMD ["sh"]']);
    return undefined;
  },
};

function findStatic(): string | undefined {
  const places = [...new Set([...(process.env['PATH'] ?? '').split(delimiter), '/bin', '/usr/bin'])];
  return places.map((folder) => join(folder, 'busybox')).find(isStatic);
}
