const fence = '```';

/** A fenced block. */
export function block(info: string, ...lines: readonly string[]): string {
  return [fence + info, ...lines, fence, ''].join('\n');
}

/** A document with a title and these blocks, an empty line between them. */
export function page(title: string, ...blocks: readonly string[]): string {
  return [`# ${title}`, '', ...blocks.flatMap((each) => [each])].join('\n');
}
