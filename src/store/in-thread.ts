import { and, eq } from 'drizzle-orm';
import type { ThreadAddress } from '../domain/ports/chat-platform.ts';
import type { chatPosts, chatThreads } from './schema.ts';

/** The rows of one thread on a chat platform. */
export function inThread(table: typeof chatThreads | typeof chatPosts, address: ThreadAddress) {
  return and(
    eq(table.platform, address.platform),
    eq(table.team, address.team),
    eq(table.channel, address.channel),
    eq(table.thread, address.thread),
  );
}
