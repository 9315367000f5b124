import { addr } from './addr.ts';
import { bridge } from './bridge.ts';
import { command } from './command.ts';
import { container } from './container.ts';
import { dns } from './dns.ts';
import { file } from './file.ts';
import { http } from './http.ts';
import { networkInterface } from './interface.ts';
import { kernelParam } from './kernel-param.ts';
import { mount } from './mount.ts';
import { netns } from './netns.ts';
import { port } from './port.ts';
import { process } from './process.ts';
import { reach } from './reach.ts';
import { routes } from './routes.ts';
import type { Resource } from './types.ts';

/** Every resource. All are read with a document, whose words they know. */
export const resources: readonly Resource[] = [
  addr,
  bridge,
  command,
  container,
  dns,
  file,
  http,
  networkInterface,
  kernelParam,
  mount,
  netns,
  port,
  process,
  reach,
  routes,
];

/** Their keys, in alphabetical order. */
export const resourceKeys: readonly string[] = resources.map(({ key }) => key);

/** The resource of that key; `undefined` when there is none. */
export function findResource(key: string): Resource | undefined {
  return resources.find((resource) => resource.key === key);
}
