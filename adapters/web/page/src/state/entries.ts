import type { ChatEntry, PlanCard } from '../../../../../src/domain/chat.ts';
import { laterCard } from './plan.ts';

/** What is known of one conversation: its entries in the order first seen, and each plan as last drawn. */
export type Thread = {
  conversation: string | undefined;
  loaded: boolean;
  entries: readonly ChatEntry[];
  plans: { readonly [id: string]: PlanCard };
};

export type ThreadAction =
  | { type: 'open'; conversation: string | undefined }
  | { type: 'entries'; conversation: string; entries: readonly ChatEntry[]; all?: boolean };

export const emptyThread: Thread = { conversation: undefined, loaded: true, entries: [], plans: {} };

/**
 * Merges what the server sends. An entry replaces the one of its key unless it is older; entries of another
 * conversation are ignored. The first look at a conversation (`all`) settles the order.
 */
export function threadReducer(thread: Thread, action: ThreadAction): Thread {
  switch (action.type) {
    case 'open':
      if (action.conversation === thread.conversation) return thread;
      return { ...emptyThread, conversation: action.conversation, loaded: action.conversation === undefined };
    case 'entries': {
      if (action.conversation !== thread.conversation) return thread;
      const entries = mergeEntries(thread.entries, action.entries, action.all === true && !thread.loaded);
      const plans = mergePlans(thread.plans, action.entries);
      return { ...thread, loaded: thread.loaded || action.all === true, entries, plans };
    }
    default:
      return action satisfies never;
  }
}

function mergeEntries(known: readonly ChatEntry[], fresh: readonly ChatEntry[], first: boolean): ChatEntry[] {
  const [base, added] = first ? [fresh, known] : [known, fresh];
  const byKey = new Map(base.map((entry) => [entry.key, entry]));
  for (const entry of added) {
    const old = byKey.get(entry.key);
    if (!old || old.seq <= entry.seq) byKey.set(entry.key, entry);
  }
  return [...byKey.values()];
}

function mergePlans(known: Thread['plans'], fresh: readonly ChatEntry[]): Thread['plans'] {
  const plans = { ...known };
  for (const { body } of fresh) {
    if (!('plan' in body)) continue;
    plans[body.plan.id] = laterCard(plans[body.plan.id], body.plan);
  }
  return plans;
}

/** `repeated`: the plan's card stands again further down, so that a pointer is enough here. */
export type Laid = { entry: ChatEntry; repeated: boolean };

/**
 * Entries as the page lays them out. A plan has one card, where it was shown last. Its progress lives in the card:
 * the progress entry is left out where it follows the card at once, and is a line that points there otherwise.
 */
export function laidOut(entries: readonly ChatEntry[]): Laid[] {
  const lastCards = new Map<string, string>();
  for (const { key, body } of entries) if (body.kind === 'plan') lastCards.set(body.plan.id, key);
  return entries.flatMap((entry, index) => {
    const { key, body } = entry;
    if (body.kind === 'plan') return [{ entry, repeated: lastCards.get(body.plan.id) !== key }];
    const before = entries[index - 1]?.body;
    const follows = body.kind === 'progress' && before?.kind === 'plan' && before.plan.id === body.plan.id;
    return follows ? [] : [{ entry, repeated: false }];
  });
}

/** The plan that undoes `planId`, unless that one came to nothing. */
export function undoOf(plans: Thread['plans'], planId: string): PlanCard | undefined {
  const dead: ReadonlySet<string> = new Set(['rejected', 'expired', 'cancelled', 'failed']);
  return Object.values(plans).find((plan) => plan.undoOf === planId && !dead.has(plan.state));
}
