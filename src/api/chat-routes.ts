import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { FaultError } from '../domain/fault.ts';
import type { Person } from '../domain/person.ts';
import { answerQuestion } from '../engine/answer-question.ts';
import { receiveMessage } from '../engine/receive.ts';
import { viewConversation } from '../engine/view-conversation.ts';
import { maySeeConversation } from '../engine/visibility.ts';
import { requirePerson } from './authenticate.ts';
import type { ApiContext } from './context.ts';
import type { Api } from './server.ts';

const newMessage = z.object({
  text: z.string(),
  conversation: z.string().max(100).optional(),
  key: z.string().min(1).max(200).describe('Your own id of this message: sent again, it is stored once.'),
});

/** Conversations and messages. */
export function chatRoutes(context: ApiContext) {
  return async (instance: FastifyInstance): Promise<void> => {
    const api = instance as Api;
    const { engine } = context;
    const preHandler = requirePerson(context);
    api.get('/conversations', { preHandler, schema: { tags: ['chat'] } }, async ({ person }) => {
      return { conversations: await visibleConversations(engine, person) };
    });
    const find = async (id: string, person: Person) => {
      const found = await engine.store.queries.conversation(id);
      if (found && (await maySeeConversation(engine, found, person))) return found;
      throw new FaultError('not-found', `There is no conversation ${id}.`);
    };
    const params = z.object({ id: z.string().max(100) });
    api.get('/conversations/:id', { preHandler, schema: { params, tags: ['chat'] } }, async (request) => {
      const { id, title, createdBy } = await find(request.params.id, request.person);
      const entries = await viewConversation(engine, id, request.person.name);
      return { conversation: { id, title, createdBy }, entries };
    });
    api.post(
      '/messages',
      { preHandler, schema: { body: newMessage, tags: ['chat'] } },
      async (request, reply) => {
        const { text, conversation, key } = request.body;
        const person = request.person.name;
        if (conversation !== undefined) await find(conversation, request.person);
        const received = await receiveMessage(engine, {
          person,
          text,
          dedupeKey: `local/${person}/${key}`,
          ...(conversation === undefined ? {} : { conversationId: conversation }),
        });
        reply.code(202);
        return { message: received.messageId, conversation: received.conversationId };
      },
    );
    const answer = z.object({ option: z.number().int().min(0).max(100) });
    api.post(
      '/questions/:id/answer',
      { preHandler, schema: { params, body: answer, tags: ['chat'] } },
      async (request) => {
        const { id } = request.params;
        await answerQuestion(engine, {
          questionId: id,
          person: request.person.name,
          option: request.body.option,
        });
        return {};
      },
    );
  };
}

async function visibleConversations(engine: ApiContext['engine'], person: Person) {
  const all = await engine.store.queries.conversationsOf(100);
  const visible = await Promise.all(all.map((each) => maySeeConversation(engine, each, person)));
  return all
    .filter((_, index) => visible[index])
    .map(({ id, title, createdBy, updatedAt }) => ({
      id,
      title,
      createdBy,
      updatedAt: updatedAt.toISOString(),
    }));
}
