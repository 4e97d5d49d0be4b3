import { afterAll, beforeAll, expect } from 'vitest';
import type { ChatEntry, PlanCard } from '../../src/domain/chat.ts';
import { describe, it, startTeam, type Team, type Visitor } from '../support/team.ts';

// "The deployment broke production. Rollback now!"

let team: Team;
let alice: Visitor;
let bob: Visitor;

beforeAll(async () => {
  team = await startTeam();
  alice = await team.as('alice');
  bob = await team.as('bob');
});
afterAll(() => team?.stop());

const kubectl = (...args: string[]) => team.kubectl(args, { environment: 'production' });
const imageOf = (name: string) =>
  kubectl('get', 'deploy', name, '-o', 'jsonpath={.spec.template.spec.containers[0].image}');

type Question = ChatEntry['body'] & { kind: 'question' };

/** Clicks the option, and waits for what the message is answered with then. */
async function click(question: Question, conversation: string, label: RegExp): Promise<ChatEntry['body']> {
  const option = question.options.findIndex((each) => label.test(each.label));
  if (option < 0) throw new Error(`${label} is not among ${JSON.stringify(question.options)}`);
  await alice.request('POST', `/questions/${question.questionId}/answer`, { option });
  let body: ChatEntry['body'] | undefined;
  await expect
    .poll(
      async () => {
        const view = await alice.request<{ entries: ChatEntry[] }>('GET', `/conversations/${conversation}`);
        body = view.body.entries.find(({ key }) => key.startsWith('r-'))?.body;
        const settled =
          body?.kind === 'plan' || (body?.kind === 'question' && body.questionId !== question.questionId);
        return settled;
      },
      { timeout: 15_000 },
    )
    .toBe(true);
  return body as ChatEntry['body'];
}

async function rollBack(plan: PlanCard): Promise<PlanCard> {
  expect(plan.state).toBe('waiting-for-approval');
  expect((await alice.decide(plan)).status).toBe(403);
  expect((await bob.decide(plan)).status).toBe(200);
  return alice.until(plan.id, ({ state }) => state === 'succeeded');
}

describe('a deployment that broke production', () => {
  it('is found by what was rolled out last, rolled back with one approval, and verified', async () => {
    const good = imageOf('web');
    kubectl('set', 'image', 'deployment/web', '*=registry.demo/web:bad');
    const { body, conversation } = await alice.entryFor('The deployment broke production. Rollback now!');
    const which = await click(body as Question, conversation, /^Roll back/);
    if (which.kind !== 'question') throw new Error(JSON.stringify(which));
    // The last rollout stands first, with what it changed.
    expect(which.options[0]?.label).toMatch(/^shop\/web \(production, \d+s ago: web:5\.2\.0 → web:bad\)$/);
    const card = await click(which, conversation, /^shop\/web/);
    if (card.kind !== 'plan') throw new Error(JSON.stringify(card));
    const ended = await rollBack(
      await alice.until(card.plan.id, ({ state }) => state === 'waiting-for-approval'),
    );
    expect(ended.steps[0]?.evidence).toMatch(/replicas available/);
    expect(imageOf('web')).toBe(good);
  });

  it('that is named becomes an approval card in under two seconds', async () => {
    const good = imageOf('cart');
    kubectl('set', 'image', 'deployment/cart', '*=registry.demo/cart:bad');
    const plan = await alice.planFor('roll back cart in production now');
    expect(plan.steps[0]?.title).toMatch(/^Roll deployment shop\/cart in production back to revision 1$/);
    const [asked] = await team.sql<{ ms: number }>(
      `select extract(epoch from p.created_at - m.received_at) * 1000 as ms from plans p join messages m on m.id = p.message_id where p.id = $1`,
      [plan.id],
    );
    expect(Number(asked?.ms)).toBeLessThan(2000);
    await rollBack(plan);
    expect(imageOf('cart')).toBe(good);
  });

  it('is handled by the runbook: looked at, rolled back, verified, and the thread told', async () => {
    kubectl('set', 'image', 'deployment/catalog', '*=registry.demo/catalog:bad');
    const plan = await alice.planFor('runbook emergency-rollback name=catalog environment=production');
    const ended = await rollBack(plan);
    expect(ended.outcome).toMatch(/everything is healthy/);
    const told = await team.sql<{ body: string }>(`select body::text from chat_entries where plan_id = $1`, [
      plan.id,
    ]);
    expect(told.map(({ body }) => body).join()).toMatch(/replicas available/);
  });
});
