import type { Json } from '../../domain/json.ts';
import type { Posted, ThreadAddress } from '../../domain/ports/chat-platform.ts';

/** A thread that this gateway delivers to until its lease is over. */
export type TakenThread = ThreadAddress & {
  conversationId: string;
  reference?: Json;
  quiet: boolean;
  failures: number;
  /** What was pending when it was taken, and the lease it is held by: both as the store wrote them. */
  pending: string;
  lease: string;
};

export type StoredPost = {
  key: string;
  seq: number;
  onlyFor?: string;
  /** Absent while it is being posted. */
  posted?: Posted;
};

/** What is known of threads and posts. Reading and writing outside the transactions of plans. */
export interface ChatStore {
  /**
   * Takes threads with something to deliver; nobody else gets them until the lease is over. They stay pending until
   * they are released, so that what a lost gateway had taken is another's.
   */
  takeThreads(platforms: readonly string[], limit: number, leaseSeconds: number): Promise<TakenThread[]>;
  /** Holds a thread for longer. @returns the new lease, or undefined when it is another's by now. */
  keepThread(thread: TakenThread, leaseSeconds: number): Promise<string | undefined>;
  /** Lets a thread go, unless it is another's by now; what came meanwhile stays pending. */
  releaseThread(
    thread: TakenThread,
    outcome: { ok: true; more: boolean } | { ok: false; retryAt: Date; problem: string },
  ): Promise<void>;
  posts(thread: ThreadAddress): Promise<StoredPost[]>;
  /** Gives a thread that was not begun yet the name that its platform has given it. */
  openThread(thread: ThreadAddress, name: string): Promise<void>;
  /** Writes down that an entry is about to be posted. */
  beginPost(thread: ThreadAddress, post: { key: string; planId?: string; onlyFor?: string }): Promise<void>;
  /** What the entry is about can have changed since it was first posted. */
  finishPost(
    thread: ThreadAddress,
    post: { key: string; seq: number; planId?: string; onlyFor?: string },
    posted: Posted | undefined,
  ): Promise<void>;
  /** Whose post a message is, for clicks on it. */
  postOf(
    platform: string,
    team: string,
    on: Posted,
  ): Promise<{ conversationId: string; key: string; planId?: string; onlyFor?: string } | undefined>;
  threadOf(address: ThreadAddress): Promise<{ conversationId: string; quiet: boolean } | undefined>;
  setQuiet(address: ThreadAddress, quiet: boolean): Promise<void>;
  /** Who was told of a plan's revision, and at which rung of the ladder. */
  noticed(planId: string, revision: number): Promise<{ rung: number; person: string }[]>;
  /** Threads with something that could not be delivered yet. */
  waiting(): Promise<{ threads: number; oldest?: Date; problem?: string }>;
}
