import type { Verdict } from '../../../../src/domain/approval.ts';
import type { ChatEntry, PlanCard } from '../../../../src/domain/chat.ts';
import type { Tier } from '../../../../src/domain/environment.ts';
import type { Fault } from '../../../../src/domain/fault.ts';

export type Connection = { name: string; state: 'connected' | 'missing' | 'off'; hint: string };

export type Session = {
  person: string;
  /** Whom one may switch to; only in demo mode. */
  people?: readonly string[];
  mode: 'demo' | 'configured';
  environments: readonly { name: string; tier: Tier; demo: boolean }[];
  connections: readonly Connection[];
  examples: readonly string[];
};

export type Conversation = { id: string; title: string; createdBy: string; updatedAt: string };

/** What the server refused or could not do, with a message for people. */
export class ApiError extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.message);
    this.name = 'ApiError';
    this.fault = fault;
  }
}

/** Every call answers with data or throws {@link ApiError}. */
export const api = {
  session: () => call<Session>('GET', 'session'),
  signIn: (token: string) => call<unknown>('POST', 'session', { token }),
  actAs: (person: string) => call<unknown>('POST', 'session/person', { person }),
  conversations: async () =>
    (await call<{ conversations: Conversation[] }>('GET', 'conversations')).conversations,
  conversation: (id: string) =>
    call<{ conversation: Conversation; entries: ChatEntry[] }>(
      'GET',
      `conversations/${encodeURIComponent(id)}`,
    ),
  send: (text: string, key: string, conversation: string | undefined) =>
    call<{ message: string; conversation: string }>('POST', 'messages', {
      text,
      key,
      ...(conversation === undefined ? {} : { conversation }),
    }),
  answer: (question: string, option: number) =>
    call<unknown>('POST', `questions/${encodeURIComponent(question)}/answer`, { option }),
  plans: async () => (await call<{ plans: PlanCard[] }>('GET', 'plans')).plans,
  plan: async (id: string) => (await call<{ plan: PlanCard }>('GET', `plans/${encodeURIComponent(id)}`)).plan,
  decide: (
    plan: string,
    decision: { revision: number; verdict: Verdict; reason?: string; breakGlass?: boolean },
  ) => call<unknown>('POST', `plans/${encodeURIComponent(plan)}/decisions`, decision),
  review: (plan: string, verdict: 'approve' | 'reject') =>
    call<unknown>('POST', `plans/${encodeURIComponent(plan)}/review`, { verdict }),
  cancel: (plan: string) => call<unknown>('POST', `plans/${encodeURIComponent(plan)}/cancel`, {}),
  undo: (plan: string) => call<{ plan: string }>('POST', `plans/${encodeURIComponent(plan)}/undo`, {}),
};

async function call<Answer>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`/api/v1/${path}`, {
    method,
    credentials: 'same-origin',
    cache: 'no-store',
    headers: method === 'GET' ? {} : { 'content-type': 'application/json', 'x-reign': '1' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new ApiError(unreachable);
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer as Answer;
  throw new ApiError(faultOf(answer, response.status));
}

const unreachable: Fault = {
  code: 'unreachable',
  message: 'Reign does not answer. Is it still running? Try again in a moment.',
  retry: 'later',
};

function faultOf(answer: unknown, status: number): Fault {
  const fault = (answer as { fault?: Fault } | undefined)?.fault;
  if (typeof fault?.message === 'string') return fault;
  const code = status === 401 ? 'not-signed-in' : 'internal';
  return { code, message: `Reign answered with an error (${status}).`, retry: 'later' };
}

/** Whatever was thrown, as a fault. */
export function faultFrom(error: unknown): Fault {
  if (error instanceof ApiError) return error.fault;
  return {
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
    retry: 'later',
  };
}
