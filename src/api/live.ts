import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { viewConversation } from '../engine/view-conversation.ts';
import { requirePerson, signedIn } from './authenticate.ts';
import type { ApiContext } from './context.ts';

const subscription = z.object({ type: z.literal('subscribe'), conversation: z.string().max(100) });

/** How often a socket looks for itself, should a notice have been lost, in milliseconds. */
const fallbackMs = 3_000;
/** Notices within this time are answered by one look, in milliseconds. */
const gatherMs = 40;

/** Live entries of one conversation over a WebSocket: what changed since the last look, and nothing twice. */
export function liveRoutes(context: ApiContext) {
  return async (api: FastifyInstance): Promise<void> => {
    api.get('/live', { websocket: true, preHandler: requirePerson(context) }, (socket, request) => {
      const person = request.person.name;
      let conversation: string | undefined;
      let sent = new Map<string, number>();
      let timer: NodeJS.Timeout | undefined;
      let looking = Promise.resolve();
      const look = async () => {
        if (conversation === undefined) return;
        const entries = await viewConversation(context.engine, conversation, person, sent);
        if (entries.length === 0) return;
        for (const { key, seq } of entries) sent.set(key, seq);
        socket.send(JSON.stringify({ type: 'entries', conversation, entries }));
      };
      const soon = () => {
        timer ??= setTimeout(() => {
          timer = undefined;
          looking = looking.then(look).catch(() => socket.close(1011, 'try again'));
        }, gatherMs);
      };
      const stop = context.onChange((changed) => {
        if (changed === conversation) soon();
        else socket.send(JSON.stringify({ type: 'conversations' }));
      });
      const fallback = setInterval(() => {
        // A session may have ended, or become another person's, since the socket was opened.
        signedIn(context, request)
          .then((now) => (now.name === person ? soon() : socket.close(1008, 'sign in again')))
          .catch(() => socket.close(1008, 'sign in again'));
      }, fallbackMs);
      socket.on('message', (data: Buffer) => {
        const message = subscription.safeParse(readJson(data));
        if (!message.success) return socket.close(1008, 'say {"type":"subscribe","conversation":"…"}');
        conversation = message.data.conversation;
        sent = new Map();
        soon();
      });
      socket.on('close', () => {
        stop();
        clearInterval(fallback);
        clearTimeout(timer);
      });
    });
  };
}

function readJson(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    return undefined;
  }
}
