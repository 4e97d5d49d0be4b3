import { text } from 'node:stream/consumers';
import { FaultError } from '../../domain/fault.ts';
import type { Json } from '../../domain/json.ts';
import type { ServerAccess } from '../../domain/ports/credentials.ts';
import { createUpstreams } from '../broker/upstreams.ts';
import { parseObject } from '../protocol.ts';

/** The few requests to a cluster's API that steps in pods take, all in one namespace. */
export type ClusterApi = {
  /** The answer of the server; undefined for a 404 to GET or DELETE. Throws FaultError with the server's words. */
  ask(method: Method, path: string, body?: object): Promise<Answer | undefined>;
  close(): Promise<void>;
};

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
export type Answer = { [field: string]: Json };

const answerMilliseconds = 15_000;

export function clusterApi(access: () => Promise<ServerAccess>, namespace: string): ClusterApi {
  const upstreams = createUpstreams();
  const send = async (method: Method, path: string, body?: object) => {
    const server = await access();
    const { pool, prefix } = upstreams.of(server);
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const answer = await pool
      .request({
        ...{ method, path: `${prefix}${path.replace('/*', `/namespaces/${namespace}`)}` },
        headers: { ...server.headers, accept: 'application/json', 'content-type': type },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(answerMilliseconds),
      })
      .catch((error: Error) => {
        const why = error.message || String((error as NodeJS.ErrnoException).code);
        throw new FaultError('unreachable', `The cluster for steps' pods cannot be reached: ${why}.`);
      });
    return { status: answer.statusCode, said: await text(answer.body) };
  };
  return {
    async ask(method, path, body) {
      const { status, said } = await send(method, path, body);
      if (status < 300) return parseObject(said);
      if (status === 404 && (method === 'GET' || method === 'DELETE')) return undefined;
      throw refusal(status, String(parseObject(said)?.['message'] ?? said.slice(0, 300)));
    },
    close: () => upstreams.close(),
  };
}

function refusal(status: number, said: string): FaultError {
  const words = `The cluster for steps' pods refused: ${said.replace(/\.?$/, '.')}`;
  if (status === 403 && said.includes('exceeded quota'))
    return new FaultError('refused', `${words} Raise the quota, or wait until other steps have ended.`);
  if (status === 401 || status === 403)
    return new FaultError('not-allowed', `${words} Give the worker the Role of docs/step-pods.yaml.`);
  return new FaultError(status === 404 ? 'not-found' : 'unsupported', words);
}
