import { LabError } from '../../errors.ts';
import { trace, tracing } from '../../trace.ts';
import { busybox } from './busybox.ts';
import { dockerfile } from './dockerfile.ts';
import { machineEngine } from './machine-engine.ts';
import { registry } from './registry.ts';
import type { ImageRequest, ImageSource } from './types.ts';

/** In the order in which they are asked: what the author wrote, what is here, what is far. */
const sources: readonly ImageSource[] = [dockerfile, machineEngine, busybox, registry];

/** Puts an image into a lab's engine, or throws a `LabError` that names every source and why it could not. */
export async function provideImage(request: ImageRequest): Promise<void> {
  const tried: string[] = [];
  for (const source of sources) {
    const started = performance.now();
    const reason = await source.provide(request);
    if (tracing.hasSubscribers)
      trace('lab', `image ${request.image.name}: ${source.name}: ${reason ?? 'has it'}`, started);
    if (reason === undefined) return;
    tried.push(`${source.name}: ${reason}`);
  }
  throw new LabError(`image ${request.image.name} cannot be had`, {
    hint: 'put a Dockerfile beside the runbook, or install skopeo where a registry can be reached',
    log: tried.join('\n'),
  });
}
