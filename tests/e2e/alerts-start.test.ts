import { afterAll, beforeAll, expect } from 'vitest';
import type { ChatEntry, PlanCard } from '../../src/domain/chat.ts';
import { alertmanagerThere, startAlertmanager } from '../support/alertmanager.ts';
import { answer, calls, propose, startModel, type TestModel, textOf } from '../support/model.ts';
import { until } from '../support/reign.ts';
import { describe, it, startTeam, type Team, type Visitor } from '../support/team.ts';

// What alerts start: a runbook or an investigation, in the name of a person and never with that person's approval alone.

const token = 'token-of-the-tests';
const rules = `
alerts:
  rules:
    - { match: { alertname: Broken*, team: shop }, as: alice, runbook: emergency-rollback, parameters: { name: "{{labels.deployment}}", environment: "{{labels.environment}}" } }
    - { match: { alertname: Unsure }, as: alice, investigate: true }
    - { match: { alertname: Viewed }, as: vic, runbook: emergency-rollback, parameters: { name: web, environment: staging } }
    - { match: { alertname: Mended }, as: alice, investigate: true }
`;

let model: TestModel;
let team: Team;
let alice: Visitor;
let bob: Visitor;

beforeAll(async () => {
  model = await startModel();
  const env = { ANTHROPIC_API_KEY: 'sk-test', ANTHROPIC_BASE_URL: model.url, REIGN_ALERTS_TOKEN: token };
  team = await startTeam(rules, env);
  alice = await team.as('alice');
  bob = await team.as('bob');
});
afterAll(async () => {
  await team?.stop();
  await model?.stop();
});

type Labels = Record<string, string>;
const alertOf = (labels: Labels, startsAt = '2026-11-22T10:00:00.000Z') => ({
  status: 'firing',
  labels,
  annotations: { summary: `${labels['alertname']} fires` },
  startsAt,
  fingerprint: JSON.stringify(labels),
});
const send = (...alerts: unknown[]) =>
  fetch(`${team.url}/alerts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ version: '4', alerts }),
  });
async function entries(name: string): Promise<ChatEntry['body'][]> {
  const [row] = await team.sql<{ id: string }>('select id from conversations where title like $1', [
    `Alert ${name}%`,
  ]);
  if (!row) return [];
  const view = await bob.request<{ entries: ChatEntry[] }>('GET', `/conversations/${row.id}`);
  return view.body.entries.map(({ body }) => body);
}
async function shown<Kind extends ChatEntry['body']['kind']>(name: string, kind: Kind, words = /./) {
  let found: ChatEntry['body'] | undefined;
  let all: ChatEntry['body'][] = [];
  const there = async () => {
    all = await entries(name);
    found = all.find((body) => body.kind === kind && words.test(JSON.stringify(body)));
    return found !== undefined;
  };
  await until(there, 30_000, () => `no ${kind} ${words} about ${name}: ${JSON.stringify(all)}`);
  return found as ChatEntry['body'] & { kind: Kind };
}
const planOf = async (name: string): Promise<PlanCard> => (await shown(name, 'plan')).plan;

describe('an alert that starts a runbook', () => {
  const broken = { alertname: 'BrokenWeb', team: 'shop', deployment: 'web', environment: 'staging' };

  it('makes a plan that the person in whose name it is cannot approve alone', async () => {
    await alice
      .planFor('restart web in staging')
      .then(
        async (plan) =>
          (await alice.decide(plan)) && alice.until(plan.id, ({ state }) => state === 'succeeded'),
      );
    expect((await send(alertOf(broken))).status).toBe(200);
    await shown('BrokenWeb', 'notice', /the runbook emergency-rollback starts, in the name of alice/);
    const plan = await planOf('BrokenWeb');
    expect(plan).toMatchObject({ requester: 'alice', state: 'waiting-for-approval' });
    expect(JSON.stringify(plan)).toContain('an alert has started it, so somebody else must approve it');
    const own = await alice.decide(plan);
    expect(own.status).toBe(403);
    expect(own.body.fault?.message).toMatch(/somebody else must approve it/);
    expect((await bob.decide(plan)).status).toBe(200);
    expect((await bob.until(plan.id, ({ state }) => state === 'succeeded')).state).toBe('succeeded');
  });

  it('starts the same not again within the hour, and another object’s besides', async () => {
    await send(alertOf(broken, '2026-11-22T10:30:00.000Z'));
    await send(alertOf({ ...broken, deployment: 'cart' }, '2026-11-22T10:30:00.000Z'));
    await shown('BrokenWeb', 'refusal', /shop\/cart in staging has no earlier revision/);
    const plans = (await entries('BrokenWeb')).filter(({ kind }) => kind === 'plan');
    expect(plans).toHaveLength(1);
  });

  it('takes no label that is no name, and says so', async () => {
    await send(alertOf({ ...broken, alertname: 'BrokenLabel', deployment: 'web; rm -rf /' }));
    await shown('BrokenLabel', 'notice', /was not started: the label deployment is no plain name/);
    await send(alertOf({ alertname: 'BrokenShort', team: 'shop', environment: 'staging' }));
    await shown('BrokenShort', 'notice', /was not started: name is missing/);
  });

  it('is bound by that person’s rights', async () => {
    await send(alertOf({ alertname: 'Viewed' }));
    await shown('Viewed', 'refusal', /vic/);
  });

  it('starts nothing where no rule fits, and when it is resolved', async () => {
    await send(alertOf({ ...broken, alertname: 'Other' }));
    await send({ ...alertOf({ ...broken, alertname: 'BrokenGone' }), status: 'resolved' });
    await shown('BrokenGone', 'notice', /Resolved/);
    const kinds = [...(await entries('Other')), ...(await entries('BrokenGone'))].map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['answer', 'notice']));
  });
});

describe('an alert that starts an investigation', () => {
  it('is looked into by the language model, which is told what fires as data', async () => {
    model.script('An alert fires', [
      calls(['kubernetes__events', { name: 'checkout', environment: 'staging' }]),
      answer('Too little memory.'),
    ]);
    await send(alertOf({ alertname: 'Unsure', pod: 'checkout-1' }));
    await shown('Unsure', 'answer', /Too little memory/);
    const [first] = model.requests('Unsure fires');
    const opening = textOf(first?.messages.find(({ role }) => role === 'user'));
    expect(opening).toMatch(/<data source="thread">[\s\S]*pod: checkout-1[\s\S]*<\/data>/);
  });

  it('has its remedy agreed to first, and approved by somebody else', async () => {
    const request = { name: 'checkout', environment: 'staging', replicas: 4 };
    model.script('An alert fires', [propose({ key: 'scale', operation: 'kubernetes.scale', request })]);
    await send(alertOf({ alertname: 'Mended' }));
    const question = await shown('Mended', 'question', /This might mend it|You did not say this/);
    expect(question).toMatchObject({ to: 'alice' });
    const answered = await alice.request('POST', `/questions/${question.questionId}/answer`, { option: 0 });
    expect(answered.status).toBeLessThan(300);
    const plan = await planOf('Mended');
    expect((await alice.decide(plan)).status).toBe(403);
    expect((await bob.decide(plan)).status).toBe(200);
    await bob.until(plan.id, ({ state }) => state === 'succeeded');
    expect(team.replicas('staging', 'checkout')).toBe(4);
  });
});

describe.runIf(alertmanagerThere)('a real Alertmanager', () => {
  it('starts a runbook by its webhook', async () => {
    const alertmanager = await startAlertmanager({ url: `${team.url}/alerts`, token });
    try {
      await alertmanager.fire({
        alertname: 'BrokenReal',
        team: 'shop',
        deployment: 'catalog',
        environment: 'staging',
      });
      await shown('BrokenReal', 'notice', /the runbook emergency-rollback starts/);
      expect((await entries('BrokenReal')).length).toBeGreaterThan(2);
    } finally {
      await alertmanager.stop();
    }
  });
});
