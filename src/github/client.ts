import type { Octokit } from '@octokit/rest';
import { type FaultCode, FaultError, faultTable } from '../domain/fault.ts';
import type { Reader } from '../domain/ports/reader.ts';
import { socketFetch } from './transport.ts';

export type { Octokit };

type Answer<Data> = { status: number; data: Data };

const silent = () => {};

/** GitHub's REST API of a connection, through the step's own socket. */
export async function openGithub(reader: Reader, connectionId: string): Promise<Octokit> {
  const connection = reader.connect(connectionId);
  const { Octokit } = await import('@octokit/rest');
  return new Octokit({
    baseUrl: connection.baseUrl,
    userAgent: 'reign',
    log: { debug: silent, info: silent, warn: silent, error: silent },
    request: { fetch: socketFetch(connection, reader.signal) },
  });
}

/**
 * Waits for an answer of GitHub and gives its data.
 * @throws FaultError in words of GitHub's own where it refused.
 */
export async function said<Data>(answer: Promise<Answer<Data>>, what: string): Promise<Data> {
  const { status, data } = await answer.catch((error: unknown) => {
    throw faultOf(error, what);
  });
  if (status < 300) return data;
  throw new FaultError('not-found', `${what}: it has moved. Use its present name.`);
}

/** The same, where GitHub may know nothing of it: then undefined. */
export async function found<Data>(answer: Promise<Answer<Data>>, what: string): Promise<Data | undefined> {
  try {
    return await said(answer, what);
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === 'not-found') return undefined;
    throw error;
  }
}

/** The same for lists: what is asked for by pages of 100, up to 1000. */
export async function all<Item>(
  page: (paging: { per_page: number; page: number }) => Promise<Answer<Item[]>>,
  what: string,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let number = 1; number <= 10; number += 1) {
    const next = await said(page({ per_page: 100, page: number }), what);
    items.push(...next);
    if (next.length < 100) break;
  }
  return items;
}

type RequestError = {
  name?: string;
  status?: number;
  message?: string;
  cause?: unknown;
  response?: {
    headers?: { [name: string]: string | number | undefined };
    data?: { message?: string; errors?: (string | { message?: string; field?: string; code?: string })[] };
  };
};

function faultOf(error: unknown, what: string): unknown {
  if (error instanceof FaultError) return error;
  const { name, status, message, cause, response } = error as RequestError;
  if (cause instanceof FaultError) return cause;
  if (name === 'AbortError' || status === undefined) return error;
  const { headers = {}, data } = response ?? {};
  const details = (data?.errors ?? []).map((each) =>
    typeof each === 'string' ? each : (each.message ?? `${each.field ?? 'something'} is ${each.code}`),
  );
  const words = [data?.message ?? message ?? `status ${status}`, ...details].join('; ');
  // The broker's own word, not the server's.
  const refused = String(headers['x-reign-fault'] ?? '');
  if (refused in faultTable) return new FaultError(refused as FaultCode, words);
  const limited = headers['x-ratelimit-remaining'] === '0' || status === 429;
  if (limited)
    return new FaultError('locked', `${what}: GitHub's rate limit is used up. ${untilWhen(headers)}`);
  return new FaultError(codeOf(status), [`${what}: ${words}`, ...adviceOf(status)].join('. '), {
    cause: error,
  });
}

function adviceOf(status: number): string[] {
  if (status === 401) return ["GitHub does not take the connection's token: renew it (`reign doctor`)"];
  if (status === 403)
    return ["The connection's token may not do this: give it the right, or ask somebody who may"];
  return [];
}

function untilWhen(headers: { [name: string]: string | number | undefined }): string {
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  if (Number.isNaN(reset)) return 'Try again later.';
  return `Try again after ${new Date(reset * 1000).toISOString()}.`;
}

function codeOf(status: number): FaultCode {
  switch (status) {
    case 400:
    case 422:
      return 'bad-request';
    case 401:
    case 403:
    case 451:
      return 'not-allowed';
    case 404:
    case 410:
      return 'not-found';
    case 405:
    case 409:
    case 412:
      return 'conflict';
    default:
      return status >= 500 ? 'unreachable' : 'internal';
  }
}
