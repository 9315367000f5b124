import { type RequestOptions, request } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LabError } from '../errors.ts';

/** One call of the Engine API. Its errors are JSON with a message; its progress is JSON lines, the last of them telling. */
export function call(options: RequestOptions, body?: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...options, headers: { 'Content-Type': 'application/x-tar' } }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text = (text + chunk.toString()).slice(-65_536);
      });
      response.on('error', reject);
      response.on('end', () => {
        const failure = /"(?:error|message)":"((?:[^"\\]|\\.)*)"/.exec(text);
        const failed = (response.statusCode ?? 500) >= 400 || /"error":/.test(text);
        if (failed) reject(new LabError(`Docker Engine: ${failure?.[1] ?? text.slice(0, 500)}`));
        else resolve(text);
      });
    });
    outgoing.on('error', reject);
    if (body) pipeline(body, outgoing).catch(reject);
    else outgoing.end();
  });
}
