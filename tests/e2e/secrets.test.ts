import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect } from 'vitest';
import type { PlanCard } from '../../src/domain/chat.ts';
import { planEnded } from '../../src/domain/plan.ts';
import { answer, calls, startModel, type TestModel, textOf } from '../support/model.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../support/otlp-receiver.ts';
import { approve, describe, it, startTeam, type Team, type Visitor } from '../support/team.ts';

// Secrets from where people keep them to where they are written: kept sealed, named in plans, and seen nowhere between.

const kept = 'cR4ne-7uLip-wh1sper-0x9';
const renewed = 'b0reaL-f1nch-quartz-5y2';
// In pieces, so that no scanner takes this file for a leak.
const found = ['ghp', '_', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8'].join('');

let model: TestModel;
let receiver: OtlpReceiver;
let team: Team;
let alice: Visitor;
let bob: Visitor;
const output: string[] = [];

beforeAll(async () => {
  model = await startModel();
  receiver = await startOtlpReceiver();
  const env = {
    ...{ ANTHROPIC_API_KEY: 'sk-test', ANTHROPIC_BASE_URL: model.url, REIGN_LOG_LEVEL: 'debug' },
    ...{ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
    OTEL_BSP_SCHEDULE_DELAY: '200',
  };
  const ada = '  - { name: ada, roles: [admin] }\n  - { name: alice,';
  team = await startTeam('', env, (yaml) => yaml.replace('  - { name: alice,', ada));
  alice = await team.as('alice');
  bob = await team.as('bob');
});
afterAll(async () => {
  await team?.stop();
  await model?.stop();
  await receiver?.stop();
});

const kubectl = (input: string, ...args: string[]) => team.kubectl(args, { input });

const heldBy = (secret: string, key: string) =>
  Buffer.from(kubectl('', 'get', 'secret', secret, '-o', `jsonpath={.data.${key}}`), 'base64').toString();

async function keep(name: string, value: string): Promise<void> {
  const file = path.join(team.reign.dataDir, 'value.txt');
  writeFileSync(file, `${value}\n`);
  const { code, stdout, stderr } = await team.reign.cli(
    ...['credential', 'set', name, '--from-file', file, '--environment', 'staging', '--as', 'ada'],
  );
  writeFileSync(file, '');
  output.push(stdout, stderr);
  if (code !== 0) throw new Error(stderr);
}

async function approved(plan: PlanCard): Promise<PlanCard> {
  await approve(plan, alice, bob);
  return alice.until(plan.id, ({ state }) => ['succeeded', 'failed', 'waiting-for-approval'].includes(state));
}

const write = 'set key token of secret payments-key to vault:partner in staging in namespace shop';

describe('a secret that is kept', () => {
  it('is written by its name, and shown nowhere', async () => {
    await keep('partner', kept);
    const listed = await team.reign.cli('credential', 'list', '--as', 'ada');
    expect(listed.stdout).toMatch(/partner .*staging .*1 .*ada/);
    const plan = await alice.planFor(write);
    expect(plan.steps[0]).toMatchObject({
      operation: 'kubernetes.set_secret',
      title: 'Write vault:partner into the key token of secret shop/payments-key in staging',
      undo: 'irreversible',
    });
    expect((await approved(plan)).state).toBe('succeeded');
    expect(heldBy('payments-key', 'token')).toBe(kept);
  });

  it('that became another one since the approval was asked for is asked about again', async () => {
    const plan = await alice.planFor(write);
    expect(plan.state).toBe('waiting-for-approval');
    await keep('partner', renewed);
    await alice.decide(plan);
    const ended = await alice.until(
      plan.id,
      ({ state, revision }) => state !== 'waiting-for-approval' || revision > 1,
    );
    expect(ended.state).not.toBe('succeeded');
    expect(heldBy('payments-key', 'token')).toBe(kept);
    if (ended.state === 'waiting-for-approval') await alice.request('POST', `/plans/${plan.id}/cancel`);
    expect((await approved(await alice.planFor(write))).state).toBe('succeeded');
    expect(heldBy('payments-key', 'token')).toBe(renewed);
  });

  it('opens under a new master key, and is not there for another environment', async () => {
    const scaled = await approved(await alice.planFor('scale checkout to 5 in staging'));
    expect(scaled.state).toBe('succeeded');
    const rotated = await team.reign.cli('credential', 'rotate', '--as', 'ada');
    expect(rotated.stdout).toMatch(/2 sealed values are wrapped by the master key/);
    const { body: undone } = await alice.request<{ plan: string }>('POST', `/plans/${scaled.id}/undo`);
    const back = await alice.until(undone.plan, ({ state }) => planEnded(state));
    expect([back.state, team.replicas('staging', 'checkout')]).toEqual(['succeeded', 3]);
    expect((await approved(await alice.planFor(write))).state).toBe('succeeded');
    const { body } = await alice.entryFor(write.replace('staging', 'production'));
    expect(JSON.stringify(body)).toMatch(/No secret vault:partner is kept for production/);
  });

  it('may be kept and listed by those alone who may', async () => {
    const body = { name: 'mine', value: 'x' };
    expect((await alice.request('POST', '/credentials', body)).status).toBe(403);
    expect((await alice.request('GET', '/credentials')).status).toBe(403);
  });
});

describe('a secret in chat', () => {
  it('is refused, told to its author, and not kept', async () => {
    const { body } = await alice.entryFor(`please use the token ${found} for the registry in staging`);
    expect(JSON.stringify(body)).toMatch(/credential set/);
    expect(JSON.stringify(body)).not.toContain(found);
  });
});

describe('a secret that a look has found', () => {
  const plant = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'planted-token', namespace: 'shop' },
    involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'shop' },
    ...{ reason: 'Login', type: 'Warning', message: `registry login failed with token ${found}`, count: 1 },
    firstTimestamp: new Date().toISOString(),
    lastTimestamp: new Date().toISOString(),
  };
  const look = calls(['kubernetes__events', { name: 'web', environment: 'staging' }]);
  const nameIn = (text: string) => /⟦found:([\w.-]+)⟧/.exec(text)?.[1] ?? 'none';
  const proposal = (request: object) =>
    calls([
      'propose_plan',
      { goal: 'as asked', steps: [{ key: 'a', operation: 'kubernetes.set_secret', request }] },
    ]);
  let name: string;

  it('reaches the model as a name, and is written by that name once its author agrees', async () => {
    kubectl(JSON.stringify(plant), 'apply', '-f', '-');
    const request = { name: 'payments-key', namespace: 'shop', key: 'registry', environment: 'staging' };
    model.script('why does the registry login of web', [
      look,
      ({ messages }) => {
        name = nameIn(textOf(messages.at(-1)));
        return proposal({ ...request, secret: `found:${name}` });
      },
    ]);
    const said =
      'why does the registry login of web in staging fail? put what it uses into key registry of secret payments-key in namespace shop';
    const { body } = await alice.entryFor(said);
    expect(JSON.stringify(model.requests('why does the registry login'))).not.toContain(found);
    if (body.kind !== 'question') throw new Error(JSON.stringify(body));
    expect(body.text).toMatch(/You did not say this yourself/);
    const view = () => alice.request<{ plans: { id: string }[] }>('GET', '/plans');
    const before = (await view()).body.plans.length;
    await alice.request('POST', `/questions/${body.questionId}/answer`, { option: 0 });
    await expect.poll(async () => (await view()).body.plans.length, { timeout: 15_000 }).toBe(before + 1);
    const [newest] = await team.sql<{ id: string }>('select id from plans order by created_at desc limit 1');
    const plan = await alice.until(newest?.id ?? '', ({ state }) => state === 'waiting-for-approval');
    expect(JSON.stringify(plan)).not.toContain(found);
    expect((await approved(plan)).state).toBe('succeeded');
    expect(heldBy('payments-key', 'registry')).toBe(found);
  });

  it('is restored in no other environment, and in no field but one for secrets', async () => {
    const request = { name: 'payments-key', namespace: 'shop', key: 'registry', environment: 'production' };
    model.script('copy it to production', [proposal({ ...request, secret: `found:${name}` }), answer('no')]);
    const { body } = await alice.entryFor(
      `copy it to production: found:${name} into key registry of payments-key in namespace shop, as you think best`,
    );
    expect(JSON.stringify(body)).not.toContain(found);
    const plans = await team.sql<{ state: string }>(
      `select p.state from plans p join steps s on s.plan_id = p.id where s.environment = 'production' and s.input::text like $1`,
      [`%${name}%`],
    );
    expect(plans.filter(({ state }) => state === 'succeeded')).toEqual([]);
    const elsewhere = { name: 'web', environment: 'staging', image: `registry.demo/web:⟦found:${name}⟧` };
    const step = { key: 'a', operation: 'kubernetes.set_image', request: elsewhere };
    model.script('as an image', [calls(['propose_plan', { goal: 'x', steps: [step] }]), answer('no')]);
    const asked = await alice.entryFor(`use it as an image for web in staging, if that helps`);
    expect(JSON.stringify(asked.body)).not.toContain(found);
    expect(kubectl('', 'get', 'deploy', 'web', '-o', 'yaml')).not.toContain(found);
  });
});

describe('everything that Reign keeps, says and runs', () => {
  const forms = (secret: string) => [
    secret,
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
    encodeURIComponent(secret),
  ];
  const leaksIn = (text: string) =>
    [kept, renewed, found].flatMap(forms).filter((form) => text.includes(form));

  it('holds none of these secrets: Postgres, Redis, output, audit, arguments and environments', async () => {
    const tables = await team.sql<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'public'`,
    );
    expect(tables.length).toBeGreaterThan(15);
    for (const { name } of tables) {
      const rows = await team.sql<{ row: string }>(`select t::text as row from ${name} t`);
      expect([name, leaksIn(rows.map(({ row }) => row).join('\n'))]).toEqual([name, []]);
    }
    const redis = new Redis(team.reign.redis.url);
    for (const key of await redis.keys('*')) expect(leaksIn(String(await redis.dump(key)) + key)).toEqual([]);
    await redis.quit();
    const audit = await team.reign.cli('audit', '--limit', '1000', '--json');
    expect(leaksIn([...output, audit.stdout, team.process.output()].join('\n'))).toEqual([]);
    const log = readOf(path.join(team.reign.dataDir, 'logs', 'reign.log'));
    expect(log).toContain('a message was stored');
    expect(leaksIn(log)).toEqual([]);
    const metrics = await (await fetch(`${team.url}/metrics`)).text();
    expect(metrics).toMatch(/^reign_llm_tokens_total\{model="claude-sonnet-5-5",kind="output"\} \d/m);
    expect(leaksIn(metrics)).toEqual([]);
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (pid === String(process.pid)) continue;
      expect(leaksIn(readOf(`/proc/${pid}/cmdline`) + readOf(`/proc/${pid}/environ`))).toEqual([]);
    }
  });
});

describe('traces', () => {
  it('tell of a model’s calls what they used, and nothing that was said, nor any secret', async () => {
    const said = () => receiver.requests.map(({ body }) => body.toString()).join('\n');
    await expect.poll(() => receiver.spans().map(({ name }) => name)).toContain('chat claude-sonnet-5-5');
    // The double counts no tokens, and fails turns that nobody has scripted.
    const chat = receiver.spans().find(({ attributes }) => 'gen_ai.response.finish_reasons' in attributes);
    expect(chat?.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': 'claude-sonnet-5-5',
      'gen_ai.usage.output_tokens': expect.any(Number),
      'gen_ai.response.finish_reasons': ['calls'],
    });
    const thinking = receiver.spans().find(({ spanId }) => spanId === chat?.parentSpanId);
    expect([thinking?.name, thinking?.traceId]).toEqual(['think', chat?.traceId]);
    expect(
      receiver
        .spans()
        .filter(({ traceId }) => traceId === chat?.traceId)
        .map(({ name }) => name),
    ).toEqual(
      expect.arrayContaining(['receive message', 'look around', 'execute kubernetes.events', 'admit plan']),
    );
    for (const secret of [kept, renewed, found, 'sk-test']) expect(said()).not.toContain(secret);
    expect(said()).not.toMatch(/registry login|as you think best/);
  });
});

function readOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
