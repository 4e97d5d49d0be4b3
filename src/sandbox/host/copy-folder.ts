import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { dirname, join } from 'node:path';
import { FaultError, fault } from '../../domain/fault.ts';
import { faultIn } from '../../domain/fault-in.ts';
import type { Listing } from '../../domain/ports/files.ts';
import type { Connection } from '../../domain/ports/reader.ts';

/** Copies what a folder connection holds below a path; each file is held against the listing's hash. */
export async function copyFolder(
  connection: Connection,
  below: string,
  into: string,
  signal: AbortSignal,
): Promise<Listing> {
  const query = `below=${encodeURIComponent(below)}`;
  const listing = JSON.parse(String(await get(connection, `/listing?${query}`, signal))) as Listing;
  for (const { path, executable, sha256 } of listing.files) {
    const content = await get(connection, `/file?${query}&path=${encodeURIComponent(path)}`, signal);
    if (createHash('sha256').update(content).digest('hex') !== sha256)
      throw new FaultError('world-changed', `${path} changed while it was being read. Ask again.`);
    const place = join(into, ...path.split('/'));
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, content, { mode: executable ? 0o755 : 0o644 });
  }
  return listing;
}

function get({ socketPath, baseUrl }: Connection, path: string, signal: AbortSignal): Promise<Buffer> {
  const { host } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    const options = { socketPath, path, headers: { host }, signal };
    const request = httpRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks);
        if (response.statusCode === 200) resolve(body);
        else reject(refusal(body));
      });
    });
    request.on('error', reject);
    request.end();
  });
}

function refusal(body: Buffer): FaultError {
  const { code, message } = faultIn(String(body)) ?? fault('unreachable', 'The folder could not be read.');
  return new FaultError(code, message);
}
