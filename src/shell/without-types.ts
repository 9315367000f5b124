import { transform } from 'sucrase';

/**
 * A TypeScript program as JavaScript. Of one that cannot be read, a program that throws why and where, so that the step
 * fails as one in JavaScript does. A file of its own, because only `ts` blocks pay for loading it.
 */
export function withoutTypes(code: string): string {
  try {
    return transform(code, { transforms: ['typescript'], disableESTransforms: true }).code;
  } catch (error) {
    const { message, loc } = error as Error & { readonly loc?: { readonly line: number; readonly column: number } };
    const where = loc ? `\n${code.split('\n')[loc.line - 1]}\n${'^'.padStart(loc.column)}\n\n` : '';
    return `throw new SyntaxError(${JSON.stringify(where + message)})`;
  }
}
