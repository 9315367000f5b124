import { file } from './file.ts';
import { networkInterface } from './interface.ts';
import { port } from './port.ts';
import { process } from './process.ts';
import type { Resource } from './types.ts';

/** Every resource. All are read with a document, whose words they know. */
const resources: readonly Resource[] = [file, networkInterface, port, process];

/** Their keys, in alphabetical order. */
export const resourceKeys: readonly string[] = resources.map(({ key }) => key);

/** The resource of that key; `undefined` when there is none. */
export function findResource(key: string): Resource | undefined {
  return resources.find((resource) => resource.key === key);
}
