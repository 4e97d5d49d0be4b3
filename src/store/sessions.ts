import { and, eq, gt, isNull } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { sha256 } from '../domain/json.ts';
import type { SessionStore } from '../engine/session-store.ts';
import * as schema from './schema.ts';

/** Sign-in links and sessions; only hashes of tokens are kept. */
export function createSessionStore(pool: pg.Pool): SessionStore {
  const database = drizzle(pool);
  const { signInLinks, sessions } = schema;
  return {
    async addLink(token, person, expiresAt) {
      await database.insert(signInLinks).values({ tokenHash: sha256(token), person, expiresAt });
    },
    async useLink(token, now) {
      const [link] = await database
        .update(signInLinks)
        .set({ usedAt: now })
        .where(
          and(
            eq(signInLinks.tokenHash, sha256(token)),
            isNull(signInLinks.usedAt),
            gt(signInLinks.expiresAt, now),
          ),
        )
        .returning({ person: signInLinks.person });
      return link?.person;
    },
    async addSession(token, person, createdAt, expiresAt) {
      await database.insert(sessions).values({ tokenHash: sha256(token), person, createdAt, expiresAt });
    },
    async findSession(token, now) {
      const [session] = await database
        .select({ person: sessions.person })
        .from(sessions)
        .where(and(eq(sessions.tokenHash, sha256(token)), gt(sessions.expiresAt, now)));
      return session?.person;
    },
    async switchSession(token, person) {
      await database
        .update(sessions)
        .set({ person })
        .where(eq(sessions.tokenHash, sha256(token)));
    },
    async endSession(token) {
      await database.delete(sessions).where(eq(sessions.tokenHash, sha256(token)));
    },
  };
}
