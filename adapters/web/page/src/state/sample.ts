import type { ChatEntry, PlanCard, StepCard } from '../../../../../src/domain/chat.ts';

/** A step for tests. */
export function sampleStep(patch: Partial<StepCard> = {}): StepCard {
  return {
    id: `s-${patch.key ?? 'a'}`,
    key: 'a',
    operation: 'kubernetes.scale',
    mode: 'do',
    title: 'Scale deployment shop/checkout to 6',
    needs: [],
    state: 'planned',
    tier: 'nonproduction',
    targets: ['k8s:uid/shop/deployment/checkout'],
    effect: 'update',
    risk: 'low',
    reasons: [],
    undo: 'reversible',
    ...patch,
  };
}

/** A plan for tests, waiting for approval. */
export function samplePlan(patch: Partial<PlanCard> = {}): PlanCard {
  return {
    id: 'p-1',
    revision: 1,
    digest: 'd',
    state: 'waiting-for-approval',
    goal: 'scale checkout to 6',
    requester: 'you',
    authors: ['you'],
    environments: [{ name: 'staging', tier: 'nonproduction', demo: true }],
    onFailure: 'roll-back',
    approval: {
      kind: 'ask',
      reason: 'A write.',
      quorum: 1,
      roles: ['lead'],
      notAuthor: true,
      expiresAfterSeconds: 3600,
    },
    decisions: [],
    createdAt: '2026-11-22T12:00:00.000Z',
    steps: [sampleStep()],
    ...patch,
  };
}

/** An entry for tests. */
export function sampleEntry(key: string, seq: number, body: ChatEntry['body']): ChatEntry {
  return { key, seq, at: '2026-11-22T12:00:00.000Z', body };
}
