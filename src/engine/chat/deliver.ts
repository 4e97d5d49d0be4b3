import type { ChatEntry } from '../../domain/chat.ts';
import { ChatError, type ChatPlatform, type Post, type Posted } from '../../domain/ports/chat-platform.ts';
import type { GatewayEngine } from '../engine.ts';
import { drawEntry, type StoredView } from '../view-conversation.ts';
import type { ChatStore, StoredPost, TakenThread } from './ports.ts';
import { newThread } from './receive-alerts.ts';

export type Delivery = {
  engine: GatewayEngine;
  chat: ChatStore;
  platforms: readonly ChatPlatform[];
  planUrl: (planId: string) => string;
  /** Whether channels that other organisations see are written to in full. */
  allowExternal: boolean;
};

/** Threads that one round takes, and for how long each post keeps them this gateway's, in seconds. */
const perRound = 20;
const leaseSeconds = 30;
/** Entries that one turn posts; a platform takes about one a second. */
const perTurn = 40;
/** Kinds that a quiet thread leaves out. */
const chatter: ReadonlySet<string> = new Set(['working', 'progress', 'notice', 'said']);

/**
 * Posts what is new in conversations to the threads that show them, in order. What a platform cannot take now waits in
 * Postgres; a thread that fails holds up no other. @returns how many threads were taken up.
 */
export async function deliverRound(delivery: Delivery): Promise<number> {
  const names = delivery.platforms.map(({ name }) => name);
  const threads = await delivery.chat.takeThreads(names, perRound, leaseSeconds);
  await Promise.all(threads.map((thread) => deliverThread(delivery, thread)));
  return threads.length;
}

async function deliverThread(delivery: Delivery, thread: TakenThread): Promise<void> {
  const { chat, engine } = delivery;
  try {
    const more = await postAll(delivery, thread);
    await chat.releaseThread(thread, { ok: true, more });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    engine.logger.warn({ platform: thread.platform, channel: thread.channel, problem }, 'a delivery waits');
    countError(engine, thread.platform, error);
    engine.telemetry.count('reign_chat_retries_total', { platform: thread.platform });
    await chat.releaseThread(thread, { ok: false, retryAt: retryAt(engine, thread, error), problem });
  }
}

function countError({ telemetry }: GatewayEngine, platform: string, error: unknown): void {
  const kind = error instanceof ChatError ? error.kind : 'internal';
  telemetry.count('reign_chat_errors_total', { platform, kind });
}

/** A platform that says when is believed; else a second, doubled each time, up to five minutes. */
function retryAt(engine: GatewayEngine, { failures }: TakenThread, error: unknown): Date {
  const said = error instanceof ChatError ? error.retryAfterSeconds : undefined;
  const seconds = said ?? Math.min(300, 2 ** Math.min(failures, 9));
  return new Date(engine.clock.now().getTime() + seconds * 1000);
}

/** @returns whether something is left for the next round: one long thread must not hold up a stop. */
async function postAll(delivery: Delivery, thread: TakenThread): Promise<boolean> {
  const { engine, chat, platforms } = delivery;
  const platform = platforms.find(({ name }) => name === thread.platform);
  if (!platform) return false;
  const stored = await engine.store.queries.entries(thread.conversationId);
  const posts = new Map((await chat.posts(thread)).map((post) => [post.key, post]));
  // The process may have died between the first post of a new thread and the note of what it is called.
  const root = [...posts.values()].find(({ posted }) => posted !== undefined)?.posted;
  if (root && isNew(thread)) await begin(delivery, thread, root);
  const all = stored.filter(({ key, seq }) => seq > (posts.get(key)?.seq ?? 0));
  const due = all.slice(0, perTurn);
  const external =
    due.length > 0 && !delivery.allowExternal && (await platform.external(thread, thread.reference));
  for (const entry of due) {
    const lease = await chat.keepThread(thread, leaseSeconds);
    // We were silent for too long, and another gateway goes on with it.
    if (lease === undefined) return false;
    thread.lease = lease;
    if (skipped(thread, entry, posts.get(entry.key))) {
      await chat.beginPost(thread, entry);
      await chat.finishPost(thread, entry, undefined);
      continue;
    }
    const drawn = await drawEntry(engine, entry);
    if (!drawn) continue;
    const shown = external ? veiled(drawn) : drawn;
    const posted = await postOne(delivery, { platform, thread }, entry, shown, posts.get(entry.key));
    if (posted && isNew(thread)) await begin(delivery, thread, posted);
  }
  return all.length > due.length;
}

function isNew({ thread }: TakenThread): boolean {
  return thread.startsWith(newThread);
}

/** The first post of a new thread is what the others go below. */
async function begin({ chat }: Delivery, thread: TakenThread, { message }: Posted): Promise<void> {
  await chat.openThread(thread, message);
  thread.thread = message;
}

function skipped(thread: TakenThread, { kind, body }: StoredView, post: StoredPost | undefined): boolean {
  // What was said there is there already.
  if (kind === 'said') return (body as { from?: string }).from === thread.platform;
  return thread.quiet && chatter.has(kind) && post?.posted === undefined;
}

/** For a channel that other organisations see: that there is something, and where. */
function veiled(entry: ChatEntry): ChatEntry {
  if (entry.body.kind === 'working') return { ...entry, body: { kind: 'working', text: 'Looking at it…' } };
  const plan = 'plan' in entry.body ? entry.body.plan.id : undefined;
  const about = plan === undefined ? {} : { planId: plan };
  const text = 'People of other organisations see this channel: look at the web page.';
  return { ...entry, body: { kind: 'notice', text, ...about } };
}

type Place = { platform: ChatPlatform; thread: TakenThread };

async function postOne(
  { engine, chat, planUrl }: Delivery,
  { platform, thread }: Place,
  stored: StoredView,
  entry: ChatEntry,
  before: StoredPost | undefined,
): Promise<Posted | undefined> {
  const { key, planId, onlyFor } = stored;
  const post: Post = { key, body: entry.body, planUrl };
  if (!before) {
    const about = {
      ...(planId === undefined ? {} : { planId }),
      ...(onlyFor === undefined ? {} : { onlyFor }),
    };
    await chat.beginPost(thread, { key, ...about });
  }
  try {
    const posted = await putEntry(engine, { platform, thread }, post, stored, before);
    await chat.finishPost(thread, stored, posted);
    return posted;
  } catch (error) {
    if (!(error instanceof ChatError) || error.kind !== 'rejected') throw error;
    // It will never be taken as it is: said once, in the plainest form, and then left.
    engine.logger.error({ platform: platform.name, key, problem: error.message }, 'a post was refused');
    countError(engine, platform.name, error);
    const text = 'This could not be shown here; look at the web page.';
    const plain: Post = {
      ...post,
      body: { kind: 'notice', text, ...(planId === undefined ? {} : { planId }) },
    };
    const posted = await putEntry(engine, { platform, thread }, plain, stored, before).catch(() => undefined);
    await chat.finishPost(thread, stored, posted);
    return posted;
  }
}

async function putEntry(
  engine: GatewayEngine,
  { platform, thread }: Place,
  post: Post,
  { onlyFor }: StoredView,
  before: StoredPost | undefined,
): Promise<Posted | undefined> {
  if (onlyFor !== undefined) {
    const to = engine.people
      .find(onlyFor)
      ?.principals.find((each) => each.platform === thread.platform && each.team === thread.team);
    // What said "looking at it" to everybody must not go on saying so.
    if (before?.posted && onlyFor !== before.onlyFor) {
      const body = { kind: 'notice', text: `Answered to ${onlyFor} alone.` } as const;
      await platform.put(thread, thread.reference, { ...post, body }, before.posted);
    }
    return to && platform.putPrivate(thread, thread.reference, to.user, post);
  }
  // Begun and not finished: the process may have died between the post and the note of it.
  const at = isNew(thread) ? { ...thread, thread: '' } : thread;
  const existing =
    before?.posted ?? (before && before.seq === 0 ? await platform.find(at, post.key) : undefined);
  try {
    return await platform.put(at, thread.reference, post, existing);
  } catch (error) {
    if (!(error instanceof ChatError) || error.kind !== 'gone') throw error;
    return platform.put(at, thread.reference, post);
  }
}
