import type { ChatBody, PlanCard, StepCard } from '../../src/domain/chat.ts';

// What people may be shown, as every face must be able to show it.

/** A thing to show, with what any face says of it and which acts it offers. */
export type Sample = { name: string; body: ChatBody; says: string[]; acts: string[] | 'any' };

function step(patch: Partial<StepCard> = {}): StepCard {
  return {
    id: `s-${patch.key ?? 'scale'}`,
    key: 'scale',
    operation: 'kubernetes.scale',
    mode: 'do',
    title: 'Scale deployment shop/checkout in production to 6 replicas',
    byHand: 'kubectl -n shop scale deployment/checkout --replicas=6',
    needs: [],
    state: 'planned',
    environment: 'production',
    tier: 'production',
    targets: ['k8s:u1/shop/deployment/checkout'],
    effect: 'update',
    risk: 'medium',
    reasons: ['changes the capacity'],
    undo: 'reversible',
    preview: {
      kind: 'dry-run',
      summary: '4 → 6 replicas',
      warnings: ['an autoscaler owns the replica count'],
      diff: [
        { sign: ' ', text: '{' },
        { sign: '-', text: '  "replicas": 4' },
        { sign: '+', text: '  "replicas": 6' },
        { sign: ' ', text: '}' },
      ],
    },
    ...patch,
  };
}

function plan(patch: Partial<PlanCard> = {}): PlanCard {
  return {
    id: 'p-abc2345',
    revision: 1,
    digest: 'd'.repeat(64),
    state: 'waiting-for-approval',
    goal: 'scale checkout to 6 in production',
    requester: 'alice',
    authors: ['alice'],
    environments: [{ name: 'production', tier: 'production', demo: false }],
    onFailure: 'roll-back',
    approval: {
      kind: 'ask',
      reason: 'A production write needs a lead who did not write this plan',
      quorum: 1,
      roles: ['lead', 'admin'],
      notAuthor: true,
      expiresAfterSeconds: 14_400,
    },
    decisions: [],
    waitingFor: 'Waiting for bob or carol.',
    expiresAt: '2026-11-22T16:00:00.000Z',
    createdAt: '2026-11-22T12:00:00.000Z',
    steps: [step()],
    ...patch,
  };
}

const approved = {
  person: 'bob',
  verdict: 'approve',
  via: 'button',
  at: '2026-11-22T12:01:00.000Z',
} as const;
const times = { startedAt: '2026-11-22T12:01:00.000Z' };
const { waitingFor: _none, ...notWaiting } = plan();
const running = { ...notWaiting, state: 'running' as const, decisions: [approved], ...times };
const ended = {
  ...running,
  state: 'succeeded' as const,
  outcome: 'Done, and checked: everything is healthy.',
  endedAt: '2026-11-22T12:01:09.000Z',
};
const many = Array.from({ length: 40 }, (_, index) =>
  step({
    key: `s${index}`,
    title: `Scale deployment shop/service-${index} to 6 replicas`,
    targets: [`k8s:u1/shop/deployment/service-${index}`],
  }),
);
const deletion = step({
  title: 'Delete deployment shop/old',
  effect: 'delete',
  risk: 'high',
  undo: 'irreversible',
  targets: ['k8s:u1/shop/deployment/old'],
});

export const samples: readonly Sample[] = [
  {
    name: 'said',
    body: { kind: 'said', person: 'alice', text: 'scale checkout to 6' },
    says: ['alice', 'scale checkout to 6'],
    acts: [],
  },
  { name: 'working', body: { kind: 'working', text: 'Looking at it…' }, says: ['Looking at it…'], acts: [] },
  {
    name: 'notice',
    body: { kind: 'notice', text: 'alice broke the glass' },
    says: ['alice broke the glass'],
    acts: [],
  },
  {
    name: 'refusal',
    body: { kind: 'refusal', text: 'There is no plan p-zzz.' },
    says: ['There is no plan p-zzz.'],
    acts: [],
  },
  {
    name: 'answer-text',
    body: { kind: 'answer', content: { kind: 'text', text: 'Nothing is under way.' }, private: false },
    says: ['Nothing is under way.'],
    acts: [],
  },
  {
    name: 'answer-table',
    body: {
      kind: 'answer',
      title: 'Pods in staging',
      content: {
        kind: 'table',
        columns: ['name', 'ready'],
        rows: [
          ['checkout-1', '1/1'],
          ['web-1', '0/1'],
        ],
        note: '2 pods',
      },
      private: false,
    },
    says: ['Pods in staging', 'checkout-1', '0/1', '2 pods'],
    acts: [],
  },
  {
    name: 'answer-chart',
    body: {
      kind: 'answer',
      title: 'Load-test https://shop.example/',
      content: {
        kind: 'text',
        text: '900 requests in 10 s',
        chart: {
          kind: 'bars',
          title: 'Latency',
          unit: 'ms',
          bars: [
            { name: 'p50', value: 12 },
            { name: 'p99', value: 80 },
          ],
        },
      },
      private: false,
    },
    says: ['Load-test https://shop.example/', '900 requests in 10 s'],
    acts: [],
  },
  {
    name: 'answer-private',
    body: {
      kind: 'answer',
      planId: 'p-abc2345',
      title: 'Logs of checkout',
      content: { kind: 'lines', lines: ['GET / 200', 'GET /x 500'] },
      private: true,
    },
    says: ['Logs of checkout', 'GET /x 500'],
    acts: [],
  },
  {
    name: 'question',
    body: {
      kind: 'question',
      questionId: 'q-1',
      text: 'worker exists in several namespaces. Which one?',
      to: 'alice',
      options: [
        { label: 'payments/worker', patch: { namespace: 'payments' } },
        { label: 'shop/worker', patch: { namespace: 'shop' } },
      ],
    },
    says: ['worker exists in several namespaces. Which one?', 'payments/worker', 'shop/worker'],
    acts: ['answer:0', 'answer:1'],
  },
  {
    name: 'plan-waiting',
    body: { kind: 'plan', plan: plan() },
    says: [
      'Scale deployment shop/checkout in production to 6 replicas',
      'production',
      'alice',
      'scale checkout to 6 in production',
      '4 → 6 replicas',
      'an autoscaler owns the replica count',
      'Waiting for bob or carol.',
      'kubectl -n shop scale deployment/checkout --replicas=6',
    ],
    acts: ['approve', 'reject', 'request-changes'],
  },
  { name: 'plan-decided', body: { kind: 'plan', plan: running }, says: ['bob', 'running'], acts: [] },
  {
    name: 'plan-destroys',
    body: { kind: 'plan', plan: plan({ steps: [deletion] }) },
    says: ['Delete deployment shop/old', 'high', 'k8s:u1/shop/deployment/old'],
    acts: ['approve', 'reject', 'request-changes'],
  },
  {
    name: 'plan-long',
    body: { kind: 'plan', plan: plan({ steps: many }) },
    says: ['service-0'],
    acts: 'any',
  },
  {
    name: 'plan-break-glass',
    body: { kind: 'plan', plan: plan({ breakGlass: true }) },
    says: ['production'],
    acts: ['approve', 'break-glass', 'reject', 'request-changes'],
  },
  {
    name: 'progress',
    body: {
      kind: 'progress',
      plan: {
        ...running,
        steps: [step({ state: 'verifying', evidence: '3 of 6 replicas ready', ...times })],
      },
    },
    says: [],
    acts: [],
  },
  {
    name: 'final-good',
    body: {
      kind: 'final',
      plan: { ...ended, steps: [step({ state: 'succeeded' })] },
      text: 'Done, and checked: everything is healthy.',
      canUndo: true,
    },
    says: ['Done, and checked: everything is healthy.'],
    acts: ['undo'],
  },
  {
    name: 'final-bad',
    body: {
      kind: 'final',
      plan: { ...ended, state: 'rolled-back', outcome: 'It failed and was rolled back.' },
      text: 'It failed and was rolled back; the world is as before.',
      canUndo: false,
    },
    says: ['It failed and was rolled back; the world is as before.'],
    acts: [],
  },
];

/** The same kinds, filled with a text that somebody or something else wrote. */
export function filledWith(text: string): ChatBody[] {
  const hostile = step({
    title: text,
    byHand: text,
    targets: [text],
    reasons: [text],
    evidence: text,
    fault: text,
    takes: [text],
    preview: {
      kind: 'dry-run',
      summary: text,
      warnings: [text, text],
      diff: Array.from({ length: 80 }, () => ({ sign: '+', text }) as const),
    },
  });
  const all = plan({
    goal: text,
    requester: text,
    waitingFor: text,
    outcome: text,
    steps: [hostile, hostile],
  });
  const decided = { ...approved, reason: text, person: text };
  const option = { label: text, patch: {} };
  return [
    { kind: 'said', person: text, text },
    { kind: 'working', text },
    { kind: 'notice', text },
    { kind: 'refusal', text },
    { kind: 'answer', title: text, content: { kind: 'text', text }, private: true },
    {
      kind: 'answer',
      title: text,
      content: { kind: 'lines', lines: Array.from({ length: 300 }, () => text) },
      private: false,
    },
    {
      kind: 'answer',
      content: {
        kind: 'table',
        columns: [text, text],
        rows: Array.from({ length: 50 }, () => [text, text]),
        note: text,
      },
      private: false,
    },
    {
      kind: 'question',
      questionId: 'q-1',
      text,
      to: text,
      options: Array.from({ length: 40 }, () => option),
    },
    { kind: 'question', questionId: 'q-1', text, to: text, options: [option], answered: text },
    { kind: 'plan', plan: all },
    { kind: 'plan', plan: { ...all, decisions: [decided], state: 'rejected' } },
    { kind: 'progress', plan: { ...all, state: 'running' } },
    { kind: 'final', plan: { ...all, state: 'failed' }, text, canUndo: true },
  ];
}
