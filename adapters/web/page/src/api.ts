import type { Verdict } from '../../../../src/domain/approval.ts';
import type { ChatEntry, PlanCard } from '../../../../src/domain/chat.ts';
import type { Tier } from '../../../../src/domain/environment.ts';
import type { Fault } from '../../../../src/domain/fault.ts';
import type { Json } from '../../../../src/domain/json.ts';
import type { Repeat } from '../../../../src/domain/operation.ts';
import type { Effect } from '../../../../src/domain/risk.ts';
import type { Runbook } from '../../../../src/domain/runbook.ts';
import type { Statistics } from '../../../../src/domain/statistics.ts';
import type { StepView } from '../../../../src/domain/step-view.ts';

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

export type Freeze = { id: string; scope: string; reason: string; by: string; from: string; until?: string };

export type TrailEvent = {
  chain: string;
  seq: number;
  at: string;
  type: string;
  actor: string;
  payload?: Json;
};
/** `next` names the last event of a page, which the page after it begins behind. */
export type TrailPage = { events: TrailEvent[]; next?: { at: string; chain: string; seq: number } };

export type AuditReport = {
  ok: boolean;
  rows: number;
  chains?: number;
  checkpoints?: number;
  problem?: { where: string; what: string };
};

export type OperationSummary = {
  id: string;
  summary: string;
  effect: Effect;
  repeat: Repeat;
  preview: string;
  undo: 'reversible' | 'irreversible';
};
export type OperationDetails = OperationSummary & {
  version: number;
  connections: readonly string[];
  sensitive: boolean;
  irreversibleBecause?: string;
  examples: readonly { request: string; params: { [field: string]: Json } }[];
  schema: JsonSchema;
};

/** The parts of JSON Schema that forms are made from. */
export type JsonSchema = {
  type?: string | readonly string[];
  description?: string;
  enum?: readonly Json[];
  const?: Json;
  default?: Json;
  properties?: { [name: string]: JsonSchema };
  required?: readonly string[];
  anyOf?: readonly JsonSchema[];
  items?: JsonSchema;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
};

export type Check = { name: string; ok: boolean; says: string };
export type Health = {
  ok: boolean;
  checks: { [name: string]: string };
  mode: Session['mode'];
  connections: readonly Connection[];
};

/** What `GET /statistics` brings; `everything` is false where only one's own requests are counted. */
export type Charts = Statistics & { since: string; bucket: 'hour' | 'day'; everything: boolean };

export type Sent = { message: string; conversation: string };

export type Conversation = { id: string; title: string; createdBy: string; updatedAt: string };

/** A plan, the thread that it belongs to, and whether there is something to undo. */
export type PlanWithWays = { plan: PlanCard; conversation: string; canUndo: boolean };

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
  waysIn: () => call<{ oidc: boolean }>('GET', 'sign-in'),
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
    call<Sent>('POST', 'messages', {
      text,
      key,
      ...(conversation === undefined ? {} : { conversation }),
    }),
  answer: (question: string, option: number) =>
    call<unknown>('POST', `questions/${encodeURIComponent(question)}/answer`, { option }),
  plans: async (filter: Readonly<Record<string, string>> = {}) =>
    (await call<{ plans: PlanCard[] }>('GET', `plans?${new URLSearchParams(filter)}`)).plans,
  plan: (id: string) => call<PlanWithWays>('GET', `plans/${encodeURIComponent(id)}`),
  step: async (plan: string, key: string) =>
    (
      await call<{ step: StepView }>(
        'GET',
        `plans/${encodeURIComponent(plan)}/steps/${encodeURIComponent(key)}`,
      )
    ).step,
  approvals: () => call<{ decide: PlanCard[]; review: PlanCard[] }>('GET', 'approvals'),
  freezes: () => call<{ freezes: Freeze[]; mayFreeze: string[] }>('GET', 'freezes'),
  freeze: (freeze: { scope: string; reason: string; until?: string }) =>
    call<unknown>('POST', 'freezes', freeze),
  endFreeze: (scope: string) => call<unknown>('POST', 'freezes/end', { scope }),
  trail: (filter: Readonly<Record<string, string>>) =>
    call<TrailPage>('GET', `audit?${new URLSearchParams(filter)}`),
  verifyAudit: () => call<AuditReport>('POST', 'audit/verify', {}),
  operations: async () => (await call<{ operations: OperationSummary[] }>('GET', 'tools')).operations,
  operation: async (id: string) =>
    (await call<{ operation: OperationDetails }>('GET', `tools/${encodeURIComponent(id)}`)).operation,
  runbooks: async () => (await call<{ runbooks: Runbook[] }>('GET', 'runbooks')).runbooks,
  request: (
    wanted:
      | { operation: string; request: { [field: string]: Json } }
      | { runbook: string; parameters: { [field: string]: Json } },
    key: string,
  ) => call<Sent>('POST', 'requests', { ...wanted, key }),
  health: () => call<Health>('GET', 'health'),
  doctor: async () => (await call<{ checks: Check[] }>('POST', 'health/doctor', {})).checks,
  terminal,
  statistics: (days: number) => call<Charts>('GET', `statistics?days=${days}`),
  decide: (
    plan: string,
    decision: { revision: number; verdict: Verdict; reason?: string; breakGlass?: boolean },
  ) => call<unknown>('POST', `plans/${encodeURIComponent(plan)}/decisions`, decision),
  review: (plan: string, verdict: 'approve' | 'reject') =>
    call<unknown>('POST', `plans/${encodeURIComponent(plan)}/review`, { verdict }),
  cancel: (plan: string) => call<unknown>('POST', `plans/${encodeURIComponent(plan)}/cancel`, {}),
  undo: (plan: string) => call<{ plan: string }>('POST', `plans/${encodeURIComponent(plan)}/undo`, {}),
};

/** Runs one line of Reign's command line; `print` hears what it prints as it comes. */
async function terminal(line: string, print: (text: string) => void, signal: AbortSignal): Promise<void> {
  const response = await send('POST', 'terminal', { line }, signal);
  if (!response.ok || !response.body) {
    throw new ApiError(faultOf(await response.json().catch(() => undefined), response.status));
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    print(value);
  }
}

async function call<Answer>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
  const response = await send(method, path, body);
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer as Answer;
  throw new ApiError(faultOf(answer, response.status));
}

function send(method: 'GET' | 'POST', path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  return fetch(`/api/v1/${path}`, {
    method,
    credentials: 'same-origin',
    cache: 'no-store',
    headers: method === 'GET' ? {} : { 'content-type': 'application/json', 'x-reign': '1' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }).catch(() => {
    throw new ApiError(unreachable);
  });
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
