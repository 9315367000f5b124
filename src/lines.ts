/** Hands on the lines of a stream of ASCII, without their ends. Loading `node:readline` takes longer than what it is used for. */
export function eachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  stream.on('data', inLines(onLine));
}

/** The same of chunks that somebody else reads. */
export function inLines(onLine: (line: string) => void): (chunk: Buffer) => void {
  let begun = '';
  return (chunk) => {
    const lines = (begun + chunk.toString('latin1')).split('\n');
    begun = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };
}
