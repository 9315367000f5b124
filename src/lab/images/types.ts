import type { ImageSpec } from '../../runbook/types.ts';
import type { DockerEngine } from '../docker.ts';

/** What a source needs to know to provide an image. */
export interface ImageRequest {
  readonly image: ImageSpec;
  /** Absolute folder of the runbook. */
  readonly folder: string;
  readonly engine: DockerEngine;
  /** A folder that goes with the lab, as this process reaches it. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** One way to come by an image. */
export interface ImageSource {
  readonly name: string;
  /** Puts the image into the engine and resolves to `undefined`, or to the reason why it could not, in a phrase. */
  provide(request: ImageRequest): Promise<string | undefined>;
}
