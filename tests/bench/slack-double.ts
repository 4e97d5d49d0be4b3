import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** As much of Slack as a bench needs: it takes posts, and sends events by both ways, measuring each acknowledgement. */
export type SlackDouble = {
  apiUrl: string;
  secret: string;
  /** Keys of entries that were posted new, and how often. */
  posted: Map<string, number>;
  connected(): boolean;
  /** Sends an event over a socket. @returns milliseconds to the acknowledgement. */
  bySocket(event: object): Promise<number>;
  /** Sends an event over HTTP. @returns milliseconds to the acknowledgement. */
  byHttp(url: string, event: object): Promise<number>;
  stop(): Promise<void>;
};

export async function startSlackDouble(): Promise<SlackDouble> {
  const secret = 'bench-signing-secret';
  const posted = new Map<string, number>();
  const waiting = new Map<string, () => void>();
  const sockets = new Set<WebSocket>();
  let next = 1;
  const answer = (method: string, form: URLSearchParams): object => {
    if (method === 'auth.test')
      return { team_id: 'T01TEST', team: 'Bench', user: 'reign', user_id: 'U0BOT', bot_id: 'B0BOT' };
    if (method === 'apps.connections.open') return { url: `ws://127.0.0.1:${port()}/socket` };
    if (method === 'users.info') return { user: { id: form.get('user'), team_id: 'T01TEST' } };
    if (method === 'conversations.info')
      return { channel: { id: form.get('channel'), is_ext_shared: false } };
    if (method === 'conversations.open') return { channel: { id: `D${form.get('users')}` } };
    if (method !== 'chat.postMessage') return {};
    const metadata = JSON.parse(form.get('metadata') ?? '{}') as { event_payload?: { key?: string } };
    const key = metadata.event_payload?.key ?? '';
    posted.set(key, (posted.get(key) ?? 0) + 1);
    return { channel: form.get('channel'), ts: `9.${String(next++).padStart(6, '0')}` };
  };
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let text = '';
    request.on('data', (data: Buffer) => {
      text += data.toString();
    });
    request.on('end', () => {
      const method = (request.url ?? '').replace('/api/', '');
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ok: true, ...answer(method, new URLSearchParams(text)) }));
    });
  });
  const hub = new WebSocketServer({ server });
  hub.on('connection', (socket) => {
    sockets.add(socket);
    socket.send(JSON.stringify({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A01' } }));
    socket.on('message', (data) => {
      const { envelope_id = '' } = JSON.parse(String(data)) as { envelope_id?: string };
      waiting.get(envelope_id)?.();
      waiting.delete(envelope_id);
    });
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = () => (server.address() as AddressInfo).port;
  const payload = (event: object) => ({
    type: 'event_callback',
    team_id: 'T01TEST',
    api_app_id: 'A01',
    event_id: randomUUID(),
    event,
  });
  return {
    apiUrl: `http://127.0.0.1:${port()}/api/`,
    secret,
    posted,
    connected: () => sockets.size > 0,
    async bySocket(event) {
      const [socket] = sockets;
      const envelope_id = randomUUID();
      const started = performance.now();
      const acknowledged = new Promise<void>((resolve) => waiting.set(envelope_id, resolve));
      socket?.send(
        JSON.stringify({
          type: 'events_api',
          envelope_id,
          accepts_response_payload: false,
          payload: payload(event),
        }),
      );
      await acknowledged;
      return performance.now() - started;
    },
    async byHttp(url, event) {
      const body = JSON.stringify(payload(event));
      const at = String(Math.floor(Date.now() / 1000));
      const signature = `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`;
      const headers = {
        'content-type': 'application/json',
        'x-slack-request-timestamp': at,
        'x-slack-signature': signature,
      };
      const started = performance.now();
      const { status } = await fetch(`${url}/slack/events`, { method: 'POST', headers, body });
      if (status !== 200) throw new Error(`an event was answered with ${status}`);
      return performance.now() - started;
    },
    async stop() {
      for (const socket of sockets) socket.terminate();
      hub.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
