import type { IncomingMessage } from 'node:http';

export const largestRequestBytes = 4 * 1024 * 1024;

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

/** Whether the request announces a body. */
export function hasBody(request: IncomingMessage): boolean {
  return (
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  );
}
