import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ChatEntry, PlanCard } from '../domain/chat.ts';
import { type Fault, FaultError } from '../domain/fault.ts';

/** `client` is used instead of the Reign that runs on the data folder. */
export type ClientOptions = { dataDir: string; as?: string; client?: Client };

/** The service as the command line sees it. Every call throws FaultError with words for people. */
export type Client = {
  url: string;
  send(text: string, key: string, conversation?: string): Promise<{ message: string; conversation: string }>;
  entries(conversation: string): Promise<ChatEntry[]>;
  answer(question: string, option: number): Promise<void>;
  plans(open: boolean): Promise<PlanCard[]>;
  plan(id: string): Promise<PlanCard>;
  decide(
    id: string,
    decision: { revision: number; verdict: string; reason?: string; breakGlass?: boolean },
  ): Promise<{ state: string }>;
  review(id: string, review: { verdict: string; reason?: string }): Promise<{ state: string }>;
  cancel(id: string): Promise<{ state: string }>;
  undo(id: string): Promise<string>;
  call<T>(method: string, route: string, body?: unknown): Promise<T>;
  stream(route: string): Promise<ReadableStream<Uint8Array>>;
};

/** Connects to the Reign that runs on this data folder, by the address and token in its run.json. */
export async function connect({ dataDir, as, client }: ClientOptions): Promise<Client> {
  if (client) return client;
  const { url } = await readRun(dataDir);
  const request = async (method: string, route: string, body?: unknown): Promise<Response> => {
    // Read each time: a Reign that was restarted has another token, and perhaps another address.
    const run = await readRun(dataDir);
    const headers = {
      authorization: `Bearer ${run.token}`,
      'content-type': 'application/json',
      ...(as === undefined ? {} : { 'x-reign-as': encodeURIComponent(as) }),
    };
    const response = await fetch(`${run.url}${route}`, {
      method,
      headers,
      ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    }).catch(() => {
      throw new FaultError(
        'unreachable',
        `Reign does not answer at ${run.url}. Is it running? \`npm start\` starts it.`,
      );
    });
    if (!response.ok) throw await faultIn(response);
    return response;
  };
  return clientOver(url, request);
}

/** The service over whatever carries a request to it; `request` throws FaultError for an answer that is none. */
export function clientOver(
  url: string,
  request: (method: string, route: string, body?: unknown) => Promise<Response>,
): Client {
  const call = async <T>(method: string, route: string, body?: unknown) =>
    (await (await request(method, route, body)).json()) as T;
  const planRoute = (id: string) => `/api/v1/plans/${encodeURIComponent(id)}`;
  return {
    url,
    call,
    send: (text, key, conversation) => call('POST', '/api/v1/messages', { text, key, conversation }),
    entries: async (id) =>
      (await call<{ entries: ChatEntry[] }>('GET', `/api/v1/conversations/${id}`)).entries,
    answer: async (id, option) =>
      call('POST', `/api/v1/questions/${encodeURIComponent(id)}/answer`, { option }),
    plans: async (open) => (await call<{ plans: PlanCard[] }>('GET', `/api/v1/plans?open=${open}`)).plans,
    plan: async (id) => (await call<{ plan: PlanCard }>('GET', planRoute(id))).plan,
    decide: (id, decision) => call('POST', `${planRoute(id)}/decisions`, decision),
    review: (id, review) => call('POST', `${planRoute(id)}/review`, review),
    cancel: (id) => call('POST', `${planRoute(id)}/cancel`),
    undo: async (id) => (await call<{ plan: string }>('POST', `${planRoute(id)}/undo`)).plan,
    async stream(route) {
      const { body } = await request('GET', route);
      if (!body) throw new FaultError('internal', 'The answer was empty.');
      return body;
    },
  };
}

async function readRun(dataDir: string): Promise<{ url: string; token: string }> {
  const file = path.join(dataDir, 'run.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? '' : ` (${error.message})`;
    throw new FaultError('unreachable', `Reign is not running on ${dataDir}${why}. \`npm start\` starts it.`);
  });
  return JSON.parse(text) as { url: string; token: string };
}

/** What an answer says went wrong. */
export async function faultIn(response: Response): Promise<FaultError> {
  const body = (await response.json().catch(() => ({}))) as { fault?: Fault };
  if (body.fault) return new FaultError(body.fault.code, body.fault.message);
  return new FaultError('internal', `Reign answered ${response.status}.`);
}
