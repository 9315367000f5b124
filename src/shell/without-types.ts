import { transform } from 'sucrase';

/** A TypeScript program as JavaScript. A file of its own, because only `ts` blocks pay for loading it. */
export function withoutTypes(code: string): string {
  return transform(code, { transforms: ['typescript'], disableESTransforms: true }).code;
}
