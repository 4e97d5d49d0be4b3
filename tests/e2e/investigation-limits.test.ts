import { afterAll, beforeAll, expect } from 'vitest';
import type { ChatEntry } from '../../src/domain/chat.ts';
import { answer, calls, startModel, type TestModel, textOf } from '../support/model.ts';
import { until } from '../support/reign.ts';
import { describe, it, startTeam, type Team, type Visitor } from '../support/team.ts';

// What an investigation may use up, and what becomes of it when its gateway ends; over OpenAI's chat completions.

let model: TestModel;
let team: Team;
let alice: Visitor;

const settings = (url: string) => `
llm:
  provider: openai
  model: test-model
  baseUrl: ${url}/v1
  price: { input: 1000, output: 1000 }
  budget: { looks: 2, seconds: 60, usd: 50 }
  daily: { person: 60, all: 1000 }
  hosts: [127.0.0.1]
`;

beforeAll(async () => {
  model = await startModel();
  team = await startTeam(settings(model.url));
  alice = await team.as('alice');
});
afterAll(async () => {
  await team?.stop();
  await model?.stop();
});

const textIn = (body: ChatEntry['body']): string =>
  body.kind === 'answer' && body.content.kind === 'text' ? body.content.text : JSON.stringify(body);
const look = calls(['kubernetes__list', { kind: 'pods', environment: 'staging' }]);
const toolsOf = (request: ReturnType<TestModel['requests']>[number] | undefined) =>
  (request?.tools ?? []).map(({ function: { name } }) => name).sort();

describe('a budget', () => {
  it('that is used up leaves one turn to end in', async () => {
    model.script('never stops looking', [look, look, answer('This is what I saw.')]);
    const { body } = await alice.entryFor(
      'why is it that staging never stops looking odd, and what is to be done?',
    );
    expect(textIn(body)).toMatch(/This is what I saw/);
    const requests = model.requests('never stops looking');
    expect(toolsOf(requests[1])).toContain('kubernetes__list');
    expect(toolsOf(requests[2])).toEqual(['answer', 'ask', 'propose_plan', 'run_runbook']);
    expect(textOf(requests[2]?.messages.at(-1))).toMatch(/budget for looking around is used up \(2 looks\)/);
  });

  it('holds against a model that never ends', async () => {
    model.script('goes on for ever', [look]);
    const { body } = await alice.entryFor(
      'why is it that staging goes on for ever like this, and what can we do?',
    );
    expect(textIn(body)).toMatch(/used up my budget|could not make a usable reply/);
    expect(model.requests('goes on for ever').length).toBeLessThan(10);
  });

  it('for a day is refused clearly, while what needs no model goes on', async () => {
    await team.sql(
      `update investigations set spent = jsonb_set(spent, '{usd}', '61') where person = 'alice'`,
    );
    const { body } = await alice.entryFor(
      'why is staging so odd today, and what would you do about all of it?',
    );
    expect(textIn(body)).toMatch(
      /budget for the language model is used up for today \(\$\d+\.\d\d of \$60\.00\)/,
    );
    const plan = await alice.planFor('scale web to 4 in staging');
    expect(plan.steps).toHaveLength(1);
    await team.sql(`update investigations set spent = jsonb_set(spent, '{usd}', '0')`);
  });
});

describe('a gateway that ends in the middle of a turn', () => {
  it('leaves an investigation that goes on where it was, and ends once', async () => {
    let hang = true;
    model.script('survive a restart', [
      look,
      async () => {
        while (hang) await new Promise((resolve) => setTimeout(resolve, 50));
        return answer('It survived.');
      },
    ]);
    const text = 'why would anything here survive a restart, and what should we improve?';
    const { body } = await alice.request<{ message: string; conversation: string }>('POST', '/messages', {
      text,
      key: crypto.randomUUID(),
    });
    await until(
      () => model.requests('survive a restart').length === 2,
      20_000,
      () => 'the second turn was not asked for',
    );
    team.process.child.kill('SIGKILL');
    await team.process.ended;
    hang = false;
    await team.reign.start('all');
    // The lease of the lost turn has to run out; a test need not wait for it.
    await team.sql(`update investigations set lease_until = now() - interval '1 second' where id = $1`, [
      body.message,
    ]);
    const answers = () =>
      team.sql<{ body: { content: { text: string } } }>(
        `select body from chat_entries where key = $1 and kind = 'answer'`,
        [`r-${body.message}`],
      );
    await until(
      async () => (await answers()).length === 1,
      30_000,
      () => 'it did not go on',
    );
    expect((await answers())[0]?.body.content.text).toMatch(/It survived[\s\S]*Looked at: kubernetes\.list/);
    const [row] = await team.sql<{ spent: { looks: number } }>(
      'select spent from investigations where id = $1',
      [body.message],
    );
    expect(row?.spent.looks).toBe(1);
  });
});
