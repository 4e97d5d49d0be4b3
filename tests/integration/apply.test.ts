import { afterAll, beforeAll, expect } from 'vitest';
import { planEnded } from '../../src/domain/plan.ts';
import { describe, it, startTeam, type Team, type Visitor } from '../support/team.ts';

// A manifest from the chat to the cluster and back, through the real sandbox and broker.

let team: Team;
let alice: Visitor;

beforeAll(async () => {
  team = await startTeam();
  alice = await team.as('alice');
});
afterAll(() => team?.stop());

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: { name: kiosk, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: kiosk } }
  template:
    metadata: { labels: { app: kiosk } }
    spec:
      containers:
        - { name: kiosk, image: "registry.demo/kiosk:1.0.0" }
---
apiVersion: v1
kind: Service
metadata: { name: kiosk, namespace: shop }
spec: { selector: { app: kiosk }, ports: [{ port: 80 }] }`;

async function carriedOut(text: string) {
  const plan = await alice.planFor(text);
  const shown = await alice.until(
    plan.id,
    ({ state }) => planEnded(state) || state === 'waiting-for-approval',
  );
  if (!planEnded(shown.state)) await (await team.as('bob')).decide(shown);
  return alice.until(plan.id, ({ state }) => planEnded(state));
}

describe('a pasted manifest', () => {
  it('is applied, followed and undone', async () => {
    const plan = await carriedOut(`@reign apply this in staging please\n\`\`\`yaml\n${manifest}\n\`\`\``);
    expect(plan).toMatchObject({
      state: 'succeeded',
      steps: [{ operation: 'kubernetes.apply', undo: 'reversible' }],
    });
    expect(plan.steps[0]?.preview?.summary).toBe('makes deployment shop/kiosk, service shop/kiosk');
    expect(plan.steps[0]?.preview?.diff.some(({ text }) => text.includes('registry.demo/kiosk:1.0.0'))).toBe(
      true,
    );
    expect(team.replicas('staging', 'kiosk')).toBe(2);
    const undone = await alice.request<{ plan: string }>('POST', `/plans/${plan.id}/undo`, {});
    const back = await alice.until(
      undone.body.plan,
      ({ state }) => planEnded(state) || state === 'waiting-for-approval',
    );
    if (!planEnded(back.state)) await (await team.as('bob')).decide(back);
    expect((await alice.until(undone.body.plan, ({ state }) => planEnded(state))).state).toBe('succeeded');
    expect(() => team.replicas('staging', 'kiosk')).toThrow();
  });

  it('with an error is answered with its line', async () => {
    const { body } = await alice.entryFor(
      `apply this in staging\n${manifest.replace('kind: Service', 'kind: Rocket')}`,
    );
    expect(JSON.stringify(body)).toMatch(/line 13: Reign does not apply the kind Rocket/);
  });

  it('a patch goes the same way', async () => {
    const plan = await carriedOut('patch deployment cart in staging with {"spec":{"minReadySeconds":1}}');
    expect(plan).toMatchObject({ state: 'succeeded', steps: [{ operation: 'kubernetes.patch' }] });
  });
});
