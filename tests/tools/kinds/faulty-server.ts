import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes wrong with one request. */
export type Trouble =
  /** Answered in the server's place. */
  | { kind: 'answer'; status: number; body: string; type?: string; headers?: { [name: string]: string } }
  /** Never answered; the server does not hear of it. */
  | { kind: 'hang' }
  /** The connection breaks; the server does not hear of it. */
  | { kind: 'reset' }
  /** The server carries it out, and its answer is lost. */
  | { kind: 'lost'; answer: 'hangs' | 'breaks' }
  /** The server's own answer, cut in the middle. */
  | { kind: 'cut' }
  /** Whoever asks is killed, before or after the server carries it out. */
  | { kind: 'kill'; carriedOut: boolean };

/** A request as the server would see it. `look`: it reads, or is a dry run. */
export type Seen = { method: string; path: string; body: string; look: boolean; dryRun: boolean };

/** A server in front of a real one, for faults at the request that a test chooses. */
export type FaultyServer = {
  url: string;
  /** What was asked, since it was last emptied. */
  asked: Seen[];
  /** The writes that the real server got. */
  written: Seen[];
  /** Chooses what goes wrong. */
  trouble: ((seen: Seen) => Trouble | undefined) | undefined;
  /** Called when a request hangs. */
  hangs: () => void;
  /** Called when whoever asks is killed. */
  kills: () => void;
  close(): Promise<void>;
};

/** `upstream` is an address, or the path of a unix socket. */
export async function startFaultyServer(
  upstream: string,
  looks: (request: Omit<Seen, 'look' | 'dryRun'>) => boolean = () => false,
): Promise<FaultyServer> {
  const agent = new Agent({ keepAlive: true });
  const faulty: FaultyServer = {
    ...{ url: '', asked: [], written: [], trouble: undefined, hangs: () => {}, kills: () => {} },
    close() {
      agent.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  const server = createServer((request, response) => {
    handle(faulty, upstream, agent, looks, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  faulty.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return faulty;
}

async function handle(
  faulty: FaultyServer,
  upstream: string,
  agent: Agent,
  looks: (request: Omit<Seen, 'look' | 'dryRun'>) => boolean,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request);
  const asked = { method: request.method ?? '', path: request.url ?? '', body: body.toString('utf8') };
  const dryRun = /[?&]dryRun=All/.test(asked.path) || /"dryRun":\s*\["All"\]/.test(asked.body);
  const look = dryRun || asked.method === 'GET' || asked.method === 'HEAD' || looks(asked);
  const seen = { ...asked, look, dryRun };
  faulty.asked.push(seen);
  const trouble = faulty.trouble?.(seen);
  if (trouble?.kind === 'answer') {
    const { status, type = 'application/json', headers } = trouble;
    response.writeHead(status, { 'content-type': type, ...headers }).end(trouble.body);
    return;
  }
  if (trouble?.kind === 'hang') return faulty.hangs();
  if (trouble?.kind === 'kill' && !trouble.carriedOut) return faulty.kills();
  if (trouble?.kind === 'reset') return void response.destroy();
  if (!look) faulty.written.push(seen);
  const answer = await ask(upstream, agent, request, body);
  if (trouble?.kind === 'kill') return faulty.kills();
  if (trouble?.kind === 'lost') {
    await bodyOf(answer);
    return trouble.answer === 'hangs' ? faulty.hangs() : void response.destroy();
  }
  if (trouble?.kind === 'cut') {
    const whole = await bodyOf(answer);
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'content-length': whole.length + 1 });
    response.write(whole.subarray(0, whole.length / 2), () => response.destroy());
    return;
  }
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  response.once('close', () => answer.destroy());
  answer.pipe(response);
}

function ask(
  upstream: string,
  agent: Agent,
  { method = 'GET', url = '/', headers }: IncomingMessage,
  body: Buffer,
): Promise<IncomingMessage> {
  const socket = upstream.startsWith('/');
  const where = socket ? { socketPath: upstream, path: url } : {};
  const { connection: _, 'transfer-encoding': __, ...kept } = headers;
  const sent = {
    ...kept,
    ...(body.length === 0 && method === 'GET' ? {} : { 'content-length': String(body.length) }),
  };
  return new Promise((resolve, reject) => {
    const onward = httpRequest(new URL(url, socket ? 'http://localhost' : upstream), {
      ...where,
      ...{ agent, method, headers: sent },
    });
    onward.on('response', resolve);
    onward.on('error', reject);
    onward.end(body);
  });
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
