import { execa } from 'execa';

/** The command line is tested as it is installed: bundled. */
export async function setup(): Promise<void> {
  await execa('node', ['scripts/build.mjs'], { stdio: 'inherit' });
}
