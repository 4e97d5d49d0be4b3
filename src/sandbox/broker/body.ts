import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import { FaultError } from '../../domain/fault.ts';

export const largestRequestBytes = 4 * 1024 * 1024;
/** The context of an image build, which is streamed through. */
export const largestStreamBytes = 64 * 1024 * 1024;

/** The whole body of a request; undefined when it is larger than `largest`. Rejects when the sender goes away. */
export async function readBody(
  request: IncomingMessage,
  largest = largestRequestBytes,
): Promise<Buffer | undefined> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > largest) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largest) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** The body of a request as it arrives; it fails with `too-large` where it is larger than 64 MB. */
export function streamBody(request: IncomingMessage): Transform {
  let size = 0;
  const bounded = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > largestStreamBytes) done(new FaultError('too-large', 'A build may carry 64 MB at most.'));
      else done(null, chunk);
    },
  });
  request.on('error', (error) => bounded.destroy(error));
  return request.pipe(bounded);
}

/** Whether the request announces a body. */
export function hasBody(request: IncomingMessage): boolean {
  return (
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  );
}
