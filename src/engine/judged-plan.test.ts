import { expect, test } from 'vitest';
import type { PolicyAct } from '../domain/ports/policy.ts';
import { judgedPlan } from './acts.ts';
import type { Engine } from './engine.ts';

const engine = {
  people: { find: (name: string) => ({ name, roles: [], principals: [] }) },
  policy: { judgePlan: () => ({ outcome: 'go', approval: { kind: 'none', reason: 'allowed' } }) },
} as unknown as Engine;
const act = (effect: PolicyAct['effect']) => ({ effect }) as PolicyAct;
const spent = { turns: 1, looks: 0, inputTokens: 0, cachedTokens: 0, outputTokens: 0, usd: 0 };
const plannedBy = { model: 'm', prompts: 'h', spent };

test('what policy lets people have without asking, a model’s change is asked about', () => {
  expect(judgedPlan(engine, { authors: ['alice'] }, [act('update')])).toMatchObject({
    approval: { kind: 'none' },
  });
  expect(judgedPlan(engine, { authors: ['alice'], plannedBy }, [act('update')])).toMatchObject({
    approval: { kind: 'ask', quorum: 1, notAuthor: false },
  });
  expect(judgedPlan(engine, { authors: ['alice'], plannedBy }, [act('read')])).toMatchObject({
    approval: { kind: 'none' },
  });
});

test('what an alert has started needs somebody else than its author, unless it only reads', () => {
  const started = { authors: ['alice'], alert: 'HighErrorRate' };
  expect(judgedPlan(engine, started, [act('read')])).toMatchObject({ approval: { kind: 'none' } });
  expect(judgedPlan(engine, started, [act('update')])).toMatchObject({
    approval: { kind: 'ask', quorum: 1, notAuthor: true },
  });
  const approval = { kind: 'ask', reason: 'r', quorum: 2, roles: ['lead'], notAuthor: false };
  const strict = { ...engine, policy: { judgePlan: () => ({ outcome: 'go', approval }) } } as never;
  expect(judgedPlan(strict, started, [act('delete')])).toMatchObject({
    approval: { quorum: 2, roles: ['lead'], notAuthor: true },
  });
  const denied = { ...engine, policy: { judgePlan: () => ({ outcome: 'deny', reason: 'no' }) } } as never;
  expect(judgedPlan(denied, started, [act('update')])).toEqual({ outcome: 'deny', reason: 'no' });
});
