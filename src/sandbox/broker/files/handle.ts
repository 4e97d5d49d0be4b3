import type { ServerResponse } from 'node:http';
import { FaultError } from '../../../domain/fault.ts';
import { answerJson } from '../answers.ts';
import type { JudgedRequest } from '../judgement.ts';
import { listFolder, readListed } from './listing.ts';

/**
 * Answers `GET /listing?below=` and `GET /file?below=&path=` from a configured folder. Nothing is ever written there.
 * @throws FaultError `refused` for any other request
 */
export async function handleFiles(root: string, { method, path }: JudgedRequest, response: ServerResponse) {
  const value = (key: string) => path.query.find((pair) => pair.key === key)?.value ?? '';
  if (method === 'GET' && path.path === '/listing')
    return answerJson(response, await listFolder(root, value('below')));
  if (method !== 'GET' || path.path !== '/file')
    throw new FaultError('refused', 'A folder answers GET /listing and GET /file.');
  const content = await readListed(root, value('below'), value('path'));
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': content.length });
  response.end(content);
}
