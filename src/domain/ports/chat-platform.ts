import type { Chart } from '../chart.ts';
import type { ChatBody, PlanCard } from '../chat.ts';
import type { ChatAct } from '../chat-act.ts';
import type { Json } from '../json.ts';
import type { Principal } from '../person.ts';

/** Where a thread is on a platform. A channel `@<user>` is the direct conversation with that person. */
export type ThreadAddress = { platform: string; team: string; channel: string; thread: string };

/** What the platform says of somebody: a full member, a guest, or a stranger of another organisation. */
export type Standing = 'member' | 'guest' | 'stranger';

export type InboundMessage = {
  from: Principal;
  standing: Standing;
  at: ThreadAddress;
  /** The platform's id of the message, unique in its channel; events about it come many times. */
  id: string;
  text: string;
  /** `none` is text between people: it may answer a question, and starts nothing. */
  addressed: 'mention' | 'direct' | 'none';
  /** Other people whose words these are, too: they become authors. */
  alsoBy?: readonly Principal[];
  /** What the platform needs to write into the thread later on. */
  reference?: Json;
};

export type ChangedMessage = Omit<InboundMessage, 'text' | 'reference'> & {
  /** Absent when the message was deleted. */
  text?: string;
  /** Distinguishes one edit from the next. */
  version: string;
};

/** A click on something that Reign has posted. */
export type Click = {
  from: Principal;
  standing: Standing;
  on: { channel: string; message: string };
  act: ChatAct;
};

/** A command such as `/reign approve p-abc`, without its first word. */
export type Command = { from: Principal; standing: Standing; at: ThreadAddress; text: string };

/** What somebody is told alone. */
export type PrivateReply = { body: ChatBody };

export type Home = { name: string; decide: PlanCard[]; mine: PlanCard[]; running: PlanCard[] };

/** What a platform hands in. Every method resolves once it is stored, and throws FaultError with words for the person. */
export interface Inbox {
  message(message: InboundMessage): Promise<void>;
  changed(change: ChangedMessage): Promise<void>;
  /** @returns what to tell the clicker alone, if anything. */
  click(click: Click): Promise<PrivateReply | undefined>;
  command(command: Command): Promise<PrivateReply>;
  home(from: Principal, standing: Standing): Promise<Home>;
  /** A plan as its full view shows it. */
  plan(from: Principal, planId: string): Promise<PlanCard>;
}

/** One entry of a conversation, to be posted or put in place of what was. */
export type Post = {
  key: string;
  body: ChatBody;
  /** Where a plan can be seen in full. */
  planUrl: (planId: string) => string;
};

export type Posted = { channel: string; message: string };

/**
 * Why a platform did not take a post. `rejected` will not get better by waiting; `gone` means that what was to be
 * changed is no longer there.
 */
export class ChatError extends Error {
  readonly kind: 'rate-limited' | 'unavailable' | 'revoked' | 'rejected' | 'gone';
  readonly retryAfterSeconds: number | undefined;
  constructor(kind: ChatError['kind'], message: string, retryAfterSeconds?: number) {
    super(message);
    this.name = 'ChatError';
    this.kind = kind;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A request that a platform sends to Reign over HTTP; the body is what came over the wire. */
export type WebhookRequest = { headers: Readonly<Record<string, string>>; body: string };
export type WebhookReply = { status: number; headers?: Record<string, string>; body?: string };
export type Webhook = { path: string; handle(request: WebhookRequest): Promise<WebhookReply> };

/** A chat platform. Everything it posts throws ChatError. */
export interface ChatPlatform {
  readonly name: string;
  readonly webhooks: readonly Webhook[];
  /** Begins to take messages; goes on trying by itself while the platform is away. */
  start(inbox: Inbox): Promise<void>;
  stop(): Promise<void>;
  /** Posts an entry, or changes what `existing` names. */
  put(at: ThreadAddress, reference: Json | undefined, post: Post, existing?: Posted): Promise<Posted>;
  /** Shows an entry to one person in a thread, and to nobody else. */
  putPrivate(at: ThreadAddress, reference: Json | undefined, to: string, post: Post): Promise<Posted>;
  /** Looks for an entry that may have been posted before a crash. */
  find(at: ThreadAddress, key: string): Promise<Posted | undefined>;
  /** Who belongs to a group that the platform keeps, by immutable user id. Throws where it cannot tell. */
  groupMembers(group: { team: string; id: string }): Promise<readonly string[]>;
  /** Whether people of other organisations see what is posted there. */
  external(at: ThreadAddress, reference: Json | undefined): Promise<boolean>;
  /** Whether it works, in words, for `doctor` and `/readyz`. */
  state(): { ok: boolean; says: string };
}

/** A chart as a PNG file, `width` pixels wide. */
export type DrawPicture = (chart: Chart, width: number) => Uint8Array;
