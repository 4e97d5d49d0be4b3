import type { Plan, Step } from '../domain/plan.ts';
import type { PlanRecord } from './ports.ts';

/** A step for tests: a scale of shop/checkout in staging, changed as given. */
export function step(changes: Partial<Step> = {}): Step {
  return {
    id: 's-1',
    planId: 'p-1',
    key: 'scale',
    position: 0,
    operation: 'kubernetes.scale',
    operationVersion: 1,
    mode: 'do',
    request: {},
    input: { name: 'checkout', replicas: 5 },
    needs: [],
    state: 'succeeded',
    version: 1,
    environment: 'staging',
    place: 'staging/shop',
    tier: 'nonproduction',
    targets: ['k8s:u/shop/deployment/checkout'],
    risk: { effect: 'update', level: 'low', tier: 'nonproduction', objects: 1, reasons: [] },
    undoKind: 'reversible',
    title: 'Scale',
    captured: { replicas: 3 },
    attempts: 0,
    ...changes,
  };
}

/** A finished plan of alice's for tests, changed as given. */
export function plan(changes: Partial<Plan> = {}): Plan {
  return {
    id: 'p-1',
    conversationId: 'c-1',
    goal: 'scale checkout',
    state: 'succeeded',
    version: 1,
    revision: 1,
    requester: 'alice',
    authors: ['alice'],
    onFailure: 'roll-back',
    digest: '',
    approval: { kind: 'none', reason: 'tests' },
    policyHash: 'h',
    cancelRequested: false,
    createdAt: new Date('2026-11-22T10:00:00Z'),
    endedAt: new Date('2026-11-22T10:05:00Z'),
    ...changes,
  };
}

export function record(plan: Plan, ...steps: Step[]): PlanRecord {
  return { plan, steps, decisions: [] };
}
